"""The findings of the verifier, and the state of its walk through the ledger; shared by its modules."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from articles.errors import NotRepresentable
from articles.record.models import Event

BATCH = 500
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)  # what a damaged column raises


@dataclass(frozen=True)
class Finding:
    """`code` is the kind of fault, `place` where it is ("event 12", "sign-off 9"), `message` a sentence about it."""

    code: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message} ({self.code})"


@dataclass
class Key:
    """A passkey as its key-enrolled line gives it, and the numbers of the lines that confirmed and revoked it."""

    user: Any
    spki: Any
    alg: Any
    enrolled: int
    revoked: int = 0


@dataclass
class Walk:
    """What the lines read so far contain. Small per line, so that a long ledger fits in memory.

    signed     digest -> (number, at, part) of the line that first signed it
    erased     digest -> (number, data) of its erased line
    voided     sign-off -> number of the line that voided it
    editions   subject -> number of its latest edition
    subjects   subject -> kind, for all subjects with an edition
    keys       credential id -> the passkey
    statements challenge -> {(subject, part, digest): its sign-off, 0 if there is none}, of statements with a proof
    policies   policy -> its facts, and `asked_at`: since when it has asked for passkeys, None if it does not
    shared     topics and picture files, from the latest lines that name them (delivery.project.shared)
    organisation  {id: spki} of the organisation's keys, the one in force last
    delivery   {id: spki} of the keys of delivery that have a card
    leaves     the hashes of all lines as leaves of the log, one after the other (articles.record.tree)
    """

    number: int = 0
    hash: str = "0" * 64
    latest: datetime | None = None
    checked: Counter[str] = field(default_factory=Counter)
    signed: dict[str, tuple[int, datetime, str]] = field(default_factory=dict)
    erased: dict[str, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    voided: dict[int, int] = field(default_factory=dict)
    editions: dict[UUID, int] = field(default_factory=dict)
    subjects: dict[UUID, str] = field(default_factory=dict)
    keys: dict[Any, Key] = field(default_factory=dict)
    statements: dict[bytes, dict[tuple[str, str, str], int]] = field(default_factory=dict)
    policies: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    shared: dict[tuple[Any, ...], Model] = field(default_factory=dict)
    organisation: dict[str, str] = field(default_factory=dict)
    delivery: dict[str, str] = field(default_factory=dict)
    leaves: bytearray = field(default_factory=bytearray)


def read(rows: QuerySet[Any], keys: Iterable[Any], label: str, findings: list[Finding]) -> Iterator[Any]:
    """The rows with these primary keys, in order, a batch at a time. An unreadable row becomes a finding."""
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        batch = rows.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        try:
            yield from list(batch)
        except UNREADABLE:
            yield from _one_by_one(rows, keys[start : start + BATCH], label, findings)


def _one_by_one(rows: QuerySet[Any], keys: list[Any], label: str, findings: list[Finding]) -> Iterator[Model]:
    for key in keys:
        try:
            yield from list(rows.filter(pk=key))
        except UNREADABLE as error:
            message = f"A column holds an invalid value ({type(error).__name__}: {error})."
            findings.append(Finding("unreadable", f"{label} {key}", message))


def disagreements(pairs: dict[str, tuple[Any, Any]]) -> str:
    """The names of the pairs that differ: {name: (in the row, in the ledger)} -> "digest, role"."""
    return ", ".join(name for name, (row, line) in pairs.items() if row != line)


def computed(compute, *arguments) -> str | None:
    """The computed hash, or None if a column holds a value that cannot be hashed."""
    try:
        return compute(*arguments)
    except (NotRepresentable, *UNREADABLE):
        return None


def tells(event: Event, key: str) -> Any:
    """The value under `key` in the line's data; None if the data are not an object."""
    return event.data.get(key) if isinstance(event.data, dict) else None
