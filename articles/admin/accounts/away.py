"""In one's own account: until when I receive no review requests."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone
from wagtail.admin.views.account import BaseSettingsPanel

from articles.review import roles
from articles.review.policies import changes


class AwayForm(forms.Form):
    until = forms.DateField(
        label="Away until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="You receive no review requests up to and including this day, and reviews assigned to you are "
        "released to other reviewers. Leave empty if you are available.",
    )

    def __init__(self, *args: Any, instance: User, **kwargs: Any) -> None:
        self.user, self.person = instance, roles.person_of(instance)
        super().__init__(*args, **kwargs)
        self.initial["until"] = self.person.away_until if self.person else None

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until and "until" in self.changed_data and until < timezone.now().date():
            raise forms.ValidationError("Enter today or a later day, or leave this empty.")
        return until

    def save(self) -> None:
        if self.person and "until" in self.changed_data:
            changes.set_away(person=self.person, until=self.cleaned_data["until"], by=self.user)


class AwayPanel(BaseSettingsPanel):
    name = "away"
    title = "Reviews"
    order = 150
    form_class = AwayForm

    def is_active(self) -> bool:
        return roles.person_of(self.user) is not None
