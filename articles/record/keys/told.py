"""Cards and the organisation's keys as the API and an evidence pack tell them. Pure; docs/json.md explains them."""

import itertools
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from articles.record.events import instant
from articles.record.keys.cards import ALGORITHM

Json = dict[str, Any]


def card(*, event: int, key: str, holder: str, at: datetime, card: str, revoked: tuple[str, str, int] | None) -> Json:
    """`revoked`: since when, why, and the number of the event that says so."""
    return {
        "key": key,
        "holder": holder,
        "event": event,
        "issued_at": instant(at),
        "card": card,
        "revoked": dict(zip(("since", "reason", "event"), revoked, strict=True)) if revoked else None,
    }


def organisation(rows: Iterable[tuple[int, str, str, str, datetime]]) -> list[Json]:
    """Of (event, key, spki, card, at), the earliest first. Each but the first is signed by the one before, unless that
    was lost."""
    rows = list(rows)
    ends = [instant(at) for *_, at in rows]
    return [
        {
            "id": key,
            "alg": ALGORITHM,
            "spki": spki,
            "since": since,
            "until": until,
            "event": event,
            "signed": card or None,
        }
        for (event, key, spki, card, _), since, until in itertools.zip_longest(rows, ends, ends[1:])
    ]
