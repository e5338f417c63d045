"""The password in one's own account. The old one is asked as at signing: failures count towards lockout."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.http import HttpRequest
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import ChangePasswordPanel

from articles.errors import NotAuthenticated
from articles.review.signing import authentication

BOUND = "bound_password_form"


class ConfirmedPasswordForm(PasswordChangeForm):
    """Wagtail's, with fresh authentication in place of a look at the old password."""

    def __init__(self, user: User, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        old = str(self.cleaned_data["old_password"])
        if not old:
            raise forms.ValidationError("Type your old password as well.")
        try:
            authentication.confirm(self.user, old, request=self.request)
        except NotAuthenticated as error:
            raise forms.ValidationError("The old password is incorrect. Type it again.") from error
        return old


class PasswordPanel(ChangePasswordPanel):
    """In place of Wagtail's own, which WAGTAIL_PASSWORD_MANAGEMENT_ENABLED turns off."""

    form_class = ConfirmedPasswordForm

    def is_active(self) -> bool:
        return bool(self.user.has_usable_password())

    def get_form(self) -> ConfirmedPasswordForm:
        """One form a request, so that a wrong password counts once, however often the page asks for its panels."""
        kept = self.request.__dict__
        if BOUND not in kept:
            kept[BOUND] = self._make_form()
        return kept[BOUND]

    def _make_form(self) -> ConfirmedPasswordForm:
        posted = self.request.POST
        is_wanted = any(posted.get(f"{self.name}-{field}") for field in ("new_password1", "new_password2"))
        data = posted if self.request.method == "POST" and is_wanted else None
        return self.form_class(self.user, data, prefix=self.name, request=self.request)
