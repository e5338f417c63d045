"""What Wagtail's admin loads: one line for each thing that `articles.admin` shows."""

from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature

from articles.authoring.rich_text import CITATION, CitationHandler
from articles.authoring.rich_text_editor import CONVERTER_RULE


@hooks.register("register_rich_text_features")
def register_citation(features) -> None:
    """The citation entity: stored, kept and indexed. Its dialog comes with the authoring issue."""
    attributes = ["sources", "support", "locator"]
    control = {"type": CITATION, "icon": "openquote", "description": "Citation", "attributes": attributes}
    features.register_link_type(CitationHandler)
    features.register_editor_plugin("draftail", "citation", EntityFeature(control, js=["cms/citation.js"]))
    features.register_converter_rule("contentstate", "citation", CONVERTER_RULE)
