"""A page of the list of articles: the stored bytes of each article's card, sorted, from a cursor on. One query."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from api.protocol import database
from api.protocol.pagination import PREVIOUS, Cursor, Key
from api.v1.reading import filters
from articles.record.delivery import compose

# Name on the wire: (column, ascending).
ORDERS = {
    "-first_published_at": ("first_published_at", False),
    "-published_at": ("published_at", False),
    "published_at": ("published_at", True),
    "title": ("title", True),
    "-title": ("title", False),
}
USUAL = "-first_published_at"  # the one order in which no article moves: a walk over it loses nothing
INSTANTS = ("first_published_at", "published_at")


@dataclass(frozen=True, slots=True)
class Card:
    """`key`: the value that it is sorted by, then its id, as text."""

    article: str
    content: bytes
    key: Key
    fresh_until: datetime | None


def fetch(asked: dict[str, Any], cursor: Cursor | None, *, limit: int, now: datetime) -> list[Card]:
    """At most `limit` cards in the direction of the cursor."""
    column, ascending = ORDERS[asked["order"]]
    upwards = ascending != (cursor is not None and cursor.direction == PREVIOUS)
    conditions, parameters = filters.where(asked, now=now)
    if cursor:
        conditions.append(f"(p.{column}, p.article) {'>' if upwards else '<'} (%s, %s)")
        parameters += _position(column, cursor.key)
    turn = "ASC" if upwards else "DESC"
    sql = (
        f"SELECT p.article, p.{column}, p.fresh_until, p.grace_ends_at, p.after_grace, "
        "CASE WHEN p.fresh_until <= %s THEN p.portable ELSE p.card END FROM record_publication p "
        f"WHERE {' AND '.join(conditions)} ORDER BY p.{column} {turn}, p.article {turn} LIMIT {limit:d}"
    )
    rows = database.fetch(sql, [database.instant_parameter(now), *parameters])
    return [_card(row, column, now) for row in rows]


def _position(column: str, key: Key) -> list[Any]:
    value = database.instant_parameter(datetime.fromisoformat(key[0])) if column in INSTANTS else key[0]
    return [value, database.uuid_parameter(UUID(key[1]))]


def _card(row: database.Row, column: str, now: datetime) -> Card:
    article, value, until, grace_ends_at, after_grace, content = row
    article, content = database.read_uuid(article), bytes(content)
    fresh_until = database.read_instant(until) if until else None
    if column in INSTANTS:
        value = database.read_instant(value).isoformat()
    if fresh_until and fresh_until <= now:
        ends_at = database.read_instant(grace_ends_at) if grace_ends_at else None
        late = SimpleNamespace(portable=content, grace_ends_at=ends_at, after_grace=after_grace)
        composed = compose.refresh(late, now)
        content, fresh_until = composed.card, composed.fresh_until
    return Card(article, content, (value, article), fresh_until)
