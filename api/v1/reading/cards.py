"""A page of the list of articles: the stored bytes of each article's card, sorted, from a cursor on. One query.

A search asks the index first; the codes by which articles were found take one query more for the page.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from api.protocol import database
from api.protocol.pagination import PREVIOUS, Cursor, Key
from api.v1.reading import fields, filters, search
from api.v1.reading.stored import Clock
from articles.record.delivery import compose
from articles.record.search import codes, fragments
from articles.record.search.alphabet import LONGEST, title_key

# Name on the wire: (column, ascending).
ORDERS = {
    "-first_published_at": ("first_published_at", False),
    "-published_at": ("published_at", False),
    "published_at": ("published_at", True),
    "title": ("title_key", True),
    "-title": ("title_key", False),
}
KEYS = {"title_key": "title"}  # what a cursor says instead of a column: its key is made again from it
USUAL = "-first_published_at"  # the one order in which no article moves: a walk over it loses nothing
INSTANTS = ("first_published_at", "published_at")
COLUMNS = (
    "p.article, p.fresh_until, p.grace_ends_at, p.after_grace, "
    "CASE WHEN p.fresh_until <= %s THEN p.portable ELSE p.card END"
)
READ = f"t.names, t.summary, SUBSTR(t.text, 1, {fragments.READ:d})"


class Card(NamedTuple):
    """`at`: what it is sorted by. `has_all_words`: those of the search that found it."""

    article: str
    content: bytes
    at: str | datetime
    fresh_until: datetime | None
    has_all_words: bool = True

    @property
    def key(self) -> Key:
        """Where it stands in the list, for a cursor: what it is sorted by, then its id, as text."""
        at = self.at if isinstance(self.at, str) else database.read_instant(self.at).isoformat()
        return at, self.article

    def with_member(self, name: str, value: Any) -> "Card":
        """One more at the end."""
        return self._replace(content=b'%b,"%b":%b}' % (self.content[:-1], name.encode(), compose.encode(value)))

    def reduced(self, kept: fields.Tree) -> "Card":
        return self._replace(content=compose.encode(fields.reduced(json.loads(self.content), kept)))


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
        f"SELECT {COLUMNS}, p.{KEYS.get(column, column)} FROM record_publication p "
        f"WHERE {' AND '.join(conditions)} ORDER BY p.{column} {turn}, p.article {turn} LIMIT {limit:d}"
    )
    is_planned_once = len(conditions) == 1 + bool(cursor)  # a filter may be rare or not, and its plan another
    rows = database.fetch(sql, [database.instant_parameter(now), *parameters], is_planned_once=is_planned_once)
    return [_card(row, row[5] if column in INSTANTS else row[5][:LONGEST], now) for row in rows]


def search_for(
    words: search.Asked, asked: dict[str, Any], cursor: Cursor | None, *, limit: int, now: datetime
) -> list[Card]:
    """Like `fetch`, by the tiers of a search; each with `highlights`, and with `matched_words`."""
    found = dict(search.find(words, filters.where(asked, now=now), cursor, limit=limit))
    if not found:
        return []
    sql = (
        f"SELECT {COLUMNS}, t.number, p.locale, {READ} FROM record_searchtext t "
        f"JOIN record_publication p ON p.article = t.article WHERE t.number IN ({database.places([*found])})"
    )
    rows = {row[5]: row for row in database.fetch(sql, [database.instant_parameter(now), *found])}
    return [_found(rows[number], tier, words, now) for number, tier in found.items() if number in rows]


def with_matched(cards: Sequence[Card], asked: Sequence[str]) -> list[Card]:
    """Each with `matched`: by which of its codes it was found, the nearest first."""
    if not cards:
        return []
    ids = [database.uuid_parameter(UUID(card.article)) for card in cards]
    sql = (
        "SELECT f.article, f.name, f.value FROM record_facet f "
        f"WHERE f.article IN ({database.places(ids)}) AND f.name IN ({database.places(codes.WHERE)})"
    )
    known: dict[str, list[tuple[str, str]]] = {}
    for article, name, value in database.fetch(sql, [*ids, *codes.WHERE]):
        known.setdefault(database.read_uuid(article), []).append((name, value))
    return [card.with_member("matched", codes.matched(known.get(card.article, []), asked)) for card in cards]


def _position(column: str, key: Key) -> list[Any]:
    value: Any = title_key(key[0]) if column == "title_key" else key[0]
    if column in INSTANTS:
        value = database.instant_parameter(datetime.fromisoformat(key[0]))
    return [value, database.uuid_parameter(UUID(key[1]))]


def _found(row: database.Row, tier: int, words: search.Asked, now: datetime) -> Card:
    number, locale, names, summary, text = row[5:]
    card = _card(row, "", now)
    shown = fragments.highlights(names, summary, text, language=locale, asked=words.of(locale))
    has_all = tier in search.ALL
    card = card._replace(at=search.place(number, tier), has_all_words=has_all)
    return card.with_member("highlights", shown).with_member("matched_words", "all" if has_all else "any")


def _card(row: database.Row, at: str | datetime, now: datetime) -> Card:
    """From COLUMNS."""
    article, content, clock = database.read_uuid(row[0]), bytes(row[4]), Clock.of(*row[1:4])
    if composed := clock.composed_anew(content, now):
        return Card(article, composed.card, at, composed.fresh_until)
    return Card(article, content, at, clock.fresh_until)
