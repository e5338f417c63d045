"""Verifies that the ledger's lines are unchanged, complete, in order, and plausibly dated."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from articles.record.events import LEDGER, hash_of, instant
from articles.record.ledger.finding import Finding, Walk, computed, tells
from articles.record.models import Counter, Event
from articles.record.vocabulary import EventKind

# A line's time is taken before its writer waits for the counter, and hosts' clocks differ a little.
TOLERANCE = timedelta(minutes=2)


def check_line(event: Event, walk: Walk, *, now: datetime) -> Iterator[Finding]:
    """Check one line after the previous one, and record in `walk` what later checks need."""
    place = f"event {event.number}"
    if event.number != walk.number + 1:
        yield Finding("gap", place, f"It follows event {walk.number}: lines between were removed, or it was inserted.")
    if event.previous_hash != walk.hash:
        yield Finding(
            "chain_broken", place, f"It does not carry the hash of event {walk.number}: one of the two was changed."
        )
    if event.hash != computed(hash_of, event):
        yield Finding("hash_wrong", place, "Its columns do not match its hash: it was changed after it was written.")
    yield from _check_clock(event, walk, place, now)
    _note(event, walk)


def check_head(counter: Counter | None, walk: Walk) -> Iterator[Finding]:
    """Check that the counter refers to the last line. After a cut tail it does not, unless it was changed, too."""
    said = (counter.value, counter.hash) if counter else (0, "0" * 64)
    if said != (walk.number, walk.hash):
        yield Finding(
            "head_differs",
            f"counter {LEDGER}",
            f"It says that the last event is {said[0]} with hash {said[1]}, but the last event is {walk.number} with "
            f"hash {walk.hash}: the tail was cut, or lines were added without the counter.",
        )


def _check_clock(event: Event, walk: Walk, place: str, now: datetime) -> Iterator[Finding]:
    if walk.latest and event.at < walk.latest - TOLERANCE:
        yield Finding(
            "clock_back", place, f"It is dated {instant(event.at)}, before an earlier line of {instant(walk.latest)}."
        )
    if event.at > now + TOLERANCE:
        yield Finding("clock_ahead", place, f"It is dated {instant(event.at)}, which is in the future.")


def _note(event: Event, walk: Walk) -> None:
    walk.number, walk.hash = event.number, event.hash
    walk.latest = max(walk.latest or event.at, event.at)
    digest = tells(event, "digest")
    if event.kind == EventKind.SIGNED:
        walk.signed.setdefault(digest, (event.number, event.at, tells(event, "part")))
    elif event.kind == EventKind.ERASED:
        walk.erased[digest] = (event.number, event.data)
    elif event.kind == EventKind.VOIDED:
        walk.voided[tells(event, "signoff")] = event.number
