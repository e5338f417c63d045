"""An article's editions, each with its sign-offs, in one query. The editions routes use it.

Editions and sign-offs come as one list of rows: a join would repeat every sign-off for each edition.
A statement, and the proof of it, is public once every text that it names has been published.
"""

import json
from datetime import datetime
from typing import Any

from api.protocol import database
from api.v1.reading import lookup
from articles.record.delivery.article_json import to_the_second
from articles.record.events import instant
from articles.record.site import this_site

Json = dict[str, Any]
SIGN_OFF = (
    *("name", "credentials", "specialty", "registration", "role", "part", "digest", "scope", "meaning", "method"),
    "statement",
)

# How many of the texts that a statement names are published, with the note that was signed. The sign-offs of one
# statement were written one after the other, and each text takes more than 150 characters of it.
PUBLISHED = """(
    SELECT CAST(COUNT(*) AS text) FROM record_signoff o
    WHERE o.event BETWEEN s.event - LENGTH(s.statement) / 150 AND s.event + LENGTH(s.statement) / 150
    AND o.statement = s.statement AND EXISTS (
        SELECT 1 FROM record_edition x WHERE x.subject = o.subject AND x.digests ->> o.part = o.digest
        AND COALESCE(o.change ->> 'note', '') IN ('', x.change_note)
    )
)"""
# What a row says: its kind, its number, its instant, 13 texts.
EDITIONS = (
    "'edition', e.number, e.published_at, CAST(e.digests AS text), CAST(e.signoffs AS text), "
    "e.change_kind, e.change_note, CAST(e.event AS text)" + ", ''" * 8,
    "JOIN record_edition e ON e.subject = p.article",
)
SIGN_OFFS = (
    f"'sign-off', s.id, s.signed_at, {', '.join(f's.{name}' for name in SIGN_OFF)}, CAST(s.proof AS text), {PUBLISHED}",
    "JOIN record_signoff s ON s.subject = p.article",
)
VOIDED = (
    "'voided', CAST(v.data ->> 'signoff' AS integer), v.at" + ", ''" * 13,
    "JOIN record_event v ON v.subject = p.article AND v.kind = 'voided'",
)
# What brought the article before readers, and what took it from them.
STATES = (
    "'state', v.number, v.at, v.kind, CAST(v.data ->> 'withheld' AS text), '', '', '', '', '', '', ''",
    "JOIN record_event v ON v.subject = p.article AND v.kind IN ('published', 'returned', 'withdrawn', 'refiled')",
)
SELECTIONS = (EDITIONS, SIGN_OFFS, VOIDED)
SHOWN = ("published", "returned")


def load(name: str, *, locale: str | None) -> tuple[str, list[Json]]:
    """(article id, its editions, the newest first). Raises what lookup raises."""
    rows = lookup.find_all(name, locale=locale, selections=SELECTIONS)
    article = database.read_uuid(rows[0][lookup.ARTICLE])
    past = [row[lookup.OWN :] for row in rows]
    voided = {row[1]: _instant(row[2]) for row in past if row[0] == "voided"}
    signoffs = {row[1]: _signoff(row) | {"voided_at": voided.get(row[1])} for row in past if row[0] == "sign-off"}
    editions = sorted((row for row in past if row[0] == "edition"), key=lambda row: -row[1])
    return article, [_edition(article, row, signoffs) for row in editions]


def shown_at(name: str, at: datetime, *, locale: str | None) -> tuple[str, list[Json]]:
    """(article id, [the edition that readers got at that moment]); none where they got nothing. Raises what lookup
    raises."""
    article, editions = load(name, locale=locale)
    rows = [row[lookup.OWN :] for row in lookup.find_all(name, locale=locale, selections=(STATES,))]
    past = sorted((row for row in rows if database.read_instant(row[2]) <= at), key=lambda row: row[1])
    is_shown = False
    for _, _, _, kind, withheld, *_ in past:
        if kind != "refiled":
            is_shown = kind in SHOWN
        elif withheld is not None:
            is_shown = withheld in ("0", "false")
    found = [row for row in editions if row["published_at"] <= to_the_second(instant(at))]
    return article, found[:1] if is_shown else []


def _edition(article: str, row: database.Row, signoffs: dict[int, Json]) -> Json:
    _, number, at, digests, rests_on, change_kind, change_note, event = row[:8]
    url = f"{this_site().api_url}articles/{article}/editions/{number}/"
    digests = json.loads(digests)
    return {
        "number": number,
        "url": url,
        "digests": digests,
        "published_at": _instant(at),
        "event": int(event),
        "change": {"kind": change_kind, "note": change_note} if change_kind else None,
        "sign_offs": [signoffs[key] for key in json.loads(rests_on)],
        "parts": {part: f"{url}parts/{part}/" for part in digests},
    }


def _signoff(row: database.Row) -> Json:
    """The sign-off as stored, without the person's account and the internal checklist."""
    *stored, proof, published = row[3:]
    said = dict(zip(SIGN_OFF, stored, strict=True))
    is_public = _is_public(said["statement"], int(published))
    return said | {
        "statement": said["statement"] if is_public else None,
        "proof": (json.loads(proof) or None) if is_public else None,
        "event": row[1],
        "signed_at": _instant(row[2]),
    }


def _is_public(statement: str, published: int) -> bool:
    """Whether every text that the statement names has been published: a session names several, with their notes."""
    try:
        return len(json.loads(statement)["items"]) == published
    except (ValueError, LookupError, TypeError):
        return False


def _instant(stored: Any) -> str:
    return to_the_second(instant(database.read_instant(stored)))
