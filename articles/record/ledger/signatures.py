"""Verifies that each sign-off matches its ledger line in every column."""

from collections.abc import Iterator

from articles.record.events import seal
from articles.record.ledger.finding import Finding, computed, disagreements, tells
from articles.record.models import Event, SignOff
from articles.record.vocabulary import EventKind


def check_signoff(row: SignOff, event: Event) -> Iterator[Finding]:
    """`event` is the line that the row names."""
    place = f"sign-off {row.pk}"
    if event.kind != EventKind.SIGNED:
        yield Finding("signoff_without_event", place, f"Event {event.number} is not a signature but “{event.kind}”.")
        return
    if differing := disagreements(_pairs(row, event)):
        yield Finding("signoff_differs", place, f"Event {event.number} of the ledger differs in: {differing}.")
    elif tells(event, "row") != computed(seal, row):
        yield Finding(
            "signoff_changed",
            place,
            f"It is not the row that event {event.number} sealed: a column (credentials, statement, checklist, "
            "method, …) was changed after it was signed.",
        )


def _pairs(row: SignOff, event: Event) -> dict[str, tuple[object, object]]:
    actor = event.actor if isinstance(event.actor, dict) else {}
    return {
        "id": (row.pk, event.number),
        "kind of subject": (row.subject_kind, event.subject_kind),
        "subject": (row.subject, event.subject),
        "signer": (row.user, actor.get("user")),
        "name": (row.name, actor.get("name")),
        "time": (row.signed_at, event.at),
    } | {name: (getattr(row, name), tells(event, name)) for name in ("part", "digest", "role", "scope")}
