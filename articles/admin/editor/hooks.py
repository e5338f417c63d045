"""The article editor, its lists and its buttons, as Wagtail loads them."""

from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html, format_html_join, json_script
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature, PluginFeature
from wagtail.admin.widgets.button import Button

from articles.admin.draft_privacy import choosable
from articles.admin.editor import review_panel
from articles.admin.editor.buttons import article_buttons, component_buttons, review_buttons
from articles.admin.editor.citing import (
    CITING_CSS,
    DIALOG_JS,
    CitationFeature,
    dialog_options,
    labels,
    sources_named,
)
from articles.admin.editor.codes import codes
from articles.admin.editor.disabled_actions import refuse_bulk_action, refuse_to_delete_components
from articles.admin.editor.media import picture_words
from articles.admin.editor.new_article import NewArticle, NewArticlePanel, section_help
from articles.admin.editor.replacing import ReplaceView, replacing_buttons
from articles.admin.editor.streams import article_body  # noqa: F401 - registers how the sections are drawn
from articles.admin.editor.translating.views import MarkView, TranslateView, translate_button
from articles.admin.editor.viewsets import ArticleIndexViewSet, ArticleViewSet
from articles.authoring.rich_text.draftail import ANCHOR_RULE, CITATION_RULE, LINK_RULE
from articles.authoring.rich_text.features import ANCHOR, CITATION, PASTE, AnchorHandler, CitationHandler
from articles.publishing.translating.translate import MARKED

CITATION_JS = [*DIALOG_JS, "cms/citing/text.js"]
ANCHOR_JS = [*CITATION_JS, "cms/citing/anchor.js"]
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
        **dialog_options(),
        "namedUrl": reverse_lazy("articles_sources_named"),
    }
    features.register_link_type(CitationHandler)
    features.register_editor_plugin("draftail", "citation", CitationFeature(control, js=CITATION_JS, css=CITING_CSS))
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
    features.register_editor_plugin("draftail", "anchor", EntityFeature(control, js=ANCHOR_JS))
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
        path("articles/new/", NewArticle.as_view(), name="articles_new"),
        path("articles/<int:pk>/panel/", review_panel.refresh, name="articles_panel"),
        path("articles/<int:pk>/replace-source/", ReplaceView.as_view(), name="articles_replace_source"),
        path("articles/<int:pk>/translate/", TranslateView.as_view(), name="articles_translate"),
        path("articles/<int:pk>/up-to-date/", MarkView.as_view(), name="articles_up_to_date"),
        path("pictures/<int:pk>/words/", picture_words, name="articles_picture_words"),
        path("codes/", codes, name="articles_codes"),
        path("sources/labels/", labels, name="articles_source_labels"),
        path("sources/named/", sources_named, name="articles_sources_named"),
    ]


@hooks.register("register_log_actions")
def translations_in_the_history(actions) -> None:
    said = "Marked as up to date with the original"
    actions.register_action(MARKED, "Mark a translation as up to date", said)


@hooks.register("construct_homepage_panels", order=1)  # after the start page has arranged its own
def show_how_to_begin(request, shown) -> None:
    shown.append(NewArticlePanel())


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None) -> list[Button]:
    shown = [*article_buttons(page, user), *review_buttons(page, user)]
    return [*shown, *replacing_buttons(page, user), *translate_button(page, user)]


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None) -> list[Button]:
    return [*article_buttons(page, user), *translate_button(page, user)]


@hooks.register("register_snippet_listing_buttons")
def component_listing_buttons(snippet, user, next_url=None) -> list[Button]:
    return component_buttons(snippet, user)


@hooks.register("insert_editor_js")
def editor_js() -> str:
    url = reverse("articles_picture_words", args=[0])
    words = format_html('<script src="{}" data-url="{}"></script>', static("cms/picture_words.js"), url)
    listed = format_html(
        '<script src="{}" data-url="{}"></script>', static("cms/blocks/codes.js"), reverse("articles_codes")
    )
    plain = (
        "cms/paste/plain.js",
        "cms/section_help.js",
        "cms/autosave.js",
        "cms/mended.js",
        "cms/blocks/counters.js",
        "cms/blocks/headers.js",
    )
    said = json_script(section_help(), "vetted-section-help")
    scripts = format_html_join("", '<script src="{}"></script>', [(static(name),) for name in (*READ_JS, *plain)])
    return words + said + listed + scripts


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    sheets = ("articles/colours.css", "cms/admin.css", "cms/blocks/blocks.css")
    return format_html_join("", '<link rel="stylesheet" href="{}">', ((static(name),) for name in sheets))


@hooks.register("insert_global_admin_js")
def admin_js() -> str:
    return format_html('<script src="{}"></script>', static("cms/names.js"))
