"""The page on which leads and editors assign reviewers, and the button “Assign to me”."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.posted import key_of
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_ASSIGN
from articles.errors import DomainError
from articles.record.vocabulary import Role
from articles.review.draft_readers import may_read
from articles.review.mail import recipients
from articles.review.models import OpenNeed
from articles.review.needs import taking
from articles.review.needs.table import name_of, open_rows, person_of, who_could_sign
from articles.review.review import Target

KINDS: dict[str, type[Target]] = {"article": ArticlePage, "offer": Offer, "disclaimer": Disclaimer}
GIVE_BACK = "give-back"


@dataclass(frozen=True)
class Candidate:
    """A person who can sign. `load`: the number of open reviews assigned to them."""

    key: int
    name: str
    about: str
    load: int
    is_taker: bool


@dataclass(frozen=True)
class Asked:
    """A role whose signature is requested."""

    role: str
    label: str
    row: OpenNeed
    taker: str
    asked: str
    pool: list[Candidate]


class AssignView(WagtailAdminTemplateMixin, TemplateView):
    """GET lists the requested signatures and the people who can give them; POST assigns or unassigns one."""

    template_name = "admin/sign_off/assign.html"
    page_title = "Reviewers"
    header_icon = "group"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(MAY_ASSIGN):
            raise PermissionDenied
        self.target = find(self.kwargs["kind"], self.kwargs["pk"])
        if not self.rows and not may_read(self.target, request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    @property
    def rows(self) -> list[OpenNeed]:
        asked = open_rows().filter(subject_kind=self.kwargs["kind"], target=self.kwargs["pk"])
        return list(asked.select_related("taker__person", "asked__person"))

    @cached_property
    def name(self) -> str:
        """The title of the text to be signed, or of the draft if no signature is requested."""
        return self.rows[0].title if self.rows else recipients.draft_name_of(self.target)

    def get_page_subtitle(self) -> str:
        return self.name

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.page_title, "sublabel": self.name}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs):
        said = {
            "name": self.name,
            "asked": who_is_asked(self.rows),
            "sign_off_url": reverse("articles_sign_off", args=[self.kwargs["kind"], self.kwargs["pk"]]),
        }
        return super().get_context_data(**kwargs) | said

    def post(self, request: HttpRequest, **kwargs) -> HttpResponse:
        by, role = cast(User, request.user), request.POST.get("role", "")
        try:
            say(request, self.act(role, request.POST.get("to", ""), by))
        except DomainError as error:
            messages.error(request, error.detail)
        return redirect(request.path)

    def act(self, role: str, to: str, by: User) -> str:
        asked = {"kind": self.kwargs["kind"], "target": self.kwargs["pk"], "role": role, "by": by}
        if to == GIVE_BACK:
            taking.give_back(**asked)
            return "Unassigned. Anyone who can sign it can take it."
        user = cast(User, get_object_or_404(get_user_model(), pk=key_of(to)))
        row = taking.assign(**asked, to=user)
        return f"“{row.title}” is assigned to {name_of(user)}."


@require_POST
def take(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The buttons “Assign to me” and “Unassign”. The rules are in review.needs.taking."""
    find(kind, pk)
    role, by = request.POST.get("role", ""), cast(User, request.user)
    try:
        if GIVE_BACK in request.POST:
            taking.give_back(kind=kind, target=pk, role=role, by=by)
            say(request, "Unassigned. Anyone who can sign it can take it.")
        else:
            row = taking.take(kind=kind, target=pk, role=role, by=by)
            say(request, f"“{row.title}” is assigned to you. Other reviewers can see that.")
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("wagtailadmin_home")


def find(kind: str, pk: int) -> Target:
    """Raises Http404."""
    if kind not in KINDS:
        raise Http404
    return cast(Target, get_object_or_404(KINDS[kind], pk=pk))


def say(request: HttpRequest, words: str) -> None:
    messages.success(request, words)


def who_is_asked(rows: list[OpenNeed]) -> list[Asked]:
    could = who_could_sign(rows)
    loads = taking.loads(user for users in could.values() for user in users)
    return [
        Asked(
            role=row.role,
            label=str(Role(row.role).label),
            row=row,
            taker=name_of(row.taker) if row.taker else "",
            asked=name_of(row.asked) if row.asked else "",
            pool=[_candidate(user, loads.get(user.pk, 0), row) for user in could[row.key]],
        )
        for row in rows
    ]


def _candidate(user: User, load: int, row: OpenNeed) -> Candidate:
    person = person_of(user)
    about = ", ".join(filter(None, [person.credentials, person.specialty])) if person else ""
    return Candidate(user.pk, name_of(user), about, load, user.pk == row.taker_id)
