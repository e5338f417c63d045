"""“Sign several”: the changes of many texts, each difference once, signed with one confirmation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from articles.admin.names import GONE, Named, names_of
from articles.admin.passkeys import AsksPasskey, given_in, offer
from articles.admin.sign_off.shown import hidden_strings
from articles.admin.sign_off.views import user_of
from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.errors import DomainError
from articles.publishing.models import Schedule
from articles.publishing.session import signing as signing_sessions
from articles.record.compare.differences import Run
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind, Role, ScheduledAction, ScheduleState, Scope
from articles.review import roles
from articles.review.needs.missing import role_label
from articles.review.needs.table import open_rows
from articles.review.signing.meanings import meaning_of

TEMPLATE = "admin/sign_off/several.html"
PENDING = "Signed. It is being published."
SOON = timedelta(minutes=10)  # within which the worker should have published it


@dataclass(frozen=True)
class Place:
    title: str
    url: str
    words: str


@dataclass
class Group:
    """One difference, with every place. `texts`: the numbers of its texts on the page, for the count by the button."""

    key: str
    kind: str
    runs: Sequence[Run]
    is_ticked: bool
    places: list[Place] = field(default_factory=list)
    texts: list[int] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(set(self.texts))


@dataclass(frozen=True)
class Outcome:
    name: Named
    words: str
    is_pending: bool


class SeveralView(AsksPasskey, View):
    """GET shows the differences, POST signs the texts all of whose differences are ticked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not roles.roles_of(user_of(request), on=timezone.now().date()):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        user = user_of(request)
        try:
            signed = signing_sessions.sign_several(
                user=user,
                token=request.POST.get("token", ""),
                ticked=request.POST.getlist("difference"),
                password=given_in(request),
                request=request,
            )
        except DomainError as error:
            return self.show(request, error)
        for title, why in signed.left_out:
            messages.warning(request, f"Not signed: {title}. {why}")
        if not signed.signoffs:
            return redirect(request.get_full_path())
        return redirect("articles_signed_several", signed.signoffs[0].pk)

    def show(self, request: HttpRequest, error: DomainError | None = None) -> HttpResponse:
        """The page. After a refusal the ticks stay where the differences are the same."""
        user, ticked = user_of(request), set(request.POST.getlist("difference"))
        held = roles.roles_of(user, on=timezone.now().date())
        drafts = signing_sessions.drafts_for(user)
        waiting = [row.role for row in drafts]
        choices = [role for role in Role.values if waiting.count(role) > 1]
        asked = request.GET.get("role", "")
        role = asked if asked in held else next(iter(choices), sorted(held)[0])
        texts, has_more = signing_sessions.waiting_for(user, role, drafts)
        parts = list(dict.fromkeys(part for text in texts for part in text.parts))
        context = {
            "error": error,
            "role_label": role_label(role),
            "others": [(each, role_label(each)) for each in choices if each != role],
            "texts": texts,
            "groups": groups_of(texts, ticked),
            "has_more": has_more,
            "statement": meaning_of(role, parts, scope=Scope.CHANGES) if texts else "",
            "signer": roles.printed(user),
            "confirm": offer(request, role, (text.review.policies[part] for text in texts for part in text.parts)),
            "findings": [row for text in texts if (row := warnings_of(text))[-1]],
            "unshown": [(text.review.name, rows) for text in texts if (rows := hidden_strings.unshown(text))],
            "token": signing_sessions.token_of(user, role, (text.shown for text in texts)),
        }
        return render(request, TEMPLATE, context, status=error.status if error else 200)


class SignedView(View):
    """What became of each text of a session. Only the person who signed it sees the page."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        first = SignOff.objects.filter(pk=pk, user=user_of(request).pk).first()
        if first is None:
            raise Http404
        signed = SignOff.objects.filter(user=first.user, signed_at=first.signed_at, statement=first.statement)
        found = outcomes(signed.order_by("event"), user_of(request))
        pending = sum(row.is_pending for row in found)
        context = {"outcomes": found, "pending": pending, "done": len(found) - pending, "at": first.signed_at}
        return render(request, "admin/sign_off/signed_several.html", context)


def groups_of(texts: Iterable[signing_sessions.Waiting], ticked: Iterable[str]) -> list[Group]:
    """Each difference once, with every place; those of most texts first."""
    ticks, found = set(ticked), dict[str, Group]()
    for at, text in enumerate(texts):
        url = url_of(text)
        for each in text.told:
            group = found.setdefault(each.key, Group(each.key, each.kind, each.excerpt, each.key in ticks))
            group.places.append(Place(text.review.name, url, each.place))
            group.texts.append(at)
    return sorted(found.values(), key=lambda group: -group.count)


def url_of(text: signing_sessions.Waiting) -> str:
    """Where the text is signed by itself."""
    assert text.review.target is not None
    return reverse("articles_sign_off", args=[text.review.kind, text.review.target.pk])


def warnings_of(text: signing_sessions.Waiting) -> tuple[str, str, list[Finding]]:
    """(title, address, warnings) of the whole text, as its own sign-off page lists them."""
    found = engine.run(text.review.checked) if text.review.checked else []
    return text.review.name, url_of(text), [finding for finding in found if finding.severity == Severity.WARNING]


def outcomes(signed: Iterable[SignOff], user: User) -> list[Outcome]:
    """One of each text. A fixed number of queries."""
    rows = {row.subject: row for row in signed}
    names = names_of([(row.subject_kind, row.subject) for row in rows.values()], user)
    published: dict[UUID, int] = {}
    for edition in Edition.objects.filter(subject__in=rows).order_by("number"):
        if edition.event > rows[edition.subject].event:
            published.setdefault(edition.subject, edition.number)
    asked: dict[UUID, list[str]] = {}
    for need in open_rows().filter(subject__in=rows):
        asked.setdefault(need.subject, []).append(role_label(need.role))
    refused = Event.objects.filter(subject__in=rows, kind=EventKind.REFUSED).order_by("number")
    why = {event.subject: "open it to see why." for event in refused if event.number > rows[event.subject].event}
    later = Schedule.objects.filter(article__in=rows, state=ScheduleState.WAITING, action=ScheduledAction.PUBLISH)
    why |= {row.article: f"scheduled for {row.moment}." for row in later}
    found = []
    for key, row in rows.items():
        said = _became(published.get(key), asked.get(key, []), why.get(key, ""), is_old=_is_old(row))
        found.append(Outcome(names.get(str(key), Named(GONE)), said or PENDING, is_pending=not said))
    return found


def _became(edition: int | None, asked: Sequence[str], why: str, *, is_old: bool) -> str:
    """What became of a text that was signed; "" while it is not decided."""
    if edition:
        return f"Published as edition {edition}."
    if why:
        return f"Signed, and not published: {why}"
    if asked:
        return f"Signed. Still to sign: {', '.join(asked)}."
    return "Signed, and not published. Open it to see why." if is_old else ""


def _is_old(row: SignOff) -> bool:
    return row.signed_at < timezone.now() - SOON
