"""Verifies that re-affirmations, returns and safety notices rely on existing signatures on exactly their digests."""

from collections.abc import Iterator, Mapping
from typing import Any

from articles.record.ledger.finding import Finding, Walk, tells
from articles.record.models import Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role

SIGNED_AGAIN = (EventKind.REAFFIRMED, EventKind.RETURNED)


def named_signoffs(events: list[Event]) -> set[int]:
    return {key for event in events for key in _keys(event)}


def check_vouching(event: Event, signoffs: Mapping[int, SignOff], walk: Walk) -> Iterator[Finding]:
    """`signoffs`: by id, those that events of the batch name."""
    if event.kind not in (*SIGNED_AGAIN, EventKind.NOTICED):
        return
    place = f"event {event.number}"
    rows = [signoffs[key] for key in _keys(event) if key in signoffs]
    if len(rows) != len(_keys(event)) or not rows:
        yield Finding("signoff_missing", place, "It relies on sign-offs that are missing.")
    digests = _digests(event)
    for row in rows:
        if row.digest not in digests or (event.kind in SIGNED_AGAIN and row.subject != event.subject):
            yield Finding("signoff_of_another", place, f"It relies on sign-off {row.pk}, which signed something else.")
        elif row.event > event.number:
            yield Finding("signed_afterwards", place, f"It relies on sign-off {row.pk}, which was given after it.")
        elif walk.voided.get(row.pk, event.number) < event.number:
            number = walk.voided[row.pk]
            yield Finding("signoff_voided", place, f"It relies on sign-off {row.pk}, which event {number} voided.")
    if _needs_clinician(event) and not any(row.role == Role.MEDICAL for row in rows):
        yield Finding("vouched_by_no_clinician", place, "It relies on no clinician's signature.")


def _needs_clinician(event: Event) -> bool:
    return event.kind == EventKind.NOTICED or DocumentKind.MEDICAL.value in (tells(event, "digests") or {})


def _keys(event: Event) -> list[int]:
    if event.kind == EventKind.NOTICED:
        named = [tells(event, "signoff")]
    else:
        named = tells(event, "signoffs") if event.kind in SIGNED_AGAIN else []
    return [key for key in named if isinstance(key, int)] if isinstance(named, list) else []


def _digests(event: Event) -> set[Any]:
    digests = tells(event, "digests")
    return {tells(event, "digest"), *(digests.values() if isinstance(digests, dict) else ())}
