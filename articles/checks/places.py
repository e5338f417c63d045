"""Where does something stand in a draft? `path` for the machine, `name` for the author. Every check goes by it.

Drafts may be half-written or malformed: whatever is not of the expected form is passed over, never raised on.
"""

import html
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from articles.authoring.rich_text.features import cited
from articles.document import stored
from articles.document.draft import Draft, Section
from articles.record.documents import ITEM_NAMES, RICH_TEXT, SECTION, SECTIONS, Json
from articles.record.vocabulary import SectionKind

# {kind: {list: what one item is called}} of the lists whose items have fields of their own.
LISTS = {
    kind: {name: word for name, word in names.items() if SECTIONS[kind][name]} for kind, names in ITEM_NAMES.items()
}
KINDS: dict[str, str] = {kind.value: kind.label for kind in SectionKind}
ATTRIBUTE = re.compile(r'\b(\w+)="([^"]*)"')
BREAK = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|br|hr)\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
KEPT_CHARACTERS = 60  # of a title or statement in a message
STAND_IN = re.compile(r'(<a\b[^<>]*\blinktype="citation"[^<>]*>)[^<>]*(?=</a>)')  # the [1] that Draftail shows


@dataclass(frozen=True)
class Place:
    """`body/<block id>/findings/1` and “Does it help?”, finding 2; `value` is what the field holds."""

    path: str
    name: str
    value: Any


@dataclass(frozen=True)
class Citation:
    """A citation of a claim or in running text. `sources` are primary keys, empty where none is chosen."""

    path: str
    name: str
    sources: tuple[int, ...]
    support: str
    quote: str = ""


def field(section: Section, name: str) -> Any:
    return section.value.get(name) if isinstance(section.value, dict) else None


def path_of(section: Section, *names: object) -> str:
    return "/".join(str(name) for name in ("body", section.id, *names))


def name_of(section: Section) -> str:
    """“Does it help?”, or where it has no heading: section 1 (“Introduction”)."""
    if heading := as_text(field(section, "heading")):
        return f"“{heading}”"
    return f"section {section.index + 1} (“{KINDS.get(section.kind, section.kind)}”)"


def rows(section: Section, name: str) -> Iterator[Place]:
    """The rows of one of the section's lists."""
    values = field(section, name)
    label = LISTS.get(section.kind, {}).get(name, "row")
    for index, row in enumerate(values if isinstance(values, list) else []):
        if isinstance(row, dict):
            yield Place(path_of(section, name, index), f"{label} {index + 1} of {name_of(section)}", row)


def claims(draft: Draft, kind: str, name: str) -> Iterator[Place]:
    """The rows of a list over all sections of a kind: claims(draft, "evidence", "findings")."""
    return (row for section in draft.of_kind(kind) for row in rows(section, name))


def rich_texts(draft: Draft) -> Iterator[Place]:
    """Every rich text, as it is stored."""
    return (text for section in draft.sections for text in rich_texts_of(section))


def rich_texts_of(section: Section) -> Iterator[Place]:
    yield from _rich(section.value, SECTION, path_of(section), name_of(section))
    for name in LISTS.get(section.kind, {}):
        for row in rows(section, name):
            yield from _rich(row.value, SECTIONS[section.kind][name][0], row.path, row.name)


def _rich(value: Any, shape: Json, path: str, name: str) -> Iterator[Place]:
    for key, inner in shape.items():
        if inner is RICH_TEXT and isinstance(value, dict) and isinstance(value.get(key), str):
            yield Place(f"{path}/{key}", name, value[key])


def citations(draft: Draft) -> Iterator[Citation]:
    """Every citation: those in running text, and those of claims."""
    kept = vars(draft)  # eight checks ask for them
    if "_citations" not in kept:
        kept["_citations"] = tuple(_citations(draft))
    return iter(kept["_citations"])


def _citations(draft: Draft) -> Iterator[Citation]:
    for section in draft.sections:
        yield from citations_in(section)


def citations_in(section: Section) -> Iterator[Citation]:
    for text in rich_texts_of(section):
        yield from _inline(text)
    for name in LISTS.get(section.kind, {}):
        for row in rows(section, name):
            yield from citations_of(row)


def citations_of(row: Place) -> Iterator[Citation]:
    """The citations of one claim."""
    values = row.value.get("citations")
    for index, given in enumerate(values if isinstance(values, list) else []):
        if isinstance(given, dict):
            source, support = given.get("source"), as_text(given.get("support"))
            keys = (source,) if isinstance(source, int) else ()
            quote = as_text(given.get("quote"))
            yield Citation(f"{row.path}/citations/{index}", row.name, keys, support, quote)


def is_cited(row: Place, sources: Container[int]) -> bool:
    """Whether the claim names a source that is there."""
    return any(key in sources for citation in citations_of(row) for key in citation.sources)


def chosen(section: Section, name: str, among: dict[int, Any]) -> Any:
    """The record that a chooser names; None where nothing is chosen, or where it is gone."""
    key = field(section, name)
    return among.get(key) if isinstance(key, int) else None


def as_text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def shortened(text: str) -> str:
    return text if len(text) <= KEPT_CHARACTERS else f"{text[:KEPT_CHARACTERS].rsplit(' ', 1)[0]}…"


def plain_text(rich: Any) -> str:
    """Rich text as a reader sees it, a line for each paragraph, without the numbers of citations."""
    text = rich if isinstance(rich, str) else ""
    if BREAK.search(text):
        text = BREAK.sub("\n", " ".join(STAND_IN.sub(r"\1", text).split()))
    return html.unescape(TAG.sub("", text)).strip()


def _inline(text: Place) -> Iterator[Citation]:
    """One for each source, since each may be said to support in its own way."""
    for tag in stored.CITED.findall(text.value):
        attrs = {name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)}
        rows = cited(attrs)
        for row in rows:
            yield Citation(text.path, text.name, (row["source"],), row["support"], row["quote"])
        if not rows:
            yield Citation(text.path, text.name, (), "")
