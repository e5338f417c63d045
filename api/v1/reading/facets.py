"""`facets`: how many of the articles that match have each value of a facet, the most frequent first.

A facet's own filter does not narrow it, so that a client can show what another choice would give.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.protocol import database
from api.protocol.parameters import Parameter
from api.v1.reading import filters, search

NAMES = tuple(facet.name for facet in filters.FACETS)
MOST_VALUES = 100
MOST_FOUND = 1_000  # articles of a search that are counted


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


def count(names: Sequence[str], asked: dict[str, Any], words: search.Asked | None, *, now: datetime) -> dict[str, Any]:
    """{name: [{value, count}], capped}. One query for those without a filter of their own, one for each other."""
    free = [name for name in names if not asked[name]]
    groups = [(free, "")] if free else []
    groups += [([name], name) for name in names if asked[name]]
    found: dict[str, Any] = {name: [] for name in names}
    capped = False
    for group, without in groups:
        rows, total = _counted(group, filters.where(asked, now=now, without=without), words)
        capped = capped or total > MOST_FOUND
        for name, value, number in sorted(rows, key=lambda row: (-row[2], row[1])):
            if len(found[name]) < MOST_VALUES:
                found[name].append({"value": value, "count": number})
    return found | {"capped": capped}


def _counted(
    names: Sequence[str], conditions: filters.Conditions, words: search.Asked | None
) -> tuple[list[database.Row], int]:
    """(name, value, count), and how many articles of a search there were, up to one more than are counted."""
    among = f"f.name IN ({database.places(names)})"
    if words is None:
        sql = (
            "SELECT f.name, f.value, COUNT(*) FROM record_facet f JOIN record_publication p ON p.article = f.article "
            f"WHERE {among} AND {' AND '.join(conditions[0])} GROUP BY f.name, f.value"
        )
        return database.fetch(sql, [*names, *conditions[1]]), 0
    matching, parameters = search.matches(words, conditions, most=MOST_FOUND + 1)
    sql = (
        f"WITH found AS MATERIALIZED ({matching}), counted AS MATERIALIZED "
        f"(SELECT article FROM found ORDER BY number DESC LIMIT {MOST_FOUND:d}) "
        "SELECT f.name, f.value, COUNT(*) FROM counted JOIN record_facet f ON f.article = counted.article "
        f"WHERE {among} GROUP BY f.name, f.value UNION ALL SELECT '', '', COUNT(*) FROM found"
    )
    *rows, (_, _, total) = sorted(database.fetch(sql, [*parameters, *names]), key=lambda row: row[0] == "")
    return rows, total
