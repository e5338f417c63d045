"""A document as pieces of words, so that people can compare two versions. Pure; reads the signed JSON alone.

Marks, links, citations, codes and references show as words: nothing that is signed can differ unseen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.record.vocabulary import SectionKind

Json = dict[str, Any]
Names = Mapping[str, str]

LABELS = {
    "seo": "Search engines and social networks",
    "offers": "Offers in the slots",
    "related": "Related articles",
    "authors": "Byline",
    "hero": "Hero image",
}
# Stored bytes have their keys in alphabetical order; people read the name of a thing first.
FIRST = (
    "heading",
    "text",
    "title",
    "summary",
    "name",
    "statement",
    "question",
    "group",
    "target",
    "action",
    "frequency",
    "level",
    "label",
)
UNSAID = {"kind", "format", "sections", "references", "importance", "id", "_type", "csl", "source_id"}
MARKS = {"strong": ("**", "**"), "em": ("*", "*"), "sub": ("<sub>", "</sub>"), "sup": ("<sup>", "</sup>")}
STYLES = {"h3": "### ", "h4": "#### "}


@dataclass(frozen=True)
class Piece:
    """A block of a document as words: what two versions are compared by."""

    place: str
    text: str
    raw: Any
    section: str = ""


def pieces_of(document: Json, names: Names) -> dict[str, Piece]:
    """{stable key: piece}, in reading order: fields, sections by id, references by source."""
    fields = {
        key: Piece(_label(key), "\n".join(_lines(value, names)), value)
        for key, value in _in_order(document)
        if key not in UNSAID
    }
    sections = {f"section {section['id']}": _section_piece(section, names) for section in document.get("sections", [])}
    references = {
        f"reference {row['source_id']}": Piece(f"Reference {row['number']}", _reference(row), row)
        for row in document.get("references", [])
    }
    return fields | sections | references


def _in_order(value: Json) -> list[tuple[str, Any]]:
    """The same order however the keys came: stored or just rendered."""
    rank = {key: place for place, key in enumerate(FIRST)}
    return sorted(value.items(), key=lambda pair: (rank.get(pair[0], len(FIRST)), pair[0]))


def _section_piece(section: Json, names: Names) -> Piece:
    return Piece(_section_name(section), "\n".join(_section(section, names)), section, section["id"])


def _section_name(section: Json) -> str:
    kind = SectionKind(section["kind"]).label if section["kind"] in SectionKind.values else section["kind"]
    return f"{kind}: {section['heading']}" if section["heading"] else str(kind)


def _section(section: Json, names: Names) -> Iterator[str]:
    for key, value in _in_order(section):
        if key == "heading":
            yield from [value] if value else []
        elif key == "text":
            yield from map(_paragraph, value)
        elif key not in UNSAID and key != "references":
            yield from _labelled(key, value, names)


def _labelled(key: str, value: Any, names: Names) -> Iterator[str]:
    if isinstance(value, str | int | bool):
        yield from [f"{_label(key)}: {_word(value, names)}"] if value != "" else []
    else:
        yield from _lines(value, names)


def _lines(value: Any, names: Names) -> Iterator[str]:
    """Any value as lines of words: one line for each thing in a list."""
    if isinstance(value, list) and value and _is_portable(value):
        yield from map(_paragraph, value)
    elif isinstance(value, list):
        for item in value:
            yield _line(item, names)
    elif value not in (None, ""):
        yield _line(value, names)


def _line(value: Any, names: Names) -> str:
    """One thing on one line: its fields by name, in their order."""
    if isinstance(value, dict):
        if set(value) == {"id"}:
            return _word(value["id"], names)
        said = [(key, item) for key, item in _in_order(value) if key not in UNSAID and item not in (None, "", [], {})]
        return "; ".join(f"{_label(key)}: {_line(item, names)}" for key, item in said)
    if isinstance(value, list):
        joined = map(_paragraph, value) if _is_portable(value) else (_line(item, names) for item in value)
        return " | ".join(joined)
    return _word(value, names)


def _word(value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return names.get(str(value), str(value))


def _is_portable(value: list) -> bool:
    return bool(value) and all(isinstance(item, dict) and item.get("_type") == "block" for item in value)


def _paragraph(block: Json) -> str:
    """Portable Text with its marks in signs, so that a changed link or emphasis shows as words."""
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    text = "".join(_span(span, definitions) for span in block["children"])
    bullet = {"bullet": "• ", "number": "# "}.get(block.get("listItem", ""), "")
    return STYLES.get(block.get("style", ""), "") + "  " * (int(block.get("level") or 1) - 1) + bullet + text


def _span(span: Json, definitions: Json) -> str:
    text = span["text"]
    for mark in span.get("marks") or []:
        if mark in MARKS:
            text = MARKS[mark][0] + text + MARKS[mark][1]
        elif mark in definitions:
            text += _meaning(definitions[mark])
    return text


def _meaning(definition: Json) -> str:
    match definition["_type"]:
        case "citation":
            said = [definition["support"]] if definition["support"] != "direct" else []
            said += [definition["locator"]] if definition["locator"] else []
            return f" ({', '.join(said)})" if said else ""
        case "article":
            return f" (article {definition['article']})"
    return f" ({definition['href']})"


def _reference(row: Json) -> str:
    named = [f"{key.upper()}: {row[key]}" for key in ("doi", "pmid", "url") if row[key]]
    return "\n".join([f"{row['number']}. {row['text']['ama']}", f"Study design: {row['design']}", *named])


def _label(key: str) -> str:
    return LABELS.get(key, key.replace("_", " ").capitalize())
