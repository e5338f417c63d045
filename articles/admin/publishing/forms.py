"""The forms of this room: why an article is withdrawn, when, which articles, and what a notice says."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.db.models import QuerySet
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.admin.widgets import AdminPageChooser

from articles.admin.draft_privacy import explorable
from articles.authoring.models import ArticlePage
from articles.authoring.topics import Topic
from articles.publishing import notices, void
from articles.publishing.recall.selection import Chosen, select
from articles.publishing.refile import LONGEST_SLUG
from articles.publishing.withdraw import LONGEST_EXPLANATION
from articles.record.vocabulary import CodeSystem, WithdrawReason


class ArticleChooser(AdminPageChooser):
    """Resolves only articles that the person may choose, so a made-up number reveals no draft's title."""

    choosable: QuerySet = ArticlePage.objects.none()

    def get_instance(self, value: Any) -> ArticlePage | None:
        key = str(getattr(value, "pk", value))
        return self.choosable.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None


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
    explanation = forms.CharField(
        label="Your explanation",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_EXPLANATION,
        help_text="Optional. Without it, readers see a standard sentence for the reason. An explanation must be "
        "signed, so only a medical reviewer can add one.",
    )
    password = forms.CharField(
        label="Your password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Needed only to sign your explanation.",
    )


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
    """The search for published articles. All criteria that are given must match."""

    code = forms.CharField(
        required=False, max_length=64, label="Code", help_text="System and code, such as icd-10-cm|L65.9."
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(), required=False, to_field_name="slug", empty_label="Any topic", label="Topic"
    )
    text = forms.CharField(required=False, max_length=200, label="Words", help_text="Exact words from the article.")

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if code and (code.partition("|")[0] not in CodeSystem.values or not code.partition("|")[2]):
            raise forms.ValidationError(f"Enter system|code. The system is one of {', '.join(CodeSystem.values)}.")
        return code

    def chosen(self) -> list[Chosen]:
        if not self.is_valid():
            return []
        given = self.cleaned_data
        return select(code=given["code"], topic=given["topic"].slug if given["topic"] else "", text=given["text"])


class NoticeForm(forms.Form):
    text = forms.CharField(
        label="Notice",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=notices.LONGEST,
        help_text="At most 500 characters. Readers see it immediately above each article and its translations.",
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="You sign this exact wording as a clinician.",
    )


class VoidForm(forms.Form):
    reason = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=void.LONGEST_REASON,
        help_text="For example: the license has been suspended since May. The ledger keeps the reason.",
    )
