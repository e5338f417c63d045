"""A page of the list of articles: the stored bytes of each article's card, sorted, from a cursor on. One query.

A search asks the index first; the codes by which articles were found take one query more for the page.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from api.protocol import database
from api.protocol.pagination import PREVIOUS, Cursor, Key
from api.v1.reading import fields, filters, search
from api.v1.reading.stored import Clock
from articles.record.delivery import compose
from articles.record.search import codes, fragments

# Name on the wire: (column, ascending).
ORDERS = {
    "-first_published_at": ("first_published_at", False),
    "-published_at": ("published_at", False),
    "published_at": ("published_at", True),
    "title": ("title_key", True),
    "-title": ("title_key", False),
}
USUAL = "-first_published_at"  # the one order in which no article moves: a walk over it loses nothing
INSTANTS = ("first_published_at", "published_at")
COLUMNS = (
    "p.article, p.fresh_until, p.grace_ends_at, p.after_grace, "
    "CASE WHEN p.fresh_until <= %s THEN p.portable ELSE p.card END"
)
READ = f"t.names, t.summary, SUBSTR(t.text, 1, {fragments.READ:d})"
WHERE = {codes.ARTICLE: "article", codes.SUBSTANCE: "substance", codes.CAUSE: "cause"}


@dataclass(frozen=True, slots=True)
class Card:
    """`key`: what it is sorted by, then its id, as text."""

    article: str
    content: bytes
    key: Key
    fresh_until: datetime | None

    def with_member(self, name: str, value: Any) -> "Card":
        """One more at the end."""
        return replace(self, content=b'%b,"%b":%b}' % (self.content[:-1], name.encode(), compose.encode(value)))

    def reduced(self, kept: fields.Tree) -> "Card":
        return replace(self, content=compose.encode(fields.reduced(json.loads(self.content), kept)))


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
        f"SELECT {COLUMNS}, p.{column} FROM record_publication p "
        f"WHERE {' AND '.join(conditions)} ORDER BY p.{column} {turn}, p.article {turn} LIMIT {limit:d}"
    )
    rows = database.fetch(sql, [database.instant_parameter(now), *parameters])
    return [_card(row[:5], _value(column, row[5]), now) for row in rows]


def search_for(
    words: search.Asked, asked: dict[str, Any], cursor: Cursor | None, *, limit: int, now: datetime
) -> list[Card]:
    """Like `fetch`, by the tiers of a search; each with `highlights`."""
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
    """Each with `matched`: its codes that were asked for, or that belong to a category that was; the nearest first."""
    if not cards:
        return []
    ids = [database.uuid_parameter(UUID(card.article)) for card in cards]
    sql = (
        "SELECT f.article, f.name, f.value FROM record_facet f "
        f"WHERE f.article IN ({database.places(ids)}) AND f.name IN ({database.places([*WHERE])})"
    )
    known: dict[str, list[tuple[str, str]]] = {}
    for article, name, value in database.fetch(sql, [*ids, *WHERE]):
        known.setdefault(database.read_uuid(article), []).append((name, value))
    return [card.with_member("matched", _matched(known.get(card.article, []), asked)) for card in cards]


def _matched(known: Sequence[tuple[str, str]], asked: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for name, value in known:
        nearest_first = [value, *codes.above(value)]
        if steps := [nearest_first.index(each) for each in asked if each in nearest_first]:
            found.append((min(steps), [*WHERE].index(name), value))
    return [_match(steps, [*WHERE.values()][place], value) for steps, place, value in sorted(found)]


def _match(steps: int, place: str, value: str) -> dict[str, str]:
    system, _, code = value.partition("|")
    return {"code": code, "system": system, "where": place, "how": "narrower" if steps else "exact"}


def _position(column: str, key: Key) -> list[Any]:
    value: Any = bytes.fromhex(key[0]) if column == "title_key" else key[0]
    if column in INSTANTS:
        value = database.instant_parameter(datetime.fromisoformat(key[0]))
    return [value, database.uuid_parameter(UUID(key[1]))]


def _value(column: str, stored: Any) -> str:
    return database.read_instant(stored).isoformat() if column in INSTANTS else bytes(stored).hex()


def _found(row: database.Row, tier: int, words: search.Asked, now: datetime) -> Card:
    number, locale, names, summary, text = row[5:]
    card = _card(row[:5], "", now)
    stems = words.stems.get(search.analyzer(locale), ())
    shown = fragments.highlights(names, summary, text, language=locale, asked=stems)
    return replace(card, key=search.key(number, tier, card.article)).with_member("highlights", shown)


def _card(row: database.Row, value: str, now: datetime) -> Card:
    article, *columns, content = row
    article, content, clock = database.read_uuid(article), bytes(content), Clock.of(*columns)
    if composed := clock.composed_anew(content, now):
        return Card(article, composed.card, (value, article), composed.fresh_until)
    return Card(article, content, (value, article), clock.fresh_until)
