"""The page that is shown before a login is deactivated: its open work, and who takes it over."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.names import names_of
from articles.authoring.permissions import MAY_CHANGE_LOGINS
from articles.errors import DomainError
from articles.publishing.people import handing_over
from articles.publishing.people.handing_over import OpenWork
from articles.record.vocabulary import Role, SubjectKind
from articles.review.models import OpenNeed
from articles.review.needs import taking
from articles.review.needs.table import name_of, who_could_sign

SHOWN = 20  # lines of a list; the page says how many more there are
Choices = list[tuple[int | str, str]]


class HandOverForm(forms.Form):
    """A field for each assigned signature, one for all schedules, and one for all articles.

    Its choices are suggestions: the service judges whom it gets, and says by name why somebody cannot take it over.
    """

    def __init__(self, *args: Any, work: OpenWork, user: User, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pools = _pools(work.signatures, but=user)
        for row in work.signatures:
            choices: Choices = [("", "Anyone who can sign it"), *pools[row.pk]]
            label = f"{names.get(str(row.subject), row.title)}, as {Role(row.role).label.lower()}"
            self.fields[f"signer-{row.pk}"] = _person_field(label, choices, is_required=False)
            self.initial[f"signer-{row.pk}"] = choices[1][0] if len(choices) > 1 else ""
        if work.schedules:
            self._ask("scheduler", "Who takes over the schedules", handing_over.schedulers(work.schedules), but=user)
        if work.articles:
            self._ask("owner", "Who gets the articles", handing_over.writers(), but=user)

    def _ask(self, name: str, label: str, people: Iterable[User], *, but: User) -> None:
        choices: Choices = [("", "Choose a person"), *((each.pk, name_of(each)) for each in people if each != but)]
        self.fields[name] = _person_field(label, choices, is_required=True)

    @property
    def signers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("signer-")]

    def chosen(self) -> dict[str, Any]:
        """The people who were chosen, as `hand_over` takes them. Raises CannotHandOver for a login that is unknown."""
        keys = {key for key in self.cleaned_data.values() if key is not None}
        users = get_user_model()._default_manager.select_related("person").in_bulk(keys)
        if keys - users.keys():
            raise handing_over.CannotHandOver("One of these logins does not exist. Choose other people.")
        given = {name: users.get(key) for name, key in self.cleaned_data.items()}
        asked = [field.name for field in self.signers if field.html_name in self.data]  # what was on the page
        signers = {int(name.partition("-")[2]): given[name] for name in asked}
        return {"signers": signers, "scheduler": given.get("scheduler"), "owner": given.get("owner")}


class HandOverView(WagtailAdminTemplateMixin, FormView):
    """GET lists the open work of a login; POST hands it over and deactivates the login."""

    template_name = "admin/accounts/hand_over.html"
    form_class = HandOverForm
    page_title = "Hand over"
    header_icon = "user"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_CHANGE_LOGINS):
            raise PermissionDenied
        logins = get_user_model()._default_manager.select_related("person")
        self.leaving = get_object_or_404(logins, pk=kwargs["pk"])
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @cached_property
    def work(self) -> OpenWork:
        return handing_over.work_of(self.leaving)

    @cached_property
    def names(self) -> dict[str, str]:
        """{id: name} of all texts on the page that this person may see by name."""
        rows = [*self.work.signatures, *self.work.alone]
        subjects = [(row.subject_kind, row.subject) for row in rows]
        subjects += [(SubjectKind.ARTICLE.value, key) for key in self._articles()]
        return {key: named.name for key, named in names_of(subjects, cast(User, self.request.user)).items()}

    def _articles(self) -> list[Any]:
        owned = [page.article_id for page in self.work.articles[:SHOWN]]
        return [*owned, *(row.article for row in self.work.schedules)]

    def get_page_subtitle(self) -> str:
        return name_of(self.leaving)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        logins = {"url": reverse("wagtailusers_users:index"), "label": "Users"}
        here = {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}
        return [*super().get_breadcrumbs_items(), logins, here]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"work": self.work, "user": self.leaving, "names": self.names}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        work, name = self.work, name_of(self.leaving)
        said = {
            "name": name,
            "work": work,
            "refusal": self._refusal(),
            "articles": [self.names[str(page.article_id)] for page in work.articles[:SHOWN]],
            "more_articles": max(0, len(work.articles) - SHOWN),
            "schedules": [(self.names[str(row.article)], str(row)) for row in work.schedules],
            "alone": [(self.names.get(str(row.subject), row.title), Role(row.role).label) for row in work.alone],
            "coming": work.coming[:SHOWN],
            "more_coming": max(0, len(work.coming) - SHOWN),
        }
        return super().get_context_data(**kwargs) | said

    def _refusal(self) -> str:
        """Why this login cannot be deactivated by whoever looks at the page; "" if it can."""
        try:
            handing_over.require_may_leave(self.leaving, by=cast(User, self.request.user))
        except DomainError as error:
            return error.detail
        return ""

    def form_valid(self, form: HandOverForm) -> HttpResponse:
        try:
            handing_over.hand_over(user=self.leaving, by=cast(User, self.request.user), **form.chosen())
        except DomainError as error:
            form.add_error(None, error.detail)
            return cast(HttpResponse, self.form_invalid(form))
        name, had_work = name_of(self.leaving), self.work.is_any
        done = "The open work was handed over, and the login" if had_work else "The login"
        messages.success(self.request, f"{done} of {name} was deactivated.")
        return redirect("wagtailusers_users:index")


def _person_field(label: str, choices: Choices, *, is_required: bool) -> forms.Field:
    """The key of a login. An answer that was not offered reaches the service, which says why not."""
    return forms.IntegerField(
        label=label, required=is_required, min_value=1, max_value=2**63 - 1, widget=forms.Select(choices=choices)
    )


def _pools(rows: list[OpenNeed], *, but: User) -> dict[int, Choices]:
    """{key of the signature: the others who could sign it}, whoever has the fewest open reviews first."""
    could = who_could_sign(rows)
    loads = taking.loads(user for users in could.values() for user in users)
    return {
        row.pk: [
            (user.pk, f"{name_of(user)} ({_reviews(loads.get(user.pk, 0))})")
            for user in sorted(could[row.key], key=lambda user: loads.get(user.pk, 0))
            if user != but
        ]
        for row in rows
    }


def _reviews(count: int) -> str:
    return "1 open review" if count == 1 else f"{count} open reviews"
