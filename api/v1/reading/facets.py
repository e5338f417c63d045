"""`facets`: how many of the articles that match have each value of a facet, the most frequent first.

A facet's own filter does not narrow it, so that a client can show what another choice would give.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from api.protocol import database
from api.protocol.parameters import Parameter
from api.v1.reading import filters, search
from articles.record import words
from articles.record.search import codes

NAMES = tuple(facet.name for facet in filters.FACETS)
MOST_VALUES = 100
MOST_FOUND = 1_000  # articles of a search that are counted
LISTS = {"kind": "section-kind", "article_type": "article-type"} | {
    key: key for key in ("audience", "aspect", "certainty")
}
TOPIC = "(SELECT t.name FROM record_topicentry t WHERE f.name = 'topic' AND t.slug = f.value)"


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in NAMES]:
        raise ValueError(f"{', '.join(unknown)[:80]}: no such facet. Known: {', '.join(NAMES)}.")
    return names


FACETS = Parameter(
    "facets",
    f"Count values: one or more of {', '.join(NAMES)}, separated by commas. All articles that match are counted, and a "
    f"facet is not narrowed by its own filter. With `q` the newest {MOST_FOUND:,} that were found are counted.",
    read=_names,
    schema={"type": "string", "pattern": f"^({'|'.join(NAMES)})(,({'|'.join(NAMES)}))*$", "maxLength": 255},
)


class Among(NamedTuple):
    """The articles to count, as the table `counted` of a query. `has_found`: there is a table `found`, too: those of a
    search, up to one more than are counted."""

    tables: str
    parameters: list[Any]
    has_found: bool


def count(names: Sequence[str], asked: dict[str, Any], said: search.Asked | None, *, now: datetime) -> dict[str, Any]:
    """{name: [{value, label, count}], capped}. One query for those without a filter of their own, one for each other.
    Codes take one of their own, and one more if an article may be found by two of them."""
    free = [name for name in names if not asked[name] and name != "code"]
    groups = [free] if free else []
    groups += [[name] for name in names if name not in free]
    language = asked["locale"][0] if asked["locale"] else settings.LANGUAGE_CODE
    found: dict[str, Any] = {name: [] for name in names}
    capped = False
    for group in groups:
        among = _among(filters.where(asked, now=now, without=group[0] if group is not free else ""), said)
        rows, total = _of_codes(among) if group == ["code"] else _counted(group, among, label=TOPIC)
        capped = capped or total > MOST_FOUND
        for name, value, label, number in sorted(rows, key=lambda row: (-row[3], row[1])):
            if len(found[name]) < MOST_VALUES:
                shown = words.label(LISTS[name], value, language).text if name in LISTS else label or None
                found[name].append({"value": value, "label": shown, "count": number})
    return found | {"capped": capped}


def _among(conditions: filters.Conditions, said: search.Asked | None) -> Among:
    if said is None:
        articles = f"SELECT p.article FROM record_publication p WHERE {' AND '.join(conditions[0])}"
        return Among(f"counted AS ({articles})", conditions[1], has_found=False)
    matching, parameters = search.matches(said, conditions, most=MOST_FOUND + 1)
    newest = f"SELECT article FROM found ORDER BY number DESC LIMIT {MOST_FOUND:d}"
    return Among(f"found AS MATERIALIZED ({matching}), counted AS MATERIALIZED ({newest})", parameters, has_found=True)


def _counted(facets: Sequence[str], among: Among, *, label: str) -> tuple[list[database.Row], int]:
    """(facet, value, label, count), and how many articles a search found."""
    sql = (
        f"WITH {among.tables} SELECT f.name, f.value, {label}, COUNT(*) "
        "FROM counted JOIN record_facet f ON f.article = counted.article "
        f"WHERE f.name IN ({database.places(facets)}) GROUP BY f.name, f.value"
    )
    if among.has_found:
        sql += " UNION ALL SELECT '', '', '', COUNT(*) FROM found"
    rows = database.fetch(sql, [*among.parameters, *facets])
    return [row for row in rows if row[0]], sum(row[3] for row in rows if not row[0])


def _of_codes(among: Among) -> tuple[list[database.Row], int]:
    """Like `_counted`: a code counts the articles that the filter `code` finds by it."""
    rows, total = _counted([*codes.WHERE, codes.ABOVE], among, label="MAX(f.label)")
    known = {(facet, value): number for facet, value, _, number in rows}
    labels = {value: label for facet, value, label, _ in rows if facet in codes.WHERE}
    ways = {code: [pair for pair in codes.found_by(code) if pair in known] for code in labels}
    counts = {code: sum(known[pair] for pair in pairs) for code, pairs in ways.items()}
    best = sorted(counts, key=lambda code: (-counts[code], code))[:MOST_VALUES]
    if several := [(code, *pair) for code in best if len(ways[code]) > 1 for pair in ways[code]]:
        counts |= _distinct(several, among)
    return [("code", code, labels[code], counts[code]) for code in best], total


def _distinct(ways: Iterable[tuple[str, str, str]], among: Among) -> dict[str, int]:
    """{code: articles that one of its ways, (code, facet, value), finds}."""
    given = [text for way in ways for text in way]
    places = ", ".join(["(%s, %s, %s)"] * (len(given) // 3))
    sql = (
        f"WITH {among.tables}, way(code, name, value) AS (VALUES {places}) "
        "SELECT way.code, COUNT(DISTINCT f.article) FROM way JOIN record_facet f ON f.name = way.name "
        "AND f.value = way.value JOIN counted ON counted.article = f.article GROUP BY way.code"
    )
    return dict(database.fetch(sql, [*among.parameters, *given]))
