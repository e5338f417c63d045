"""Citations by what they cite: reference numbers give way to sources, so that renumbering is no difference. Pure.

Used by the differences that people read.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from articles.record.canonical import document_bytes
from articles.record.documents import read_document

Json = dict[str, Any]
LONGEST_TITLE = 60


def canonical_value(document: Mapping[str, Any]) -> Json:
    """The document as its signed bytes are read: strings in NFC, nothing shared. Raises NotRepresentable."""
    return read_document(document_bytes(document))


def by_source(document: Json) -> Json:
    """A copy whose citations name source ids: `source` or `sources` in place of `reference` or `references`.

    References lose their numbers and are sorted by their sources' ids. Numbers that do not run from 1
    upwards, as rendering gives them, are left as they are: then each of them counts.
    """
    rows: Any = document.get("references")
    if not _is_numbered(rows):
        return document
    sources = {row["number"]: row["source_id"] for row in rows}
    resolved = _resolved(document, sources)
    kept = [{key: value for key, value in row.items() if key != "number"} for row in rows]
    return resolved | {"references": sorted(kept, key=lambda row: row["source_id"])}


def names_of_works(*documents: Mapping[str, Any]) -> dict[str, str]:
    """{source id: “Smith 2015 (Scientific Reports)”}; the title or the id distinguishes two works of one name."""
    rows = [row for document in documents for row in document.get("references") or []]
    named: dict[str, str] = {}
    for form in (_short, _with_title, _with_id):
        named = {row["source_id"]: form(row) for row in rows}
        if len(set(named.values())) == len(named):
            break
    return named


def _is_numbered(rows: Any) -> bool:
    if not isinstance(rows, list) or not all(isinstance(row, dict) and row.get("source_id") for row in rows):
        return False
    numbers = [row.get("number") for row in rows]
    are_whole = all(type(number) is int for number in numbers)
    return are_whole and numbers == [*range(1, len(rows) + 1)] and len({row["source_id"] for row in rows}) == len(rows)


def _resolved(value: Any, sources: Mapping[int, str]) -> Any:
    if isinstance(value, list):
        return [_resolved(item, sources) for item in value]
    if not isinstance(value, dict):
        return value
    value = _without_stand_ins(value, sources) if value.get("_type") == "block" else value
    made: Json = {}
    for key, item in value.items():
        if key == "reference" and item in sources and type(item) is int:
            made["source"] = sources[item]
        elif key == "references" and isinstance(item, list) and all(type(each) is int for each in item):
            made["sources"] = _named(item, sources)
        else:
            made[key] = _resolved(item, sources)
    return made


def _named(numbers: list[int], sources: Mapping[int, str]) -> list[str]:
    """The sources of the section that lists them, in any order, or that it lists all."""
    named = [sources.get(number, f"number {number}") for number in numbers]
    if any(one >= other for one, other in pairwise(numbers)):
        return named
    return ["all"] if numbers == [*sources] else sorted(named)


def _without_stand_ins(block: Json, sources: Mapping[int, str]) -> Json:
    """The block with the numbers in brackets of a citation replaced by a neutral placeholder."""
    citations = [made for made in block.get("markDefs") or [] if made.get("_type") == "citation"]
    stand_ins = {
        (made["_key"], f"[{', '.join(map(str, numbers))}]")
        for made, numbers in ((made, [row.get("reference") for row in made["citations"]]) for made in citations)
        if all(type(number) is int and number in sources for number in numbers)
    }
    children = [
        span | {"text": "", "number": "shown"}
        if any((mark, span["text"]) in stand_ins for mark in span.get("marks") or [])
        else span
        for span in block["children"]
    ]
    return block | {"children": children}


def _short(row: Json) -> str:
    """First author, year and where it appeared; a work without an author goes by its title."""
    csl, people = row.get("csl") or {}, _people(row)
    if not people:
        return _with_title(row)
    where = csl.get("container-title") or ""
    who = people[0] + (" et al" if len(people) > 1 else "")
    return " ".join(filter(None, [who, _year(row), f"({where})" if where else ""]))


def _with_title(row: Json) -> str:
    title = str((row.get("csl") or {}).get("title") or row["source_id"])
    shortened = title if len(title) <= LONGEST_TITLE else title[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    return " ".join(filter(None, [*_people(row)[:1], _year(row), f"“{shortened}”"]))


def _with_id(row: Json) -> str:
    return f"{_with_title(row)} [{row['source_id']}]"


def _people(row: Json) -> list[str]:
    people = (row.get("csl") or {}).get("author")
    named = people if isinstance(people, list) else []
    return [str(each.get("family") or each.get("literal") or each.get("given") or "?") for each in named if each]


def _year(row: Json) -> str:
    issued = (row.get("csl") or {}).get("issued")
    parts = issued.get("date-parts") if isinstance(issued, dict) else None
    return str(parts[0][0]) if isinstance(parts, list) and parts and isinstance(parts[0], list) and parts[0] else ""
