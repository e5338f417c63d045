"""The verbs after publication, as Wagtail loads them: withdraw, refile, schedule, void, safety notices."""

from django.urls import path
from wagtail import hooks

from articles.admin.menu import MenuItemFor
from articles.admin.publishing.bulk import ManyView, ReturnView, WithdrawManyView
from articles.admin.publishing.notices import ConfirmNoticeView, LiftNoticeView, NoticesView
from articles.admin.publishing.replace import ReplaceManyView
from articles.admin.publishing.schedule import PublishLaterView, WithdrawLaterView, cancel
from articles.admin.publishing.views import CorrectView, RefileView, WithdrawComponentView, WithdrawView
from articles.admin.publishing.void import VoidView
from articles.admin.publishing.void_since import VoidSinceView
from articles.publishing.upkeep.correcting import BEGAN


@hooks.register("register_admin_urls")
def publishing_urls():
    return [
        path("articles/<int:pk>/withdraw/", WithdrawView.as_view(), name="articles_withdraw"),
        path("withdraw/<str:kind>/<int:pk>/", WithdrawComponentView.as_view(), name="articles_withdraw_component"),
        path("withdraw-many/", WithdrawManyView.as_view(), name="articles_withdraw_many"),
        path("replace-many/", ReplaceManyView.as_view(), name="articles_replace_many"),
        path("articles/<int:pk>/correct/", CorrectView.as_view(), name="articles_correct"),
        path("articles/<int:pk>/refile/", RefileView.as_view(), name="articles_refile"),
        path("articles/<int:pk>/publish-later/", PublishLaterView.as_view(), name="articles_publish_later"),
        path("articles/<int:pk>/withdraw-later/", WithdrawLaterView.as_view(), name="articles_withdraw_later"),
        path("articles/<int:pk>/schedule/<int:key>/cancel/", cancel, name="articles_schedule_cancel"),
        path("sign-offs/<int:pk>/void/", VoidView.as_view(), name="articles_void"),
        path("logins/<int:pk>/void-sign-offs/", VoidSinceView.as_view(), name="articles_void_since"),
        path("safety-notices/", NoticesView.as_view(), name="articles_notices"),
        path("return-articles/", ReturnView.as_view(), name="articles_return"),
        path("safety-notices/<uuid:notice>/confirm/", ConfirmNoticeView.as_view(), name="articles_notices_confirm"),
        path("safety-notices/<uuid:notice>/lift/", LiftNoticeView.as_view(), name="articles_notices_lift"),
    ]


def _item(view: type[ManyView], url_name: str, order: int) -> MenuItemFor:
    label = view.menu_label or view.page_title
    return MenuItemFor(label, url_name, is_for=view.is_for, icon_name=view.header_icon, order=order)


@hooks.register("register_admin_menu_item")
def replace_many_menu_item():
    return _item(ReplaceManyView, "articles_replace_many", order=155)


@hooks.register("register_admin_menu_item")
def notices_menu_item():
    return _item(NoticesView, "articles_notices", order=160)


@hooks.register("register_admin_menu_item")
def withdraw_many_menu_item():
    return _item(WithdrawManyView, "articles_withdraw_many", order=170)


@hooks.register("register_admin_menu_item")
def return_menu_item():
    return _item(ReturnView, "articles_return", order=180)


@hooks.register("register_log_actions")
def correction_in_the_history(actions):
    actions.register_action(BEGAN, "Begin a correction", "Began a correction with the published text")
