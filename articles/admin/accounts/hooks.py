"""Logins and one's own account, as Wagtail loads them."""

from django.http import HttpRequest
from django.urls import path, reverse
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
from articles.admin.accounts.passkeys import PasskeysView, PeoplesPasskeysView
from articles.admin.accounts.password import PasswordPanel
from articles.admin.menu import MenuItemFor

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
    return [
        path("logins/<int:pk>/hand-over/", HandOverView.as_view(), name="articles_hand_over"),
        path("account/passkeys/", PasskeysView.as_view(), name="articles_passkeys"),
        path("passkeys/", PeoplesPasskeysView.as_view(), name="articles_peoples_passkeys"),
    ]


@hooks.register("register_account_menu_item")
def own_passkeys(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("articles_passkeys"),
        "label": "Your passkeys",
        "help_text": "Sign with the fingerprint, face or PIN of your device, and see who confirmed your passkeys.",
    }


@hooks.register("register_admin_menu_item")
def peoples_passkeys() -> MenuItemFor:
    is_for = PeoplesPasskeysView.is_for
    return MenuItemFor("Passkeys", "articles_peoples_passkeys", is_for=is_for, icon_name="key", order=165)
