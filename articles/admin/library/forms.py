"""Forms of the library. What a service refuses is said beside the field, or above the form."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm

from articles.errors import DomainError
from articles.review import roles
from articles.review.policies import changes

MAY_NOT = (
    "Only editors and medical leads can change this, because every article that cites the source shows it immediately."
)


class GovernedForm(WagtailAdminModelForm):
    """Saves through the service, in the name of whoever is logged in."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        try:
            changes.require_change(self.instance, by=self.for_user)
        except DomainError as error:
            self.add_error(None, error.detail)

    def save(self, commit: bool = True) -> Any:
        changes.change(self.instance, by=self.for_user, save=super().save)
        return self.instance


class PersonForm(GovernedForm):
    """Who looked the person up and when are offered: the lead who fills in the form, today."""

    languages = forms.MultipleChoiceField(
        choices=settings.WAGTAIL_CONTENT_LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The languages in which this person signs, including their regional varieties. "
        "Leave empty to use the site's language.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.verified_by and self.for_user:
            self.initial["verified_by"] = roles.signer(self.for_user).name
        if not self.instance.verified_on:
            self.initial["verified_on"] = timezone.now().date()


class PolicyForm(GovernedForm):
    """A new default takes the place of the old one, so there is nothing to complain of when both are ticked."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"is_default"}
