"""The links, anchors and citations of a text, as it is stored (the editor) and as it is rendered (readers).

Pure. Each form is read in its own way on purpose, so that whatever rendering leaves out shows as a difference.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from articles.document.portable_text import without_strays

KINDS = {"page": "article", "anchor": "anchor", "citation": "citation"}  # by linktype; any other is a link
TARGETS = {"link": "href", "anchor": "section"}
MOST_NESTED = 10


@dataclass(frozen=True)
class Entity:
    """`words` are those that it is on, white space folded; a citation has none. `target` is the address of a link or
    the section of an anchor. `linktype` is that of a stored link, where Vetted does not know it."""

    kind: str
    words: str
    target: str = ""
    linktype: str = field(default="", compare=False)


def stored_entities(html: str) -> list[Entity]:
    """Every `<a>` of stored rich text, in order. One without words shows nothing, to nobody."""
    reader = _Reader()
    reader.feed(without_strays(html))
    reader.close()
    return [entity for attrs, pieces in reader.found for entity in _seen(_stored(attrs, pieces))]


def rendered_entities(blocks: list[dict[str, Any]]) -> list[Entity]:
    """Every mark of Portable Text, in order."""
    return [entity for block in blocks for made in _of_block(block) for entity in _seen(made)]


def _seen(entity: Entity) -> list[Entity]:
    return [entity] if entity.words or entity.kind == "citation" else []


def _stored(attrs: dict[str, str], pieces: list[str]) -> Entity:
    linktype = attrs.get("linktype", "")
    kind = KINDS.get(linktype, "link")
    return Entity(kind, _folded(pieces), attrs.get(TARGETS.get(kind, ""), ""), linktype if kind == "link" else "")


def _of_block(block: dict[str, Any]) -> Iterator[Entity]:
    definitions = {made["_key"]: made for made in block["markDefs"]}
    words: dict[str, list[str]] = {key: [] for key in definitions}
    for span in block["children"]:
        marks = [mark for mark in span["marks"] if mark in definitions]
        if all(definitions[mark]["_type"] != "citation" for mark in marks):
            for mark in marks:
                words[mark].append(span["text"])
    for key, made in definitions.items():
        yield Entity(made["_type"], _folded(words[key]), made.get(TARGETS.get(made["_type"], ""), ""))


class _Reader(HTMLParser):
    """`found`: [(attributes, pieces of text)]. The words of a citation are a stand-in, and nobody's.

    What is nested deeper than MOST_NESTED gets no words, which keeps the time linear; all around it is told.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[dict[str, str], list[str]]] = []
        self.open: list[tuple[dict[str, str], list[str]]] = []
        self.cited = 0  # citations that are open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.open.append(({name: value or "" for name, value in attrs}, []))
            self.found.append(self.open[-1])
            self.cited += _is_citation(self.open[-1][0])
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.open:
            self.cited -= _is_citation(self.open.pop()[0])

    def handle_data(self, data: str) -> None:
        if not self.cited:
            for _, pieces in self.open[:MOST_NESTED]:
                pieces.append(data)


def _is_citation(attrs: dict[str, str]) -> bool:
    return attrs.get("linktype") == "citation"


def _folded(pieces: list[str]) -> str:
    return " ".join("".join(pieces).split())
