"""The safety notices that readers see now, and the second person that a notice on more than ten articles needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.permissions import MAY_NOTICE, MAY_WITHDRAW, require_permission
from articles.publishing.notices import PART, CannotNotice, lock_standing, standing_on, tell
from articles.record import events
from articles.record.documents import read_document
from articles.record.models import Document, Event, Publication
from articles.record.vocabulary import EventKind
from articles.review.logins import with_other_logins
from articles.review.roles import actor
from articles.review.signing import authentication

UNCONFIRMED = "No second person confirmed it within an hour."


@dataclass(frozen=True)
class Active:
    """A notice that readers see. `texts`: [(language, text)]; `by`: the actor as in events; `articles`: their number,
    `titles`: those of the ones that are published.

    `until`: a second person must confirm it by then, or it is removed; None if nobody has to.
    """

    notice: UUID
    texts: list[tuple[str, str]]
    since: datetime
    by: Mapping[str, Any]
    articles: int
    titles: list[str]
    until: datetime | None


def standing_now() -> list[Active]:
    """The active notices, newest first."""
    given: dict[str, list[Event]] = {}
    on: dict[str, set[UUID]] = {}
    for event in Event.objects.filter(kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED)).order_by("number"):
        shown = on.setdefault(event.data["notice"], set())
        if event.kind == EventKind.NOTICED:
            given.setdefault(event.data["notice"], []).append(event)
            shown.add(event.subject)
        else:
            shown.discard(event.subject)
    standing = {notice: events for notice, events in given.items() if on[notice]}
    confirmed = set(Event.objects.filter(kind=EventKind.NOTICE_CONFIRMED).values_list("subject", flat=True))
    digests = {event.data["digest"] for events in standing.values() for event in events}
    texts = {row.digest: read_document(bytes(row.content)) for row in Document.objects.filter(digest__in=digests)}
    shown_on = {article for notice in standing for article in on[notice]}
    titles = dict(Publication.objects.filter(article__in=shown_on).values_list("article", "title"))
    found = []
    for notice, lines in reversed(standing.items()):
        said = {event.data["digest"]: texts[event.data["digest"]] for event in lines}
        until = _until(lines[0]) if UUID(notice) not in confirmed else None
        names = [(row["language"], row["text"]) for row in said.values()]
        first = lines[0]
        named = sorted(titles[article] for article in on[notice] if article in titles)
        found.append(Active(UUID(notice), names, first.at, first.actor, len(on[notice]), named, until))
    return found


def confirm(*, notice: UUID, by: User, password: str, request: HttpRequest | None = None) -> None:
    """Confirm a notice on more than ten articles, as a second person: somebody who may give notices or withdraw
    articles. Raises NotPermitted, CannotNotice, NotAuthenticated."""
    if not by.has_perm(MAY_NOTICE):
        require_permission(by, MAY_WITHDRAW)
    authentication.confirm(by, password, request=request)
    with transaction.atomic():
        lock_standing(notice)
        row = _active(notice)
        if row is None or row.until is None:
            raise CannotNotice("This notice does not wait for a second person any more.")
        if row.by.get("user") in with_other_logins({by.pk}):
            raise CannotNotice("You gave this notice yourself. Somebody else must confirm it.")
        data = {"notice": str(notice)}
        events.append(EventKind.NOTICE_CONFIRMED, subject_kind=PART, subject=notice, actor=actor(by), data=data)


def lift_unconfirmed(now: datetime) -> int:
    """Remove the notices that no second person confirmed in time. Returns their number."""
    wide = Event.objects.filter(kind=EventKind.NOTICED, data__has_key="confirm_until").order_by()
    confirmed = Event.objects.filter(kind=EventKind.NOTICE_CONFIRMED).order_by()
    until = {UUID(data["notice"]): data["confirm_until"] for data in wide.values_list("data", flat=True)}
    waiting = set(until) - set(confirmed.values_list("subject", flat=True)) if until else set()
    late = [key for key in waiting if datetime.fromisoformat(until[key]) <= now and standing_on(key)]
    return sum(_lift_unconfirmed(notice) for notice in late)


@transaction.atomic
def _lift_unconfirmed(notice: UUID) -> bool:
    rows, row = lock_standing(notice), _active(notice)
    if row is None or row.until is None:
        return False
    tell(rows, EventKind.NOTICE_LIFTED, {}, {"notice": str(notice), "reason": UNCONFIRMED})
    return True


def _until(given: Event) -> datetime | None:
    said = given.data.get("confirm_until")
    return datetime.fromisoformat(said) if said else None


def _active(notice: UUID) -> Active | None:
    return next((row for row in standing_now() if row.notice == notice), None)
