"""The verbs after publication, as Wagtail loads them: withdraw, refile, schedule, void, safety notices."""

from django.urls import path, reverse_lazy
from wagtail import hooks

from articles.admin.publishing.bulk import LiftNoticeView, NoticesView, PermittedMenuItem, WithdrawManyView
from articles.admin.publishing.schedule import PublishLaterView, WithdrawLaterView, cancel
from articles.admin.publishing.views import RefileView, WithdrawComponentView, WithdrawView
from articles.admin.publishing.void import VoidView
from articles.authoring.permissions import MAY_NOTICE


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
    return PermittedMenuItem(WithdrawManyView.permission, "Withdraw articles", url, icon_name="no-view", order=170)
