"""Logins and one's own account, as Wagtail loads them."""

from django.urls import path
from wagtail import hooks

from articles.admin.accounts.away import AwayPanel
from articles.admin.accounts.handing_over import HandOverView
from articles.admin.accounts.letters import LettersPanel
from articles.admin.accounts.logins import (
    AssignRole,
    SetActiveState,
    hand_over_buttons,
    invite,
    refuse_to_delete_logins,
)
from articles.admin.accounts.password import PasswordPanel

hooks.register("before_bulk_action", refuse_to_delete_logins)
hooks.register("before_delete_user", refuse_to_delete_logins)
hooks.register("after_create_user", invite)
hooks.register("register_user_listing_buttons", hand_over_buttons)
for bulk_action in (SetActiveState, AssignRole):
    hooks.register("register_bulk_action", bulk_action, order=1)  # after Wagtail's, in whose place it stands
hooks.register("register_account_settings_panel", AwayPanel)
hooks.register("register_account_settings_panel", LettersPanel)
hooks.register("register_account_settings_panel", PasswordPanel)


@hooks.register("register_admin_urls")
def accounts_urls():
    return [path("logins/<int:pk>/hand-over/", HandOverView.as_view(), name="articles_hand_over")]
