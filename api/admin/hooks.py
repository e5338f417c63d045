"""The keys' pages, as Wagtail loads them. The delivery process never imports this folder."""

from django.urls import path, reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from api.admin.views import CreateKeyView, KeyListView, RevokeKeyView
from api.admin.withdrawals import MAY_REPORT, WithdrawalsView


class SuperuserMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.is_superuser


class ReportMenuItem(MenuItem):
    def is_shown(self, request) -> bool:
        return request.user.has_perm(MAY_REPORT)


@hooks.register("register_admin_urls")
def key_urls():
    return [
        path("api-keys/", KeyListView.as_view(), name="api_keys"),
        path("api-keys/create/", CreateKeyView.as_view(), name="api_keys_create"),
        path("api-keys/<int:pk>/revoke/", RevokeKeyView.as_view(), name="api_keys_revoke"),
        path("reports/withdrawals/", WithdrawalsView.as_view(), name="api_keys_withdrawals"),
    ]


@hooks.register("register_settings_menu_item")
def keys_menu_item():
    return SuperuserMenuItem("API keys", reverse_lazy("api_keys"), name="api-keys", icon_name="key", order=900)


@hooks.register("register_reports_menu_item")
def withdrawals_menu_item():
    url = reverse_lazy("api_keys_withdrawals")
    return ReportMenuItem(WithdrawalsView.page_title, url, name="withdrawals", icon_name="no-view", order=110)
