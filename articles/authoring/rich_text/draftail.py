"""How Draftail loads and saves a citation. Apart from features.py, since it needs Wagtail's models loaded."""

from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import InlineEntityElementHandler

from articles.authoring.rich_text.features import CITATION


class CitationElementHandler(InlineEntityElementHandler):
    """Stored form -> Draftail entity."""

    mutability = "IMMUTABLE"

    def __init__(self) -> None:
        super().__init__(CITATION)

    def get_attribute_data(self, attrs: dict) -> dict:
        return {name: attrs.get(name, "") for name in ("sources", "support", "locator")}


def citation_entity(props: dict):
    """Draftail entity -> stored form."""
    attrs = {name: props.get(name) or "" for name in ("sources", "support", "locator")}
    return DOM.create_element("a", {"linktype": "citation"} | attrs, props["children"])


CONVERTER_RULE = {
    "from_database_format": {'a[linktype="citation"]': CitationElementHandler()},
    "to_database_format": {"entity_decorators": {CITATION: citation_entity}},
}
