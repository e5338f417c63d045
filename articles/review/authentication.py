"""Fresh authentication at signing: a password typed now. Other means (passkey, single sign-on) fit the same call."""

from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest

from articles.errors import NotAuthenticated

PASSWORD = "password"


def confirm_password(user: User, password: str, *, request: HttpRequest | None = None) -> str:
    """The name of the method, for the sign-off. Raises NotAuthenticated. Source: 21 CFR 11.200(a)(1)."""
    found = authenticate(request, username=user.get_username(), password=password)
    if found is None or found.pk != user.pk:
        raise NotAuthenticated("The password is not right. Nothing was signed; type it again.")
    return PASSWORD
