"""A document as pieces, each some lines of words, so that people can compare two versions. Pure.

Reads the signed JSON alone, citations named by source (citing.py). A piece is a field, a section or a reference;
a line is a paragraph, an item of a list or a single fact. Each keeps what it was made of: where that differs,
something shows, whether or not there are words for it.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.record.citations.styles import format_ama
from articles.record.compare.text import in_order, is_portable, paragraph, said, sentences, tokens
from articles.record.compare.values import NAMED_BY, Json, Names, item_name, label, section_name, word

# Facts of machines: they are read when they change, and left out of what is new or gone as a whole.
QUIET = {"kind", "format", "importance", "sha256", "width", "height", "focal_point", "csl"}
IDENTITIES = ("id", "section", "name", "code", "source", "market")


@dataclass(frozen=True)
class Line:
    """`kind` and `name` find its partner in the other version (`name` may be ""), `raw` is what it was made of."""

    kind: str
    name: str
    words: tuple[str, ...]
    raw: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Piece:
    """A part of a document that has a name for people: “Summary”, “Risks: Side effects of tablets”."""

    place: str
    lines: tuple[Line, ...]
    raw: str
    section: str = ""


def pieces_of(document: Json, names: Names) -> dict[str, Piece]:
    """{stable key: piece}, in reading order: fields, sections by id, references by source.

    `document` comes from `citations.by_source`; `names`: {id: name}, including works.
    """
    listed = ("sections", "references")
    fields = [
        (key, Piece(label(key), tuple(_field(key, value, names)), _raw(value)))
        for key, value in in_order(document)
        if key not in listed
    ]
    sections = [(f"section {section['id']}", _section(section, names)) for section in document.get("sections") or []]
    references = [(f"reference {row['source_id']}", _reference(row, names)) for row in document.get("references") or []]
    return _told_apart([*fields, *sections, *references])


def _told_apart(pieces: list[tuple[str, Piece]]) -> dict[str, Piece]:
    """Makes keys unique, so that no piece hides another."""
    seen: Counter[str] = Counter()
    found = {}
    for key, piece in pieces:
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key} again {seen[key]}"] = piece
    return found


def _field(key: str, value: Any, names: Names) -> Iterator[Line]:
    """A field of the document. Its place is its name, so its words omit it."""
    if is_portable(value):
        yield from (_line(key, "", paragraph(block, names), block) for block in value)
    elif isinstance(value, list):
        yield from (_line(key, _identity(item), _listed(key, item, names), item) for item in value)
    elif isinstance(value, dict):
        yield from _facts(value, names)
    elif value not in (None, ""):
        yield _line(key, key, tokens(word(key, value, names)), value)


def _facts(value: Json, names: Names, inside: str = "") -> Iterator[Line]:
    """The fields of a picture, an address or another thing, each on its line."""
    for key, item in in_order(value):
        if isinstance(item, dict) and key not in QUIET:
            yield from _facts(item, names, f"{inside}{key} ")
        else:
            yield Line(f"{inside}{key}", key, _ended(said(key, item, names)), _raw(item), is_quiet=key in QUIET)


def _listed(key: str, item: Any, names: Names) -> list[str]:
    match item:
        case {"section": section, "offer": offer}:
            return tokens(f"In the slot “{names.get(section, section)}”: {names.get(offer, offer)}")
        case {"id": _, "name": name, **more}:
            return tokens(", ".join(filter(None, [name, str(more.get("credentials") or "")])))
        case {"id": key, **more} if not more:
            return tokens(names.get(str(key), str(key)))
        case {"name": name}:
            return [*tokens(f"{name}. "), *sentences(item, names, without=("name",))]
        case dict():
            return said(key, [item], names)[len(tokens(f"{label(key)}: ")) :]
    return tokens(word(key, item, names))


def _section(section: Json, names: Names) -> Piece:
    lines = [line for key, value in in_order(section) for line in _part(section["kind"], key, value, names)]
    return Piece(section_name(section), tuple(lines), _raw(section), section["id"])


def _part(kind: str, key: str, value: Any, names: Names) -> Iterator[Line]:
    """One field of a section, as lines."""
    if key in ("id", "kind"):
        return
    if is_portable(value):
        yield from (_line(key, "", paragraph(block, names), block) for block in value)
    elif key == "heading":
        yield _line(key, key, tokens(value), value)
    elif key == "sources":  # every reference is a piece by itself
        yield Line(key, key, tuple(said(key, value, names)), _raw(value), is_quiet=True)
    elif key == "table" and isinstance(value, dict):
        yield from _table(value, names)
    elif isinstance(value, dict):
        yield from _facts(value, names)
    elif key != "purposes" and isinstance(value, list):
        yield from (_line(key, item_name(kind, key, item), _item(kind, key, item, names), item) for item in value)
    else:
        yield _line(key, key, said(key, value, names), value)


def _item(kind: str, key: str, item: Any, names: Names) -> list[str]:
    """“Side effect: Mouth ulcers. Very common (1 in 10 people or more). Severity: Mild. By mouth. ”."""
    named = item_name(kind, key, item)
    if not isinstance(item, dict):
        return tokens(named or str(item))
    told = ("target", "action") if key == "steps" else tuple(each for each in NAMED_BY if item.get(each))[:1]
    end = "" if named.endswith((".", "?", "!")) else "."
    return [*tokens(f"{named}{end} "), *sentences(item, names, without=told if named else ())]


def _table(table: Json, names: Names) -> Iterator[Line]:
    for row in table.get("rows") or []:
        named = str(row[0]) if row else ""
        yield _line("rows", named, tokens("Row: " + " | ".join(map(str, row))), row)
    for key, value in in_order(table):
        if key != "rows":
            yield Line(key, key, _ended(said(key, value, names)), _raw(value), is_quiet=isinstance(value, bool))


def _reference(row: Json, names: Names) -> Piece:
    csl = row.get("csl") or {}
    ama = format_ama(csl)
    lines = [_line("ama", "ama", tokens(ama), ama)]
    lines += [_line(key, key, said(key, row.get(key), names), row.get(key)) for key in ("design", "doi", "pmid", "url")]
    lines += [_quiet(f"csl {key}", tokens(f"Record, {key}: {_plain(value)}"), value) for key, value in in_order(csl)]
    place = f"Reference: {names.get(row['source_id'], row['source_id'])}"
    return Piece(place, tuple(lines), _raw(row))


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _quiet(key: str, words: list[str], value: Any) -> Line:
    return Line(key, key, tuple(words), _raw(value), is_quiet=True)


def _line(kind: str, name: str, words: list[str], value: Any) -> Line:
    return Line(kind, name, _ended(words), _raw(value), is_quiet=kind in QUIET)


def _ended(words: list[str]) -> tuple[str, ...]:
    """Without the space after the last word."""
    return (*words[:-1], words[-1].rstrip()) if words and words[-1].strip() else tuple(words[:-1])


def _identity(item: Any) -> str:
    if not isinstance(item, Mapping):
        return _raw(item)
    return next((f"{key} {item[key]}" for key in IDENTITIES if item.get(key)), "")


def _raw(value: Any) -> str:
    """Equal exactly if the values are; True and 1 are not."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
