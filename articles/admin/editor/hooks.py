"""The article editor, its lists and its buttons, as Wagtail loads them."""

from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html, format_html_join
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature, PluginFeature
from wagtail.admin.widgets.button import Button

from articles.admin.draft_privacy import choosable
from articles.admin.editor import review_panel
from articles.admin.editor.buttons import article_buttons, component_buttons, review_buttons
from articles.admin.editor.citing import labels, sources_named
from articles.admin.editor.disabled_actions import refuse_bulk_action, refuse_to_delete_components
from articles.admin.editor.media import picture_words
from articles.admin.editor.viewsets import ArticleIndexViewSet, ArticleViewSet
from articles.authoring.rich_text.draftail import ANCHOR_RULE, CITATION_RULE, LINK_RULE
from articles.authoring.rich_text.features import ANCHOR, CITATION, LONGEST, PASTE, AnchorHandler, CitationHandler
from articles.record.vocabulary import Support

ENTITIES_JS = ["wagtailadmin/js/chooser-modal.js", "cms/entities.js"]
READ_JS = [f"cms/paste/{name}.js" for name in ("source", "footnotes", "lines", "tables", "read")]
PASTE_JS = [*READ_JS, *(f"cms/paste/{name}.js" for name in ("tell", "citations", "table_section", "editor"))]

hooks.register("construct_page_chooser_queryset", choosable)
hooks.register("before_bulk_action", refuse_bulk_action)
hooks.register("before_delete_snippet", refuse_to_delete_components)


@hooks.register("register_rich_text_features")
def register_citation(features) -> None:
    """The citation entity: stored, kept and indexed."""
    control = {
        "type": CITATION,
        "icon": "openquote",
        "description": "Citation",
        "attributes": ["sources", "support", "locator", "said"],
        "supports": Support.choices,
        "chooserUrl": reverse_lazy("wagtailsnippetchoosers_articles_source:choose"),
        "longest": LONGEST,
        "namedUrl": reverse_lazy("articles_sources_named"),
    }
    features.register_link_type(CitationHandler)
    features.register_editor_plugin("draftail", "citation", EntityFeature(control, js=ENTITIES_JS))
    features.register_converter_rule("contentstate", "citation", CITATION_RULE)


@hooks.register("register_rich_text_features", order=1)
def register_links(features) -> None:
    """The anchor to a section of the same article; and links of Wagtail's, of which none gets lost in the editor."""
    control = {
        "type": ANCHOR,
        "icon": "redirect",
        "description": "Link to a section",
        "attributes": ["section"],
    }
    features.register_link_type(AnchorHandler)
    features.register_editor_plugin("draftail", "anchor", EntityFeature(control, js=ENTITIES_JS))
    features.register_converter_rule("contentstate", "anchor", ANCHOR_RULE)
    features.register_converter_rule("contentstate", "link", LINK_RULE)


@hooks.register("register_rich_text_features")
def register_paste(features) -> None:
    """Reads what is pasted, so that no superscript and no cell of a table is lost."""
    features.register_editor_plugin("draftail", PASTE, PluginFeature({"type": "vetted-paste"}, js=PASTE_JS))


@hooks.register("register_admin_viewset")
def register_articles():
    return ArticleViewSet()


@hooks.register("register_admin_viewset")
def register_folders():
    return ArticleIndexViewSet()


@hooks.register("register_admin_urls")
def editor_urls():
    return [
        path("articles/<int:pk>/panel/", review_panel.refresh, name="articles_panel"),
        path("pictures/<int:pk>/words/", picture_words, name="articles_picture_words"),
        path("sources/labels/", labels, name="articles_source_labels"),
        path("sources/named/", sources_named, name="articles_sources_named"),
    ]


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None) -> list[Button]:
    return [*article_buttons(page, user), *review_buttons(page, user)]


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None) -> list[Button]:
    return article_buttons(page, user)


@hooks.register("register_snippet_listing_buttons")
def component_listing_buttons(snippet, user, next_url=None) -> list[Button]:
    return component_buttons(snippet, user)


@hooks.register("insert_editor_js")
def editor_js() -> str:
    url = reverse("articles_picture_words", args=[0])
    words = format_html('<script src="{}" data-url="{}"></script>', static("cms/picture_words.js"), url)
    paste = [(static(name),) for name in (*READ_JS, "cms/paste/plain.js")]
    return words + format_html_join("", '<script src="{}"></script>', paste)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
