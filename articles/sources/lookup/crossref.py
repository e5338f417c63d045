"""Crossref: a work by its DOI, works that may be meant by a reference, and how its JSON reads as a record.

Source: Crossref REST API, `/works/{doi}` and `/works?query.bibliographic=`.
"""

import json
from typing import Any
from urllib.parse import quote

from django.conf import settings

from articles.sources.dates import date_of_parts
from articles.sources.identifiers import normalize_doi
from articles.sources.lookup.client import ask
from articles.sources.lookup.errors import NoSuchRecord, NotUnderstood
from articles.sources.lookup.records import CROSSREF, LONGEST, Record, author_lines, plain, text_of, without_markup
from articles.sources.names import Name
from articles.sources.watch import standing_of_work

WHO = "Crossref"
ROWS = 5
LONGEST_QUERY = 500
TYPE_OF = {
    **dict.fromkeys(("journal-article", "posted-content", "peer-review"), "article-journal"),
    **dict.fromkeys(("book", "monograph", "edited-book", "reference-book"), "book"),
    **dict.fromkeys(("book-chapter", "book-section", "book-part", "reference-entry"), "chapter"),
    "proceedings-article": "paper-conference",
    "dissertation": "thesis",
    "dataset": "dataset",
}


def get_work(doi: str) -> Record:
    """The work with this DOI. Raises LookupFailed."""
    try:
        message = _ask(f"works/{quote(doi, safe='')}", {})
    except NoSuchRecord:
        raise NoSuchRecord(f"the DOI {doi} at Crossref") from None
    record = read_work(message)
    if record.doi != doi and doi not in _aliases(message):
        raise NotUnderstood(WHO, "it is about another DOI")
    return record


def search_works(reference: str) -> list[Record]:
    """Works that the words of a reference may mean, the likeliest first. Raises LookupFailed."""
    return _works(_ask("works", {"query.bibliographic": reference[:LONGEST_QUERY], "rows": str(ROWS)}))


def works_with_number(number: str) -> list[Record]:
    """Works that their publisher gives this number (PII), which stands in its addresses. Raises LookupFailed."""
    return _works(_ask("works", {"filter": f"alternative-id:{number}", "rows": str(ROWS)}))


def read_work(work: Any) -> Record:
    """The record of a work as Crossref describes it. Raises NotUnderstood if it has no title or DOI."""
    if not isinstance(work, dict) or not (title := _title(work)):
        raise NotUnderstood(WHO, "the work has no title")
    doi = normalize_doi(plain(work.get("DOI")))
    if not doi or len(doi) > LONGEST["doi"]:
        raise NotUnderstood(WHO, "the work has no DOI")
    standing = standing_of_work(work)
    return Record(
        title=title,
        csl_type=TYPE_OF.get(plain(work.get("type")), "report"),
        authors=author_lines(_names(work.get("author")) or _names(work.get("editor"))),
        container_title=_field("container_title", _first(work.get("container-title")) or _institution(work)),
        publisher=_field("publisher", work.get("publisher")),
        issued=_issued(work),
        volume=_field("volume", work.get("volume")),
        issue=_field("issue", work.get("issue")),
        pages=_field("pages", work.get("page") or work.get("article-number")),
        doi=doi,
        status=standing.status,
        status_notice=standing.notice,
        is_reinstated=standing.is_reinstated,
        asked=(CROSSREF,),
    )


def _ask(path: str, query: dict[str, str]) -> Any:
    given = query | {"mailto": settings.LOOKUP["CONTACT"]}
    body = ask("CROSSREF", path, given, who=WHO, types=("application/json",))
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(WHO, "it is no JSON") from error
    if not isinstance(answer, dict) or answer.get("status") != "ok" or not isinstance(answer.get("message"), dict):
        raise NotUnderstood(WHO, "it has no message")
    return answer["message"]


def _works(message: Any) -> list[Record]:
    """Those that can be read; a work without a title is nobody's match."""
    items = message.get("items")
    if not isinstance(items, list):
        raise NotUnderstood(WHO, "it has no list of works")
    records = []
    for item in items[:ROWS]:
        try:
            records.append(read_work(item))
        except NotUnderstood:
            continue
    return records


def _aliases(message: dict[str, Any]) -> list[str]:
    aliases = message.get("aliases")
    return [normalize_doi(plain(alias)) for alias in aliases] if isinstance(aliases, list) else []


def _field(name: str, value: Any) -> str:
    return text_of(name, without_markup(value))


def _title(work: dict[str, Any]) -> str:
    title, subtitle = _field("title", _first(work.get("title"))), _field("title", _first(work.get("subtitle")))
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title
    return text_of("title", f"{title.rstrip(':')}: {subtitle}")


def _institution(work: dict[str, Any]) -> Any:
    """Where a preprint was posted."""
    found = _first(work.get("institution"))
    return found.get("name") if isinstance(found, dict) and work.get("type") == "posted-content" else ""


def _issued(work: dict[str, Any]) -> str:
    """The date of the issue, which references print, if the work is in one; else the first date."""
    is_in_issue = work.get("volume") or work.get("issue")
    printed = _date(work.get("published-print")) if is_in_issue else ""
    return printed or _date(work.get("issued"))


def _date(value: Any) -> str:
    return date_of_parts(_first(value.get("date-parts"))) if isinstance(value, dict) else ""


def _names(value: Any) -> list[Name]:
    people = [person for person in value if isinstance(person, dict)] if isinstance(value, list) else []
    keys = {"family": "family", "given": "given", "suffix": "suffix", "name": "literal"}
    return [
        {key: text for wire, key in keys.items() if (text := without_markup(person.get(wire)))} for person in people
    ]


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value if isinstance(value, str) else None
