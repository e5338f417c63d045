"""The review status of an article's latest edition: its reviewers, its review date, and its open problems. Pure.

It is computed from the record: editions, the sign-offs that they and later re-affirmations rely on, and later events.
A review lasts from the latest signatures on the whole text. It ends early if a signature on the text or on one of its
disclaimers is voided, if a source that carries a claim is retracted or questioned, or if somebody decided that its
newer version calls for an update; an emergency lasts 48 hours. The policy says what follows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import (
    OF_SOURCES,
    AfterGrace,
    DocumentKind,
    EventKind,
    Role,
    Scope,
    SourceDecision,
    SourceStatus,
)

EMERGENCY_LASTS = timedelta(hours=48)
MEDICAL = DocumentKind.MEDICAL.value
QUESTIONED = (SourceStatus.RETRACTED.value, SourceStatus.CONCERN.value)
MARKED_AT_CLAIMS = (*QUESTIONED, SourceStatus.SUPERSEDED.value)


@dataclass(frozen=True)
class Standing:
    """`emergency_since` and `voided_at` are None if there is no such problem, or it was resolved.

    `reviewers`: the clinicians' sign-offs that the text relies on. `grace_ends_at`: from then on `after_grace` applies.
    """

    reviewed_on: date
    next_review_on: date
    reviewers: tuple[SignOff, ...]
    after_grace: str
    grace_ends_at: datetime
    emergency_since: datetime | None = None
    voided_at: datetime | None = None


@dataclass(frozen=True)
class History:
    """The input of `stand`: all editions, oldest first; the subject's events; sign-offs by id; events of its sources.

    `claim_sources`: ids of the sources that carry a claim in the latest edition.
    `disclaimers`: the histories of the shown disclaimers for which a signature was ever voided.
    """

    editions: Sequence[Edition]
    events: Sequence[Event]
    signoffs: Mapping[int, SignOff]
    sources: Sequence[Event] = ()
    claim_sources: Collection[str] = ()
    disclaimers: Sequence["History"] = ()

    def until(self, number: int) -> "History":
        """The history as it was before that event, with what was voided since: a voided signature never counts."""
        editions = [row for row in self.editions if row.event < number]
        events = [row for row in self.events if row.number < number or row.kind == EventKind.VOIDED]
        return replace(self, editions=editions, events=events)


def stand(history: History) -> Standing:
    """The review status of the latest edition."""
    reviewed_on, vouched_at, reviewers = _review(history)
    terms = terms_of(history)
    own_void, emergency = unresolved_void(history), unresolved_emergency(history)
    voids = [own_void, *(unresolved_void(disclaimer) for disclaimer in history.disclaimers)]
    voided_at = min((moment for moment in voids if moment), default=None)
    ends = [add_months(reviewed_on, terms["interval_months"])]
    carrying = [event for event in history.sources if str(event.subject) in history.claim_sources]
    calling = [*questioned(carrying).values(), *to_update(carrying).values()]
    ends += [_day(event.at) for event in calling if event.number > vouched_at]
    ends += [_day(voided_at)] if voided_at else []
    due = min(ends)
    grace = [midnight_after(due + timedelta(days=terms["grace_days"]))]
    grace += [emergency + EMERGENCY_LASTS] if emergency else []
    grace += [voided_at] if voided_at and terms["after_grace"] != AfterGrace.BANNER else []
    voided = {event.data.get("signoff") for event in _of_kind(history, EventKind.VOIDED)}
    valid = tuple(row for row in reviewers if row.pk not in voided)
    if emergency and own_void and not valid:  # an emergency without a clinician: regardless of the policy
        return Standing(reviewed_on, due, valid, AfterGrace.WITHHOLD.value, own_void, emergency, voided_at)
    return Standing(reviewed_on, due, valid, terms["after_grace"], min(grace), emergency, voided_at)


def is_vouched(history: History) -> bool:
    """Whether the latest edition has all its signatures: no emergency and no voided signature is unresolved."""
    return unresolved_emergency(history) is None and unresolved_void(history) is None


def unresolved_emergency(history: History) -> datetime | None:
    """Since when the latest edition has relied on one clinician's signature alone; None if it does not."""
    edition = history.editions[-1]
    resolved = any(event.number > edition.event for event in _of_kind(history, EventKind.REAFFIRMED))
    return edition.published_at if edition.review.get("emergency") and not resolved else None


def unresolved_void(history: History) -> datetime | None:
    """When a signature of the latest edition was voided without a replacement; None if none was."""
    last = max((event.number for event in _of_kind(history, EventKind.REAFFIRMED)), default=0)
    in_use = _in_use(history)
    voided = (event for event in _of_kind(history, EventKind.VOIDED) if event.data.get("signoff") in in_use)
    return next((event.at for event in voided if event.number > last), None)


def questioned(events: Iterable[Event]) -> dict[str, Event]:
    """{source id: the event since which it has been retracted or under concern}, without other sources."""
    found: dict[str, Event] = {}
    for event in _in_order(events, EventKind.SOURCE_STATUS):
        if event.data.get("status") in QUESTIONED:
            found.setdefault(str(event.subject), event)
        else:
            found.pop(str(event.subject), None)
    return found


def last_status(events: Iterable[Event]) -> dict[str, Event]:
    """{source id: the event that gave it the status that it has}."""
    return {str(event.subject): event for event in _in_order(events, EventKind.SOURCE_STATUS)}


def to_update(events: Iterable[Event]) -> dict[str, Event]:
    """{source id: the decision that the articles that cite it need an update}, until another decision is taken or the
    source stands again."""
    found: dict[str, Event] = {}
    for event in _in_order(events, *OF_SOURCES):
        if event.data.get("decision") == SourceDecision.UPDATE:
            found[str(event.subject)] = event
        elif event.kind == EventKind.SOURCE_DECIDED or event.data.get("status") == SourceStatus.STANDING:
            found.pop(str(event.subject), None)
    return found


def _in_order(events: Iterable[Event], *kinds: str) -> list[Event]:
    return sorted((event for event in events if event.kind in kinds), key=lambda event: event.number)


def is_clinicians(row: SignOff) -> bool:
    return row.role == Role.MEDICAL and row.part == DocumentKind.MEDICAL


def _review(history: History) -> tuple[date, int, list[SignOff]]:
    """(day of the last review of the whole text, number of its event, the clinicians' signatures on the text).

    The last signature on the whole medical part counts; one on the changes leaves the date of the edition before.
    """
    reviewers = _reviewers(history)
    whole = [row for row in reviewers if row.scope == Scope.WHOLE]
    if whole:
        return _day(max(row.signed_at for row in whole)), max(row.pk for row in whole), reviewers
    edition = history.editions[-1]
    if len(history.editions) == 1:
        return _day(edition.published_at), edition.event, reviewers
    reviewed_on, vouched_at, _ = _review(history.until(edition.event))
    return reviewed_on, vouched_at, reviewers


def _reviewers(history: History) -> list[SignOff]:
    """The clinicians' sign-offs on the latest edition's medical part, or on its latest re-affirmation."""
    again = _reaffirmation(history)
    renewed = [row for row in _rows(again.data["signoffs"], history) if is_clinicians(row)] if again else []
    return renewed or [row for row in _rows(history.editions[-1].signoffs, history) if is_clinicians(row)]


def leaned_on(row: SignOff, history: History) -> set[int]:
    """Keys of the sign-offs that a signature on the changes rests on: those in its role on the edition before, and
    what these rest on. It counts only while they do."""
    if row.scope != Scope.CHANGES:
        return set()
    seen = history.until(row.event)
    below = [each for each in _used(seen) if (each.part, each.role) == (row.part, row.role)] if seen.editions else []
    return {each.pk for each in below}.union(*(leaned_on(each, seen) for each in below))


def _in_use(history: History) -> set[int]:
    """Keys of the sign-offs that the latest edition relies on."""
    used = _used(history)
    return {row.pk for row in used}.union(*(leaned_on(row, history) for row in used))


def _used(history: History) -> list[SignOff]:
    """The latest edition's own sign-offs, those that returned it after a withdrawal, and those of a re-affirmation,
    which replace earlier ones."""
    edition = history.editions[-1]
    used = _rows(edition.signoffs, history)
    for event in history.events:
        if event.number > edition.event and event.kind in (EventKind.REAFFIRMED, EventKind.RETURNED):
            newer = _rows(event.data["signoffs"], history)
            replaced = {(row.part, row.role) for row in newer} if event.kind == EventKind.REAFFIRMED else set()
            used = [row for row in used if (row.part, row.role) not in replaced] + newer
    return used


def _reaffirmation(history: History) -> Event | None:
    """The latest re-affirmation of the latest edition, or None."""
    found = [event for event in _of_kind(history, EventKind.REAFFIRMED) if event.number > history.editions[-1].event]
    return found[-1] if found else None


def terms_of(history: History) -> Mapping[str, Any]:
    """The review terms of the latest publication, or of a later re-affirmation."""
    again = _reaffirmation(history)
    return again.data["review"] if again else history.editions[-1].review


def _of_kind(history: History, kind: str) -> Iterator[Event]:
    return (event for event in history.events if event.kind == kind)


def _rows(keys: Iterable[int], history: History) -> list[SignOff]:
    return sorted((history.signoffs[key] for key in keys if key in history.signoffs), key=lambda row: row.pk)


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last day of the month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for candidate in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=candidate)
        except ValueError:
            continue
    raise ValueError(f"{day} has no day {months} months later")
