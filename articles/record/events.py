"""The ledger: `append` and `insert` are the only ways to write it. Numbers are gapless and in commit order.

The counter row is locked until the transaction ends, so events are appended last. A sequence would
give numbers that commit out of order or never; see DECISIONS.md.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from articles.record.canonical import digest_of, exact_bytes
from articles.record.models import Counter, Edition, Event, SignOff

LEDGER = "events"
# Columns added after the first ledgers. They are sealed only if they are not empty, so that old seals stay valid.
LATER = ("change", "translation_key", "proof")
SALT_BYTES = 16
Sealed = TypeVar("Sealed", SignOff, Edition)


def append(
    kind: str,
    *,
    subject_kind: str,
    subject: UUID,
    actor: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Write the next line. `actor`: {user, name}, empty for the system; `data`: JSON without decimals."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is written in the transaction of what happened.")
    head = _lock_head()
    event = Event(
        number=head.value + 1,
        kind=kind,
        subject_kind=subject_kind,
        subject=subject,
        at=at or timezone.now(),
        actor=dict(actor),
        data=dict(data or {}),
        salt=secrets.token_bytes(SALT_BYTES).hex(),
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    Counter.objects.filter(name=LEDGER).update(value=event.number, hash=event.hash)
    return event


def hold() -> None:
    """Lock the ledger until the transaction ends, so that no line comes between this read and the next line."""
    _lock_head()


def insert(row: Sealed, kind: str, *, actor: Mapping[str, Any], data: Mapping[str, Any], at: datetime) -> Sealed:
    """Write a sign-off or an edition with its line. The line's number is the row's id, its data seal the row."""
    event = append(
        kind,
        subject_kind=row.subject_kind,
        subject=row.subject,
        actor=actor,
        data={**data, "row": seal(row)},
        at=at,
    )
    row.pk = row.event = event.number
    row.actor = actor
    row.save(force_insert=True)
    return row


def seal(row: SignOff | Edition) -> str:
    """A digest of all columns except id and event, which are the number of the line that carries it."""
    return digest_of(exact_bytes(columns_of(row)))


def columns_of(row: SignOff | Edition) -> dict[str, Any]:
    """{name: value} of the columns that `seal` covers."""
    given = [field.attname for field in row._meta.concrete_fields if field.attname not in ("id", "event")]
    return {name: _plain(getattr(row, name)) for name in given if name not in LATER or getattr(row, name)}


def hash_of(event: Event) -> str:
    """SHA-256, in hex, over the canonical form of `line_of`."""
    return hashlib.sha256(exact_bytes(line_of(event))).hexdigest()


def line_of(event: Event) -> dict[str, Any]:
    """All columns but the hash, `previous_hash` included; no `salt` in lines that have none."""
    salted = {"salt": event.salt} if event.salt else {}
    return salted | {
        "number": event.number,
        "kind": str(event.kind),
        "subject_kind": str(event.subject_kind),
        "subject": str(event.subject),
        "at": instant(event.at),
        "actor": event.actor,
        "data": event.data,
        "previous_hash": event.previous_hash,
    }


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond, as the ledger and the API write it: 2026-11-23T08:17:49.000000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _lock_head() -> Counter:
    locked = Counter.objects.select_for_update()
    if head := locked.filter(name=LEDGER).first():
        return head
    Counter.objects.get_or_create(name=LEDGER)
    return locked.get(name=LEDGER)
