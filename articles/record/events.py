"""The ledger: `append` is the only way to write it. Numbers are gapless and in commit order.

The counter row is locked until the transaction ends, so events are appended last. A sequence would
give numbers that commit out of order or never; see DECISIONS.md.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from articles.record.canonical import canonical_bytes
from articles.record.models import Counter, Event

LEDGER = "events"


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
        previous_hash=head.hash,
    )
    event.hash = hash_of(event)
    event.save(force_insert=True)
    Counter.objects.filter(name=LEDGER).update(value=event.number, hash=event.hash)
    return event


def hash_of(event: Event) -> str:
    """SHA-256, in hex, over the canonical form of all other columns, `previous_hash` included."""
    line = {
        "number": event.number,
        "kind": str(event.kind),
        "subject_kind": str(event.subject_kind),
        "subject": str(event.subject),
        "at": instant(event.at),
        "actor": event.actor,
        "data": event.data,
        "previous_hash": event.previous_hash,
    }
    return hashlib.sha256(canonical_bytes(line)).hexdigest()


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond, as the ledger and the API write it: 2026-11-23T08:17:49.000000Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _lock_head() -> Counter:
    Counter.objects.get_or_create(name=LEDGER)
    return Counter.objects.select_for_update().get(name=LEDGER)
