"""People as readers see them: authors and reviewers, with credentials that Medical leads vouch for."""

import uuid
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from wagtail.search import index

from articles.record.vocabulary import Role

VOUCHED_BY = {
    "registration_body": "Name the body that keeps the register, so that each signature can be traced to it.",
    "registration_number": "Enter the registration number, so that each signature can be traced to one person.",
    "verified_by": "Enter who checked this person's entry in the register.",
    "verified_on": "Enter the date on which this person's entry in the register was checked.",
}


class Person(index.Indexed, models.Model):
    """Someone on a byline or behind a signature. Only the group Medical leads edits these, through review.policies.

    `confirmed_at`: when a second lead confirmed what this person signs with; empty again when any of it changes.
    """

    person_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
        help_text="The login that this person signs with.",
    )
    name = models.CharField(max_length=255, help_text="The name as readers will see it.")
    credentials = models.CharField(max_length=255, blank=True, help_text="For example MD, MRCP.")
    specialty = models.CharField(
        "specialties",
        max_length=255,
        blank=True,
        help_text="Separate several with semicolons: Dermatology; Trichology. Readers see them.",
    )
    registration_body = models.CharField(max_length=255, blank=True, help_text="The body that keeps the register.")
    registration_number = models.CharField(max_length=64, blank=True)
    interests = models.TextField("interests declared", blank=True, help_text="Write “None declared” if there are none.")
    medical = models.BooleanField("signs as medical reviewer", default=False)
    legal = models.BooleanField("signs as legal reviewer", default=False)
    commercial = models.BooleanField("signs as commercial reviewer", default=False)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day on which the credentials are valid.")
    away_until = models.DateField(
        null=True,
        blank=True,
        help_text="This person receives no review requests up to and including this day. They can still sign.",
    )
    languages = models.JSONField(
        default=list,
        blank=True,
        help_text="The languages in which this person signs, including their regional varieties. "
        "Leave empty to use the site's language.",
    )
    password_until = models.DateField(
        null=True,
        blank=True,
        help_text="The last day on which this person's password is enough to sign where policies allow it. Leave "
        "empty to set no limit.",
    )
    verified_by = models.CharField(max_length=255, blank=True, help_text="Who checked the entry in the register.")
    verified_on = models.DateField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, editable=False)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    def clean(self) -> None:
        super().clean()
        if missing := self.lacking_to_sign():
            raise ValidationError(dict(missing))

    def lacking_to_sign(self) -> dict[str, str]:
        """{field: why it is needed} of whoever has a role to sign in; empty for others. Source: 21 CFR 11.100(b)."""
        if not self.has_any_role:
            return {}
        return {name: why for name, why in VOUCHED_BY.items() if not getattr(self, name)}

    @property
    def registration(self) -> str:
        return f"{self.registration_body} {self.registration_number}".strip()

    @property
    def has_any_role(self) -> bool:
        return self.medical or self.legal or self.commercial

    def has_role(self, role: str) -> bool:
        return role in (Role.MEDICAL, Role.LEGAL, Role.COMMERCIAL) and bool(getattr(self, role))

    def may_sign(self, role: str, *, on: date) -> bool:
        """Whether the role was given, and confirmed by a second lead, and the credentials are valid on that day."""
        is_valid = self.valid_until is None or on <= self.valid_until
        return self.has_role(role) and self.confirmed_at is not None and is_valid


def reads(person: Person | None, language: str) -> bool:
    """Whether a person signs texts in `language`, matched by base language: `en` covers `en-GB`."""
    own = (person.languages if person else None) or [settings.LANGUAGE_CODE]
    return language.split("-")[0] in {each.split("-")[0] for each in own}
