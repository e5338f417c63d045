"""Fresh authentication at signing. A password typed now is the one means there is; others join MEANS.

django-axes counts each failure, at the login page and here together, by login and address. Its middleware answers for
a login that is locked, whatever the view made of the refusal.
"""

from typing import Any, Protocol

from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest

from articles.errors import NotAuthenticated
from articles.review.signing.addresses import address_of

PASSWORD = "password"


class Means(Protocol):
    """A way for a logged-in person to show that it is they who sign. `refusal`: what to do when it failed."""

    refusal: str

    def confirms(self, user: User, given: Any, request: HttpRequest) -> bool:
        """Whether `given` (what the person typed, or a device or provider answered) is this user's."""


class Password:
    refusal = "The password is not right. Nothing was signed; type it again."

    def confirms(self, user: User, given: Any, request: HttpRequest) -> bool:
        found = authenticate(request, username=user.get_username(), password=given)
        return found is not None and found.pk == user.pk


MEANS: dict[str, Means] = {PASSWORD: Password()}


def confirm(user: User, given: Any, *, request: HttpRequest | None = None, means: str = PASSWORD) -> str:
    """The name of the means, for the sign-off. Source: 21 CFR 11.200(a)(1).

    Raises NotAuthenticated; then nothing may be signed. Never inside a transaction of the caller's: what is refused
    rolls back, and the failure must stay counted. A command, which has no request, counts under no address.
    """
    request = request or HttpRequest()
    if not MEANS[means].confirms(user, given, request):
        raise NotAuthenticated(MEANS[means].refusal)
    reset(username=user.get_username(), ip=address_of(request))
    return means


def confirm_password(user: User, password: str, *, request: HttpRequest | None = None) -> str:
    """`confirm` by a password typed now."""
    return confirm(user, password, request=request, means=PASSWORD)
