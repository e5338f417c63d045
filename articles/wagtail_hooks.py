"""What Wagtail's admin loads: a few lines for each thing that `articles.admin` shows."""

from django.templatetags.static import static
from django.urls import path, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from articles.admin import panel
from articles.admin.articles import ArticleIndexViewSet, ArticleViewSet
from articles.admin.buttons import article_buttons, component_buttons
from articles.admin.by_hand import refuse_bulk_action, refuse_to_delete_components
from articles.admin.home import WaitingForMe
from articles.admin.schedule import PublishLaterView, WithdrawLaterView, cancel
from articles.admin.sign_off import SignOffView
from articles.admin.snippets import Library
from articles.admin.verbs import RefileView, WithdrawView
from articles.authoring.rich_text import CITATION, CitationHandler
from articles.authoring.rich_text_editor import CONVERTER_RULE

register_snippet(Library)

CHOOSER_JS = ["wagtailadmin/js/chooser-modal.js", "cms/citation.js"]


@hooks.register("register_rich_text_features")
def register_citation(features) -> None:
    """The citation entity: stored, kept and indexed. Its own dialog comes with the authoring issue."""
    control = {
        "type": CITATION,
        "icon": "openquote",
        "description": "Citation",
        "attributes": ["sources", "support", "locator"],
        "chooserUrl": reverse_lazy("wagtailsnippetchoosers_articles_source:choose"),
    }
    features.register_link_type(CitationHandler)
    features.register_editor_plugin("draftail", "citation", EntityFeature(control, js=CHOOSER_JS))
    features.register_converter_rule("contentstate", "citation", CONVERTER_RULE)


@hooks.register("register_admin_viewset")
def register_articles():
    return ArticleViewSet()


@hooks.register("register_admin_viewset")
def register_folders():
    return ArticleIndexViewSet()


hooks.register("before_bulk_action", refuse_bulk_action)
hooks.register("before_delete_snippet", refuse_to_delete_components)


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("sign-off/<str:kind>/<int:pk>/", SignOffView.as_view(), name="articles_sign_off"),
        path("articles/<int:pk>/withdraw/", WithdrawView.as_view(), name="articles_withdraw"),
        path("articles/<int:pk>/refile/", RefileView.as_view(), name="articles_refile"),
        path("articles/<int:pk>/publish-later/", PublishLaterView.as_view(), name="articles_publish_later"),
        path("articles/<int:pk>/withdraw-later/", WithdrawLaterView.as_view(), name="articles_withdraw_later"),
        path("articles/<int:pk>/schedule/<int:key>/cancel/", cancel, name="articles_schedule_cancel"),
        path("articles/<int:pk>/panel/", panel.refresh, name="articles_panel"),
    ]


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels) -> None:
    """In place of Wagtail's own list, which knows approvals but no signatures."""
    panels[:] = [shown for shown in panels if type(shown).__name__ != "WorkflowObjectsToModeratePanel"]
    panels.append(WaitingForMe())


@hooks.register("register_page_header_buttons")
def header_buttons(page, user, view_name, next_url=None) -> list[Button]:
    return article_buttons(page, user)


@hooks.register("register_page_listing_more_buttons")
def listing_buttons(page, user, next_url=None) -> list[Button]:
    return article_buttons(page, user)


@hooks.register("register_snippet_listing_buttons")
def component_listing_buttons(snippet, user, next_url=None) -> list[Button]:
    return component_buttons(snippet, user)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
