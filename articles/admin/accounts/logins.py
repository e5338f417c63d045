"""Logins in Wagtail's admin, where Wagtail's way would pass by the ledger, or send mail without end."""

import hashlib
from typing import Any

from django.core.cache import cache
from wagtail.admin.forms.auth import PasswordResetForm
from wagtail.users.views.bulk_actions import SetActiveStateBulkAction

from articles.review.signing.addresses import address_of

HOUR_S = 3600
MAILS_AN_HOUR = 3  # to one address
ASKED_AN_HOUR = 10  # from one address: a hospital's people share one


class SetActiveState(SetActiveStateBulkAction):
    """Wagtail's, saving one login after the other: what is updated at once, nobody writes down."""

    @classmethod
    def execute_action(
        cls, objects: Any, mark_as_active: bool = False, user: Any = None, **kwargs: Any
    ) -> tuple[int, int]:
        others = [login for login in objects if user is None or login.pk != user.pk]
        for login in others:
            login.is_active = mark_as_active
            login.save(update_fields=["is_active"])
        return len(others), 0


class LimitedPasswordResetForm(PasswordResetForm):
    """Wagtail's, with a few mails an hour. The answer is the same with and without: it tells of no login."""

    def save(self, *args: Any, **options: Any) -> None:
        request, email = options.get("request"), self.cleaned_data["email"].casefold()
        if request and _count(f"from:{address_of(request)}") > ASKED_AN_HOUR:
            return
        if _count(f"to:{email}") <= MAILS_AN_HOUR:
            super().save(*args, **options)


def _count(whose: str) -> int:
    """How often within the hour that began with the first time, this one included."""
    key = f"password-reset:{hashlib.sha256(whose.encode()).hexdigest()}"
    cache.add(key, 0, HOUR_S)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two
        cache.set(key, 1, HOUR_S)
        return 1
