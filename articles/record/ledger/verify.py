"""Verifies that the record is as it was written, from its entries alone: `manage.py ledger verify`.

Checks the lines, each with the sign-off or edition that it sealed; then rows without a line, documents, and the derived
rows and the log. Writers may continue meanwhile: entries added after the start are left to the next run.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, OuterRef, Subquery

from articles.record.delivery.project import shared
from articles.record.events import LEDGER
from articles.record.ledger import (
    chain,
    derived,
    documents,
    editions,
    key_cards,
    log,
    proven,
    signatures,
    vouching,
)
from articles.record.ledger.finding import BATCH, UNREADABLE, Finding, Walk, read
from articles.record.models import Counter, Document, Edition, Event, SignOff
from articles.record.vocabulary import EventKind

Rows = dict[str, dict[int, list[Any]]]
SEALED: dict[str, tuple[Any, str]] = {
    EventKind.SIGNED.value: (SignOff, "sign-off"),
    EventKind.PUBLISHED.value: (Edition, "edition"),
}


def verify(*, now: datetime) -> tuple[list[Finding], dict[str, int]]:
    """(findings, {kind of entry: number checked})."""
    walk, findings = Walk(), list[Finding]()
    counter, last = _read_head()
    _verify_lines(walk, last, findings, now)
    findings += chain.check_head(counter, walk)
    findings += _find_strays()
    findings += proven.check_whole(walk)
    _verify_documents(walk, findings)
    is_sound = not findings
    findings += log.check(walk, is_sound=is_sound)
    findings += derived.check(walk, is_sound=is_sound)
    return findings, dict(walk.checked)


def _read_head() -> tuple[Counter | None, int]:
    """The counter and the last line's number, read in one statement so that they belong together."""
    last = Subquery(Event.objects.order_by("-number").values("number")[:1])
    counter = Counter.objects.filter(name=LEDGER).annotate(last=last).first()
    if counter is None:
        return None, Event.objects.aggregate(last=Max("number"))["last"] or 0
    return counter, counter.last or 0


def _verify_lines(walk: Walk, last: int, findings: list[Finding], now: datetime) -> None:
    keys = list(Event.objects.filter(number__lte=last).order_by("number").values_list("number", flat=True))
    for start in range(0, len(keys), BATCH):
        events = list(read(Event.objects.all(), keys[start : start + BATCH], "event", findings))
        rows = {kind: _sealed_by(events, kind, findings) for kind in SEALED}
        published = rows[EventKind.PUBLISHED.value]
        named = editions.named_signoffs([row for group in published.values() for row in group])
        named |= vouching.named_signoffs(events)
        signoffs = {row.pk: row for row in read(SignOff.objects.all(), sorted(named), "sign-off", [])}
        for event in events:
            findings += chain.check_line(event, walk, now=now)
            log.note(event, walk)
            findings += key_cards.check_line(event, walk)
            walk.checked["events"] += 1
            findings += _check_sealed(event, rows, signoffs, walk)
            proven.note_key(event, walk)
            proven.note_policy(event, walk)
            findings += vouching.check_vouching(event, signoffs, walk)
            findings += _note_shared(event, walk)


def _note_shared(event: Event, walk: Walk) -> Iterator[Finding]:
    try:
        walk.shared |= shared([event])
    except UNREADABLE as error:
        yield Finding("unreadable", f"event {event.number}", f"Its data cannot be read ({type(error).__name__}).")


def _sealed_by(events: list[Event], kind: str, findings: list[Finding]) -> dict[int, list[Any]]:
    """{number of a line: the rows that refer to it}, for lines of any kind."""
    model, label = SEALED[kind]
    numbers = [event.number for event in events]
    keys = model.objects.filter(event__in=numbers).values_list("pk", flat=True)
    found: dict[int, list[Any]] = {}
    for row in read(model.objects.all(), keys, label, findings):
        found.setdefault(row.event, []).append(row)
    return found


def _check_sealed(event: Event, rows: Rows, signoffs: dict[int, SignOff], walk: Walk) -> Iterator[Finding]:
    for kind, (_, label) in SEALED.items():
        found = rows[kind].get(event.number, [])
        walk.checked[f"{label}s"] += len(found)
        if event.kind == kind and not found:
            yield Finding(f"{_code(label)}_gone", f"event {event.number}", f"Its {label} is missing or unreadable.")
    for row in rows[EventKind.SIGNED.value].get(event.number, []):
        yield from signatures.check_signoff(row, event)
        yield from proven.check_proof(row, event, walk)
    for row in rows[EventKind.PUBLISHED.value].get(event.number, []):
        walk.subjects[row.subject] = row.subject_kind
        yield from editions.check_edition(row, event, signoffs, walk)


def _find_strays() -> Iterator[Finding]:
    """Findings on sign-offs and editions whose ledger line is missing."""
    line = Event.objects.filter(number=OuterRef("event"))
    for model, label in SEALED.values():
        for key, number in model.objects.filter(~Exists(line)).values_list("pk", "event"):
            message = f"It refers to event {number}, which is not in the ledger."
            yield Finding(f"{_code(label)}_without_event", f"{label} {key}", message)


def _verify_documents(walk: Walk, findings: list[Finding]) -> None:
    keys = list(Document.objects.order_by("pk").values_list("pk", flat=True))
    for row in read(Document.objects.all(), keys, "document", findings):
        findings += documents.check_document(row, walk)
        walk.checked["documents"] += 1


def _code(label: str) -> str:
    return label.replace("-", "")
