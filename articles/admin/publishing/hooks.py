"""The verbs after publication, as Wagtail loads them: withdraw, refile, schedule, void, safety notices."""

from typing import cast

from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest
from django.urls import path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from articles.admin.publishing.bulk import ManyView, ReturnView, WithdrawManyView
from articles.admin.publishing.notices import ConfirmNoticeView, LiftNoticeView, NoticesView
from articles.admin.publishing.schedule import PublishLaterView, WithdrawLaterView, cancel
from articles.admin.publishing.views import RefileView, WithdrawComponentView, WithdrawView
from articles.admin.publishing.void import VoidView
from articles.admin.publishing.void_since import VoidSinceView


@hooks.register("register_admin_urls")
def publishing_urls():
    return [
        path("articles/<int:pk>/withdraw/", WithdrawView.as_view(), name="articles_withdraw"),
        path("withdraw/<str:kind>/<int:pk>/", WithdrawComponentView.as_view(), name="articles_withdraw_component"),
        path("withdraw-many/", WithdrawManyView.as_view(), name="articles_withdraw_many"),
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


class MenuItemFor(MenuItem):
    """A menu item shown only to the people whom its page is for."""

    def __init__(self, view: type[ManyView], url_name: str, order: int) -> None:
        super().__init__(view.page_title, reverse_lazy(url_name), icon_name=view.header_icon, order=order)
        self.is_for = view.is_for

    def is_shown(self, request: HttpRequest) -> bool:
        return self.is_for(cast(User, request.user))


@hooks.register("register_admin_menu_item")
def notices_menu_item():
    return MenuItemFor(NoticesView, "articles_notices", order=160)


@hooks.register("register_admin_menu_item")
def withdraw_many_menu_item():
    return MenuItemFor(WithdrawManyView, "articles_withdraw_many", order=170)


@hooks.register("register_admin_menu_item")
def return_menu_item():
    return MenuItemFor(ReturnView, "articles_return", order=180)
