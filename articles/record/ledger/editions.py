"""Verifies that each edition matches its ledger line, and relies on earlier signatures on exactly its digests."""

from collections.abc import Iterator, Mapping
from typing import Any

from articles.record.events import seal
from articles.record.ledger.finding import Finding, Walk, computed, disagreements, tells
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role


def check_edition(row: Edition, event: Event, signoffs: Mapping[int, SignOff], walk: Walk) -> Iterator[Finding]:
    """`event` is the line that the row names; `signoffs`: by id, those that editions of the batch rely on."""
    place = f"edition {row.number} of {row.subject_kind} {row.subject}"
    if event.kind != EventKind.PUBLISHED:
        yield Finding("edition_without_event", place, f"Event {event.number} is not a publication but “{event.kind}”.")
        return
    if differing := disagreements(_pairs(row, event)):
        yield Finding("edition_differs", place, f"Event {event.number} of the ledger differs in: {differing}.")
    elif tells(event, "row") != computed(seal, row):
        yield Finding(
            "edition_changed",
            place,
            f"It is not the row that event {event.number} sealed: a column (sign-offs, change, review, revision) "
            "was changed after it was published.",
        )
    yield from _check_number(row, place, walk)
    for part, digest in _digests(row).items():
        yield from _check_part(row, str(part), digest, signoffs, place)
    yield from _check_asked(row, signoffs, place)
    for key in _named(row):
        yield from _check_signoff(row, key, signoffs.get(key), place, walk)


def named_signoffs(rows: list[Edition]) -> set[int]:
    return {key for row in rows for key in _named(row)}


def _check_number(row: Edition, place: str, walk: Walk) -> Iterator[Finding]:
    expected = walk.editions.get(row.subject, 0) + 1
    if row.number != expected:
        yield Finding("edition_number", place, f"It should be number {expected}: one is missing or was moved.")
    walk.editions[row.subject] = row.number


def _check_part(row: Edition, part: str, digest: Any, signoffs: Mapping[int, SignOff], place: str) -> Iterator[Finding]:
    given = [signoffs[key] for key in _named(row) if key in signoffs]
    roles = {signoff.role for signoff in given if (signoff.part, signoff.digest) == (part, digest)}
    needs_clinician = part == DocumentKind.MEDICAL
    if not roles or (needs_clinician and Role.MEDICAL not in roles):
        which = "clinician's signature" if needs_clinician else "signature"
        yield Finding("edition_unsigned", place, f"Its {part} part {digest} has no {which}.")


def _check_asked(row: Edition, signoffs: Mapping[int, SignOff], place: str) -> Iterator[Finding]:
    """Check for all signatures that the policies required on the medical part, except in an emergency."""
    asked = _review(row).get("signatures")
    if not isinstance(asked, dict) or _review(row).get("emergency"):
        return
    given = [signoffs[key] for key in _named(row) if key in signoffs]
    for role, count in asked.items():
        have = {signoff.user for signoff in given if (signoff.part, signoff.role) == (DocumentKind.MEDICAL, role)}
        if len(have) < count:
            yield Finding(
                "edition_incomplete", place, f"It has {len(have)} of the {count} required signatures as {role}."
            )


def _check_signoff(row: Edition, key: int, signoff: SignOff | None, place: str, walk: Walk) -> Iterator[Finding]:
    if signoff is None:
        yield Finding("signoff_missing", place, f"It relies on sign-off {key}, which is missing.")
    elif signoff.subject != row.subject or _digests(row).get(signoff.part) != signoff.digest:
        yield Finding("signoff_of_another", place, f"It relies on sign-off {key}, which signed something else.")
    elif signoff.event > row.event:
        yield Finding("signed_afterwards", place, f"It relies on sign-off {key}, which was given after it.")
    elif walk.voided.get(key, row.event) < row.event:
        yield Finding("signoff_voided", place, f"It relies on sign-off {key}, which event {walk.voided[key]} voided.")


def _pairs(row: Edition, event: Event) -> dict[str, tuple[object, object]]:
    return {
        "id": (row.pk, event.number),
        "kind of subject": (row.subject_kind, event.subject_kind),
        "subject": (row.subject, event.subject),
        "number": (row.number, tells(event, "edition")),
        "digests": (row.digests, tells(event, "digests")),
        "time": (row.published_at, event.at),
    }


def _digests(row: Edition) -> dict[Any, Any]:
    return row.digests if isinstance(row.digests, dict) else {}


def _review(row: Edition) -> dict[str, Any]:
    return row.review if isinstance(row.review, dict) else {}


def _named(row: Edition) -> list[int]:
    return [key for key in row.signoffs if isinstance(key, int)] if isinstance(row.signoffs, list) else []
