"""Who is asked to sign: the page where leads and editors ask somebody of the pool, and the button “Take it”."""

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

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.vocabulary import Role
from articles.review.draft_readers import may_read
from articles.review.models import Assignment
from articles.review.needs import assignments, open_needs
from articles.review.needs.pool import name_of, person_of, pool_of
from articles.review.review import Subject, Target

KINDS: dict[str, type[Target]] = {"article": ArticlePage, "offer": Offer, "disclaimer": Disclaimer}
GIVE_BACK = "give-back"


@dataclass(frozen=True)
class Candidate:
    """Somebody of the pool; `load` is how many open signatures they have taken."""

    key: int
    name: str
    about: str
    load: int
    is_taker: bool


@dataclass(frozen=True)
class Asked:
    """A role whose signature is asked for."""

    role: str
    label: str
    row: Assignment
    taker: str
    pool: list[Candidate]


class AssignView(WagtailAdminTemplateMixin, TemplateView):
    """GET shows who is asked and who could be; POST asks one of them, or gives it back to all."""

    template_name = "admin/sign_off/assign.html"
    page_title = "Who signs"
    header_icon = "group"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(assignments.PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def subject(self) -> Subject:
        """Raises Http404 for what is not there, or is neither asked of anybody nor this person's to read."""
        target = find(self.kwargs["kind"], self.kwargs["pk"])
        try:
            subject = open_needs.load_asked(target)
        except DomainError as error:
            raise Http404 from error
        if not assignments.refresh(subject) and not may_read(target, self.request.user):
            raise Http404
        return subject

    def get_page_subtitle(self) -> str:
        return self.subject.name

    def get_breadcrumbs_items(self):
        here = {"url": "", "label": self.page_title, "sublabel": self.subject.name}
        return [*super().get_breadcrumbs_items(), here]

    def get_context_data(self, **kwargs):
        said = {
            "subject": self.subject,
            "asked": [who_is_asked(self.subject, row) for row in assignments.refresh(self.subject)],
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
        if to == GIVE_BACK:
            assignments.give_back(self.subject, role, by)
            return "Given back: anybody of the pool can take it."
        user = get_object_or_404(get_user_model(), pk=to if to.isdecimal() else 0)
        assignments.assign(self.subject, role, cast(User, user), by)
        return f"{name_of(cast(User, user))} is asked to sign “{self.subject.name}”."


@require_POST
def take(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """“Take it”, and giving it back; the rules are in review."""
    by, role = cast(User, request.user), request.POST.get("role", "")
    try:
        subject = _load(find(kind, pk), by)
        if GIVE_BACK in request.POST:
            assignments.give_back(subject, role, by)
            say(request, "Given back: anybody of the pool can take it.")
        else:
            assignments.take(subject, role, by)
            say(request, f"You have taken “{subject.name}”. The others see that.")
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("wagtailadmin_home")


def _load(target: Target, by: User) -> Subject:
    """Why a text cannot be rendered quotes it: who may not read it hears nothing. Raises Http404, else DomainError."""
    try:
        return open_needs.load_asked(target)
    except DomainError as error:
        if may_read(target, by):
            raise
        raise Http404 from error


def find(kind: str, pk: int) -> Target:
    """Raises Http404."""
    if kind not in KINDS:
        raise Http404
    return cast(Target, get_object_or_404(KINDS[kind], pk=pk))


def say(request: HttpRequest, words: str) -> None:
    messages.success(request, words)


def who_is_asked(subject: Subject, row: Assignment) -> Asked:
    pool = pool_of(subject, row.role)
    loads = assignments.loads(pool)
    taker = assignments.taken_by(subject, row.role)
    candidates = [_candidate(user, loads.get(user.pk, 0), row) for user in pool]
    label = str(Role(row.role).label)
    return Asked(row.role, label, row, name_of(taker) if taker else "", candidates)


def _candidate(user: User, load: int, row: Assignment) -> Candidate:
    person = person_of(user)
    about = ", ".join(filter(None, [person.credentials, person.specialty])) if person else ""
    return Candidate(user.pk, name_of(user), about, load, user.pk == row.taker_id)
