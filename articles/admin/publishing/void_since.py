"""The page on which a lead voids all sign-offs of a person since a day, after reading what readers would get then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.names import names_of
from articles.admin.publishing.forms import VoidForm
from articles.authoring.permissions import MAY_VOID
from articles.errors import DomainError
from articles.publishing.people import void_since
from articles.publishing.people.void_since import Effect, Preview
from articles.record.models import SignOff
from articles.review.needs.table import name_of


class SinceForm(forms.Form):
    since = forms.DateField(
        label="Since",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Every sign-off from the beginning of this day (UTC) until now.",
    )

    def clean_since(self) -> date:
        day = cast(date, self.cleaned_data["since"])
        if day > timezone.now().astimezone(UTC).date():
            raise forms.ValidationError("This day has not come yet. Choose an earlier one.")
        return day


class VoidManyForm(VoidForm):
    """`shown`: keys of the sign-offs on the page, so that none is voided that the lead did not see."""

    shown = forms.RegexField(r"^\d{1,18}(,\d{1,18})*$", widget=forms.HiddenInput, required=False)

    def keys(self) -> set[int]:
        return {int(key) for key in self.cleaned_data["shown"].split(",") if key}


@dataclass(frozen=True)
class Line:
    """A sign-off in the list of the page."""

    row: SignOff
    title: str
    url: str


class VoidSinceView(WagtailAdminTemplateMixin, TemplateView):
    """GET asks for a day, then shows what would be voided; POST voids exactly that, or shows what changed meanwhile."""

    template_name = "admin/publishing/void_since.html"
    page_title = "Void all sign-offs"
    header_icon = "warning"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_VOID):
            raise PermissionDenied
        logins = get_user_model()._default_manager.select_related("person")
        self.signer = get_object_or_404(logins, pk=kwargs["pk"])
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_page_subtitle(self) -> str:
        return name_of(self.signer)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        here = {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), here]

    @cached_property
    def day(self) -> SinceForm:
        return SinceForm(self.request.GET if "since" in self.request.GET else None)

    @property
    def since(self) -> datetime:
        return datetime.combine(self.day.cleaned_data["since"], time(), tzinfo=UTC)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"name": name_of(self.signer), "day": self.day}
        if self.day.is_valid():
            said |= self._previewed(kwargs.get("form"))
        return super().get_context_data(**kwargs) | said

    def _previewed(self, form: VoidManyForm | None) -> dict[str, Any]:
        found = void_since.preview(login=self.signer.pk, since=self.since, by=cast(User, self.request.user))
        return {
            "form": form or VoidManyForm(),
            "shown": ",".join(str(row.pk) for row in found.signoffs),
            "lines": self._lines(found),
            "texts": len({row.subject for row in found.signoffs}),
            "effects": [(effect.title, list(in_words(effect))) for effect in found.effects],
        }

    def _lines(self, found: Preview) -> list[Line]:
        subjects = [(row.subject_kind, row.subject) for row in found.signoffs]
        named = names_of(subjects, cast(User, self.request.user))
        lines = []
        for row in found.signoffs:
            text = named.get(str(row.subject))
            lines.append(Line(row, text.name if text else row.get_part_display(), text.url if text else ""))
        return lines

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = VoidManyForm(request.POST)
        if not (self.day.is_valid() and form.is_valid()):
            return self.render_to_response(self.get_context_data(form=form))
        try:
            done = void_since.void_since(
                login=self.signer.pk,
                since=self.since,
                shown=form.keys(),
                reason=form.cleaned_data["reason"],
                by=cast(User, request.user),
            )
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.render_to_response(self.get_context_data(form=form))
        count = "1 sign-off" if len(done) == 1 else f"{len(done)} sign-offs"
        messages.success(request, f"{count} of {name_of(self.signer)} no longer count{'s' * (len(done) == 1)}.")
        return redirect("wagtailadmin_home")


def in_words(effect: Effect) -> Iterator[str]:
    if effect.is_withheld:
        yield "It is withheld from readers until it is signed again."
    elif effect.is_due:
        yield "It becomes due for review."
    if effect.offers and not effect.is_withheld:
        yield f"It loses {_counted(effect.offers, 'offer')}."
    if effect.notices:
        yield f"It loses {_counted(effect.notices, 'safety notice')}."
    if effect.is_explained_anew:
        yield "It is withdrawn. The standard sentence takes the place of the signed explanation."


def _counted(count: int, word: str) -> str:
    return f"1 {word}" if count == 1 else f"{count} {word}s"
