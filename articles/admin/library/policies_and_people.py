"""Policies and people in the admin: offered to medical leads alone, and refusals in words. The rule is in review."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.permission_policies import ModelPermissionPolicy

from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.review import roles
from articles.review.models import Policy
from articles.review.policies import stewardship, stewardship_lines, stewardship_topics

CHANGES = {"add", "change", "delete"}


class LeadsOnly(ModelPermissionPolicy):
    """As Wagtail's, but a change asks for the group as well; superusers included."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and (action not in CHANGES or _is_lead(user))

    def users_with_any_permission(self, actions):
        users = super().users_with_any_permission(actions)
        return users.filter(groups__name=stewardship.LEADS) if set(actions) <= CHANGES else users


def _is_lead(user) -> bool:
    """Asked for each row of a list, so kept for the request."""
    if not hasattr(user, "_is_medical_lead"):
        user._is_medical_lead = stewardship.is_lead(user)
    return user._is_medical_lead


class PersonForm(WagtailAdminModelForm):
    """Who vouches and since when are offered: the lead who fills in the form, today. Not for one's own credentials."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user and self.instance.user_id == self.for_user.pk:
            return
        if not self.instance.verified_by and self.for_user:
            self.initial["verified_by"] = roles.signer(self.for_user).name
        if not self.instance.verified_on:
            self.initial["verified_on"] = timezone.now().date()

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.for_user and (words := stewardship_lines.why_not_saved(self.instance, by=self.for_user)):
            self.add_error(None, words)


class PolicyForm(WagtailAdminModelForm):
    """A new default takes the place of the old one, so there is nothing to complain of when both are ticked."""

    def _get_validation_exclusions(self):
        return super()._get_validation_exclusions() | {"is_default"}

    def clean(self):
        cleaned = super().clean()
        stored = Policy.objects.filter(pk=self.instance.pk).first() if self.instance.pk else None
        wanted = Policy(kind=cleaned.get("kind", ""), is_default=cleaned.get("is_default", False))
        if stored and (words := stewardship.why_not_changed(stored, wanted)):
            self.add_error("is_default", words)
        return cleaned


class TopicForm(WagtailAdminModelForm):
    def _post_clean(self) -> None:
        super()._post_clean()
        if self.for_user and (words := stewardship_topics.why_not_renamed(self.instance, by=self.for_user)):
            self.add_error(None, words)


class AwayForm(forms.Form):
    until = forms.DateField(
        label="Away until",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Until this day, included, nothing is asked of you, and what you took returns to the others. "
        "Empty: you are here.",
    )

    def __init__(self, *args, instance, **kwargs) -> None:
        self.user, self.person = instance, roles.person_of(instance)
        super().__init__(*args, **kwargs)
        self.initial["until"] = self.person.away_until if self.person else None

    def save(self) -> None:
        if self.person and "until" in self.changed_data:
            stewardship.set_away(person=self.person, until=self.cleaned_data["until"], by=self.user)


class AwayPanel(BaseSettingsPanel):
    """In one's own account: when nothing shall be asked of me."""

    name = "away"
    title = "Reviews"
    order = 150
    form_class = AwayForm

    def is_active(self) -> bool:
        return roles.person_of(self.user) is not None


def refuse_to_delete_what_policies_need(request: HttpRequest, instances: list) -> HttpResponse | None:
    """Wagtail's hook before snippets are deleted, one or many."""
    rows = [row for row in instances if isinstance(row, Policy | Topic)]
    refusals = list(filter(None, map(stewardship.why_not_deleted, rows)))
    for words in refusals:
        messages.error(request, words)
    return redirect(instances[0].snippet_viewset.get_url_name("list")) if refusals else None


PEOPLE, POLICIES = LeadsOnly(Person), LeadsOnly(Policy)
