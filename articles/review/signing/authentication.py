"""Fresh authentication at signing. A password typed now is the one means there is; others join MEANS.

Whatever the means: a failure counts towards lockout, and a success forgets the failures.
"""

from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest
from django.urls import reverse

from articles.errors import NotAuthenticated
from articles.review.signing import given_passwords, lockout

PASSWORD = "password"
REFUSED_GIVEN = (
    "Somebody else set your password, so it signs nothing. Nothing was signed. Ask for a link at {url}, set a password "
    "of your own by it, and sign with that."
)


class PasswordOfAnother(NotAuthenticated):
    """The password is right, and whoever set it knows it too. Source: 21 CFR 11.200(a)(2)."""

    code = "password-of-another"
    title = "This password does not sign."


class Means(Protocol):
    """A way for a logged-in person to show that it is they who sign. `refusal`: what to do when it failed."""

    refusal: str

    def confirms(self, user: User, given: Any, request: HttpRequest | None) -> bool:
        """Whether `given` (what the person typed, or a device or provider answered) is this user's."""


class Password:
    refusal = "The password is not right. Nothing was signed; type it again."

    def confirms(self, user: User, given: Any, request: HttpRequest | None) -> bool:
        found = authenticate(request, username=user.get_username(), password=given)
        return found is not None and found.pk == user.pk


MEANS: dict[str, Means] = {PASSWORD: Password()}


def confirm(user: User, given: Any, *, request: HttpRequest | None = None, means: str = PASSWORD) -> str:
    """The name of the means, for the sign-off. Source: 21 CFR 11.200(a)(1).

    Raises NotAuthenticated, PasswordOfAnother, LockedOut; then nothing may be signed.
    """
    recognize(user, given, request=request, means=means)
    if means == PASSWORD and given_passwords.is_given(user):
        raise PasswordOfAnother(REFUSED_GIVEN.format(url=settings.ADMIN_URL + reverse("wagtailadmin_password_reset")))
    return means


def recognize(user: User, given: Any, *, request: HttpRequest | None = None, means: str = PASSWORD) -> None:
    """That it is they, for whatever is no signature. Raises NotAuthenticated, LockedOut.

    Without a request (commands, tests) nothing is counted and nobody is locked out.
    """
    username = user.get_username()
    lockout.require_open(request, username)
    if not MEANS[means].confirms(user, given, lockout.confirming(request)):
        lockout.note_failure(request, username)
        raise NotAuthenticated(MEANS[means].refusal)
    lockout.note_success(request, username)


def confirm_password(user: User, password: str, *, request: HttpRequest | None = None) -> str:
    """`confirm` by a password typed now."""
    return confirm(user, password, request=request, means=PASSWORD)
