"""What the log's leaves say of the ledger's lines: everything that readers saw anyway, and of the rest only a hash.

A leaf's entry is the canonical JSON (RFC 8785) of an object: `number` and `hash` of the line; for acts that readers
saw also `kind`, `subject_kind`, `subject`, `at`, and what FACTS names of their data. The hash covers the line's `salt`,
128 random bits, so nobody can try out texts, names or moments on it.

A line without a salt is from before there was a log. Its hash could be guessed, so its entry leaves it out; the chain
of hashes covers it, because the first line with a salt carries the hash of the line before.
"""

from typing import Any

from articles.record.canonical import exact_bytes
from articles.record.events import instant
from articles.record.models import Event
from articles.record.tree.hashes import leaf_hash
from articles.record.vocabulary import EventKind

# Acts that readers saw, and the members of their data that the log tells. What a kind tells never changes.
FACTS: dict[str, tuple[str, ...]] = {
    EventKind.PUBLISHED.value: ("edition", "digests"),
    EventKind.RETURNED.value: ("edition", "digests"),
    EventKind.WITHDRAWN.value: (),
    EventKind.COMPONENT_WITHDRAWN.value: ("edition",),
    EventKind.KEY_ISSUED.value: ("key", "card"),
    EventKind.KEY_REVOKED.value: ("spki", "since"),
    EventKind.KEY_ROTATED.value: ("key", "spki", "before"),
}
COLUMNS = ("number", "kind", "subject_kind", "subject", "at", "data", "salt", "hash")


def entry_of(event: Event) -> dict[str, Any]:
    entry: dict[str, Any] = {"number": event.number}
    if event.salt:
        entry["hash"] = event.hash
    if event.kind in FACTS:
        entry |= {"kind": str(event.kind), "subject_kind": str(event.subject_kind), "subject": str(event.subject)}
        entry["at"] = instant(event.at)
        entry |= {name: event.data[name] for name in FACTS[event.kind] if name in event.data}
    return entry


def leaf_of(event: Event) -> bytes:
    """The leaf's hash, 32 bytes."""
    return leaf_hash(exact_bytes(entry_of(event)))
