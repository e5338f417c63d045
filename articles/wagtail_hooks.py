"""What Wagtail's admin loads: a few lines for each thing that `articles.admin` shows."""

from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.admin.widgets.button import Button
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from articles.admin.accounts.away import AwayPanel
from articles.admin.accounts.logins import AssignRole, SetActiveState, invite, refuse_to_delete_logins
from articles.admin.accounts.password import PasswordPanel
from articles.admin.draft_privacy import choosable
from articles.admin.editor import review_panel
from articles.admin.editor.buttons import article_buttons, component_buttons, review_buttons
from articles.admin.editor.disabled_actions import refuse_bulk_action, refuse_to_delete_components
from articles.admin.editor.media import picture_words
from articles.admin.editor.viewsets import ArticleIndexViewSet, ArticleViewSet
from articles.admin.evidence.timeline import TimelineView, timeline_buttons
from articles.admin.evidence.views import download
from articles.admin.home import panels as home
from articles.admin.library.views import (
    PEOPLE,
    POLICIES,
    ConfirmPersonView,
    RecordedDeleteMany,
    refuse_to_delete_what_policies_need,
    warn_after_saving,
)
from articles.admin.library.viewsets import Library
from articles.admin.publishing.bulk import LiftNoticeView, NoticesView, PermittedMenuItem, WithdrawManyView
from articles.admin.publishing.schedule import PublishLaterView, WithdrawLaterView, cancel
from articles.admin.publishing.views import RefileView, WithdrawComponentView, WithdrawView
from articles.admin.publishing.void import VoidView
from articles.admin.reports.base import make_exports_harmless
from articles.admin.reports.menu import report_menu_items, report_urls
from articles.admin.sign_off.assign import AssignView, take
from articles.admin.sign_off.emergency import EmergencyView
from articles.admin.sign_off.reaffirm import ReaffirmView
from articles.admin.sign_off.suggestions import SuggestionsView, SuggestView
from articles.admin.sign_off.views import SignOffView
from articles.authoring.people import Person
from articles.authoring.permissions import MAY_NOTICE
from articles.authoring.rich_text import CITATION, CitationHandler
from articles.authoring.rich_text_editor import CONVERTER_RULE
from articles.review.models import Policy

register_permission_policy(Person, PEOPLE, exact_class=True)
register_permission_policy(Policy, POLICIES, exact_class=True)
register_snippet(Library)

make_exports_harmless()

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


hooks.register("construct_page_chooser_queryset", choosable)
hooks.register("before_bulk_action", refuse_bulk_action)
hooks.register("before_delete_snippet", refuse_to_delete_components)
hooks.register("before_delete_snippet", refuse_to_delete_what_policies_need)
hooks.register("after_create_snippet", warn_after_saving)
hooks.register("after_edit_snippet", warn_after_saving)
hooks.register("before_bulk_action", refuse_to_delete_logins)
hooks.register("before_delete_user", refuse_to_delete_logins)
hooks.register("after_create_user", invite)
for bulk_action in (SetActiveState, AssignRole, RecordedDeleteMany):
    hooks.register("register_bulk_action", bulk_action, order=1)  # after Wagtail's, in whose place it stands
hooks.register("register_account_settings_panel", AwayPanel)
hooks.register("register_account_settings_panel", PasswordPanel)


@hooks.register("register_admin_urls")
def register_urls():
    return [
        path("sign-off/<str:kind>/<int:pk>/", SignOffView.as_view(), name="articles_sign_off"),
        path("sign-off/article/<int:pk>/suggest/<path:section>/", SuggestView.as_view(), name="articles_suggest"),
        path("articles/<int:pk>/suggestions/", SuggestionsView.as_view(), name="articles_suggestions"),
        path("articles/<int:pk>/withdraw/", WithdrawView.as_view(), name="articles_withdraw"),
        path("withdraw/<str:kind>/<int:pk>/", WithdrawComponentView.as_view(), name="articles_withdraw_component"),
        path("articles/<int:pk>/refile/", RefileView.as_view(), name="articles_refile"),
        path("articles/<int:pk>/publish-later/", PublishLaterView.as_view(), name="articles_publish_later"),
        path("articles/<int:pk>/withdraw-later/", WithdrawLaterView.as_view(), name="articles_withdraw_later"),
        path("articles/<int:pk>/schedule/<int:key>/cancel/", cancel, name="articles_schedule_cancel"),
        path("articles/<int:pk>/panel/", review_panel.refresh, name="articles_panel"),
        path("pictures/<int:pk>/words/", picture_words, name="articles_picture_words"),
        path("assign/<str:kind>/<int:pk>/", AssignView.as_view(), name="articles_assign"),
        path("take/<str:kind>/<int:pk>/", take, name="articles_take"),
        path("people/<int:pk>/confirm/", ConfirmPersonView.as_view(), name="articles_confirm_person"),
    ]


@hooks.register("register_admin_urls")
def register_urls_of_what_cannot_wait():
    return [
        path("articles/<int:pk>/reaffirm/", ReaffirmView.as_view(), name="articles_reaffirm"),
        path("articles/<int:pk>/emergency/", EmergencyView.as_view(), name="articles_emergency"),
        path("sign-offs/<int:pk>/void/", VoidView.as_view(), name="articles_void"),
        path("withdraw-many/", WithdrawManyView.as_view(), name="articles_withdraw_many"),
        path("safety-notices/", NoticesView.as_view(), name="articles_notices"),
        path("safety-notices/<uuid:notice>/lift/", LiftNoticeView.as_view(), name="articles_notices_lift"),
    ]


@hooks.register("register_admin_menu_item")
def notices_menu_item():
    return PermittedMenuItem(
        MAY_NOTICE, "Safety notices", reverse_lazy("articles_notices"), icon_name="warning", order=160
    )


@hooks.register("register_admin_menu_item")
def withdraw_many_menu_item():
    url = reverse_lazy("articles_withdraw_many")
    return PermittedMenuItem(WithdrawManyView.permission, "Withdraw many", url, icon_name="no-view", order=170)


hooks.register("register_admin_urls", report_urls)
for report_menu_item in report_menu_items():
    hooks.register("register_reports_menu_item", lambda item=report_menu_item: item)


@hooks.register("register_admin_urls")
def register_history_urls():
    return [
        path("articles/<int:pk>/timeline/", TimelineView.as_view(), name="articles_timeline"),
        path("articles/<int:pk>/evidence/", download, name="articles_evidence"),
    ]


@hooks.register("register_page_header_buttons")
def timeline_header_buttons(page, user, view_name, next_url=None) -> list[Button]:
    return timeline_buttons(page, user)


hooks.register("register_admin_urls", home.urls)


@hooks.register("construct_homepage_panels")
def show_what_waits(request, panels) -> None:
    """In place of Wagtail's own list, which knows approvals but no signatures."""
    panels[:] = home.arrange(panels)


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
def picture_words_js() -> str:
    script, url = static("cms/picture_words.js"), reverse("articles_picture_words", args=[0])
    return format_html('<script src="{}" data-url="{}"></script>', script, url)


@hooks.register("insert_global_admin_css")
def admin_css() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))
