"""The forms of this room: why an article is withdrawn, when, which articles, and what a notice says."""

import re
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.admin.widgets import AdminPageChooser

from articles.admin.draft_privacy import explorable
from articles.admin.passkeys import uses_passkey
from articles.admin.posted import key_of
from articles.authoring.models import ArticlePage
from articles.authoring.topics import Topic
from articles.publishing import notices, void
from articles.publishing.recall.selection import Criteria
from articles.publishing.refile import LONGEST_SLUG
from articles.publishing.withdraw import LONGEST_EXPLANATION
from articles.record.vocabulary import CodeSystem, Role, WithdrawReason
from articles.review.roles import roles_of
from articles.review.signing.meanings import NOTICE

SEVERAL = "Enter as many as you like, separated by commas, semicolons or line breaks. What has any of them is found."


class ArticleChooser(AdminPageChooser):
    """Resolves only articles that the person may choose, so a made-up number reveals no draft's title."""

    choosable: QuerySet = ArticlePage.objects.none()

    def get_instance(self, value: Any) -> ArticlePage | None:
        key = key_of(str(getattr(value, "pk", value)))
        return self.choosable.filter(pk=key).first() if key else None


class ReasonForm(forms.Form):
    """The reason for a withdrawal, and the article that replaces the withdrawn one."""

    reason = forms.ChoiceField(choices=[("", "Choose a reason"), *WithdrawReason.choices])
    replacement = forms.ModelChoiceField(
        ArticlePage.objects.none(),
        required=False,
        widget=ArticleChooser(target_models=[ArticlePage]),
        help_text="The article that readers are referred to instead.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ModelChoiceField, self.fields["replacement"])
        field.queryset = field.widget.choosable = ArticlePage.objects.filter(pk__in=explorable(user))


class WithdrawForm(ReasonForm):
    """Only a clinician is offered an explanation of their own: readers get none that no clinician signed."""

    explanation = forms.CharField(
        label="Your explanation",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_EXPLANATION,
        help_text="Optional. Without it, readers see a standard sentence for the reason. "
        f"You sign an explanation: {NOTICE}",
    )
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Needed only to sign your explanation.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if Role.MEDICAL not in roles_of(user, on=timezone.now().date()):
            del self.fields["explanation"], self.fields["password"]


class RefileForm(forms.Form):
    slug = forms.SlugField(
        max_length=LONGEST_SLUG, allow_unicode=True, help_text="The old address redirects to the new one."
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="The topics under which readers find the article.",
    )


class ComponentForm(forms.Form):
    reason = forms.ChoiceField(choices=[("", "Choose a reason"), *WithdrawReason.choices])


class MomentForm(forms.Form):
    """A date, a time, and their time zone."""

    day = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    at = forms.TimeField(label="Time", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(
        label="Time zone",
        choices=lambda: [(name, name) for name in get_available_admin_time_zones()],
        help_text="The time zone of the date and time above.",
    )


class WithdrawLaterForm(MomentForm, ReasonForm):
    """Has no explanation field: readers see the standard sentence for the reason."""

    field_order = ["day", "at", "zone", "reason", "replacement"]


class SearchForm(forms.Form):
    """The search for everything that is about something."""

    words = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=f"Names or phrases, in any language. {SEVERAL}",
    )
    code = forms.CharField(
        required=False, max_length=2000, label="Codes", help_text=f"System and code, such as icd-10-cm|L65.9. {SEVERAL}"
    )
    substance = forms.CharField(
        required=False, max_length=2000, label="Substances", help_text=f"Generic names, such as sirolimus. {SEVERAL}"
    )
    topic = forms.ModelMultipleChoiceField(
        Topic.objects.all(),
        required=False,
        to_field_name="slug",
        label="Topics",
        widget=forms.CheckboxSelectMultiple,
        help_text="Find only articles under one of these topics.",
    )

    def clean_code(self) -> list[str]:
        found = parts_of(self.cleaned_data["code"])
        if any(code.partition("|")[0] not in CodeSystem.values or not code.partition("|")[2] for code in found):
            raise forms.ValidationError(f"Enter system|code. The system is one of {', '.join(CodeSystem.values)}.")
        return found

    @property
    def criteria(self) -> Criteria:
        """Empty if the form is not valid."""
        if not self.is_valid():
            return Criteria()
        given = self.cleaned_data
        return Criteria(
            words=tuple(parts_of(given["words"])),
            codes=tuple(given["code"]),
            substances=tuple(parts_of(given["substance"])),
            topics=tuple(topic.slug for topic in given["topic"]),
        )


def parts_of(text: str) -> list[str]:
    """“sirolimus; Rapamune” -> two names."""
    return list(dict.fromkeys(filter(None, (" ".join(part.split()) for part in re.split(r"[,;\n]", text)))))


class PasswordForm(forms.Form):
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="You sign the sentence above.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].required = not uses_passkey(self.data)


class NoticeForm(PasswordForm):
    """One text for each language; `texts` holds them once the form is valid."""

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = f"{NOTICE} You sign this exact wording as a clinician."
        self.languages = list(languages)
        for language in self.languages:
            self.fields[f"text-{language}"] = forms.CharField(
                label=f"Notice in {notices.language_name(language)} ({language})",
                widget=forms.Textarea(attrs={"rows": 4, "lang": language}),
                max_length=notices.LONGEST,
                help_text="At most 500 characters. Readers see it immediately above each article in this language.",
            )
        self.order_fields([f"text-{language}" for language in self.languages])

    @property
    def texts(self) -> dict[str, str]:
        return {language: self.cleaned_data[f"text-{language}"] for language in self.languages}


class VoidForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=void.LONGEST_REASON,
        help_text="For example: the license has been suspended since May. The ledger keeps the reason.",
    )
