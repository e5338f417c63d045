"""Authentication at signing. The only means so far is the password, entered again; others can be added to MEANS.

django-axes counts failures here and at the login page together, by login and address. Its middleware answers requests
of a locked login, regardless of the view.
"""

from typing import Any, Protocol

from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest

from articles.addresses import address_of
from articles.errors import NotAuthenticated

PASSWORD = "password"


class Means(Protocol):
    """A way to authenticate a logged-in person when they sign. `refusal`: the message when it fails."""

    refusal: str

    def confirms(self, user: User, given: Any, request: HttpRequest) -> bool:
        """Whether `given` (typed by the person, or sent by a device or provider) authenticates this user."""


class Password:
    refusal = "The password is not right. Nothing was signed; type it again."

    def confirms(self, user: User, given: Any, request: HttpRequest) -> bool:
        found = authenticate(request, username=user.get_username(), password=given)
        return found is not None and found.pk == user.pk


MEANS: dict[str, Means] = {PASSWORD: Password()}


def confirm(user: User, given: Any, *, request: HttpRequest | None = None, means: str = PASSWORD) -> str:
    """Authenticate the user; returns the name of the means, for the sign-off. Source: 21 CFR 11.200(a)(1).

    Raises NotAuthenticated; then nothing may be signed. Do not call it inside a transaction, because a refusal would
    roll back the count of failures. Commands have no request, so their failures count without an address.
    """
    request = request or HttpRequest()
    if not MEANS[means].confirms(user, given, request):
        raise NotAuthenticated(MEANS[means].refusal)
    reset(username=user.get_username(), ip=address_of(request))
    return means


def confirm_password(user: User, password: str, *, request: HttpRequest | None = None) -> str:
    """`confirm` with the password."""
    return confirm(user, password, request=request, means=PASSWORD)
