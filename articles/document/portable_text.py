"""Stored rich text -> Portable Text. Source: portabletext.org; marks `strong em sub sup link article anchor citation`.

Wagtail's own converter reads the stored form, so what an editor sees in Draftail is what is rendered.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from articles.authoring.rich_text.features import ANCHOR, CITATION, KEY, SECTION_FEATURES, cited
from articles.errors import NotRepresentable

STYLES = {"header-three": "h3", "header-four": "h4"}
LISTS = {"unordered-list-item": "bullet", "ordered-list-item": "number"}
MARKS = {"BOLD": "strong", "ITALIC": "em", "SUBSCRIPT": "sub", "SUPERSCRIPT": "sup"}
DEEPEST = 10  # levels of a list; what is deeper stands at the tenth
SCHEMES = ("https://", "http://", "mailto:", "tel:")
STRAY = re.compile(r"<(?=[^<>]*(?:<|\Z))")  # begins no tag: a word's character, and quadratic for html.parser
# What Wagtail's reader raises at tags that do not match (it asserts) or stand where none may.
UNREADABLE = (AssertionError, AttributeError, IndexError, KeyError, RecursionError)

Cite = Callable[[int], int | None]


@dataclass(frozen=True)
class Targets:
    """What a text may name: `cite` turns the key of a source into its reference number, `articles` page keys into
    article ids; `sections` are the ids of the article's sections."""

    cite: Cite
    articles: Mapping[int, str]
    sections: Collection[str]


def to_portable_text(
    html: str, *, cite: Cite, articles: Mapping[int, str], sections: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Blocks `{_type: block, style, listItem?, level?, children: [{_type: span, text, marks}], markDefs}`.

    Empty paragraphs are left out. Raises NotRepresentable for what no editor stores.
    """
    if not html.strip():
        return []
    state, targets = _read(html), Targets(cite, articles, sections)
    blocks = (_block(block, state["entityMap"], targets) for block in state["blocks"])
    return [block for block in blocks if block["children"]]


def without_strays(html: str) -> str:
    """Stored rich text as html.parser reads it in linear time."""
    return STRAY.sub("&lt;", html)


def _reader():
    """Wagtail's reader of the stored form, new for each text, since it keeps state."""
    from wagtail.admin.rich_text.converters.html_to_contentstate import (  # asks for models, which import this file
        ExternalLinkElementHandler,
        HtmlToContentStateHandler,
        LinkElementHandler,
    )

    page_link = LinkElementHandler("LINK")
    page_link.get_attribute_data = _page_key
    reader = HtmlToContentStateHandler([feature for feature in SECTION_FEATURES if feature != "link"])
    reader.element_handlers.add_rule("a[href]", ExternalLinkElementHandler("LINK"))
    reader.element_handlers.add_rule('a[linktype="page"]', page_link)
    return reader


def _page_key(attrs: dict) -> dict[str, Any]:
    """The key of a linked page alone; Wagtail's own handler would ask the database for each page."""
    return {"id": attrs["id"]} if KEY.fullmatch(str(attrs.get("id", ""))) else {}


def _read(html: str) -> dict[str, Any]:
    """Draft.js content state: {blocks, entityMap}."""
    reader = _reader()
    try:
        reader.feed(without_strays(html))
        reader.close()
        assert not (reader.state.current_inline_styles or reader.state.current_entity_ranges)
    except UNREADABLE as error:
        raise NotRepresentable(
            f"The rich text “{_beginning(html)}” cannot be read. Type it again in the editor."
        ) from error
    return json.loads(reader.contentstate.as_json())


def _beginning(html: str) -> str:
    """The first words, for people to find the place."""
    words = " ".join(re.sub(r"<[^>]*>?", " ", html[:2000]).split())
    return words[:60] + ("…" if len(words) > 60 else "")


def _block(block: dict, entities: dict, targets: Targets) -> dict[str, Any]:
    definitions = _definitions(block, entities, targets)
    made = {
        "_type": "block",
        "style": STYLES.get(block["type"], "normal"),
        "children": _spans(block, definitions),
        "markDefs": [made for made, *_ in definitions],
    }
    if block["type"] in LISTS:
        made |= {"listItem": LISTS[block["type"]], "level": min(block["depth"] + 1, DEEPEST)}
    return made


def _definitions(block: dict, entities: dict, targets: Targets) -> list[tuple]:
    """(markDef, start, end) for each entity that means something to a reader. A link inside another is words."""
    found: list[tuple] = []
    ends = {"link": 0, "citation": 0}
    for place in sorted(block["entityRanges"], key=lambda place: place["offset"]):
        start, end = place["offset"], place["offset"] + place["length"]
        meaning = _meaning(entities[str(place["key"])], targets) if start < end else None
        if meaning is None or start < max(ends["citation"], ends["link"] if meaning["_type"] != "citation" else 0):
            continue
        ends["citation" if meaning["_type"] == "citation" else "link"] = end
        found.append(({"_key": f"m{len(found)}"} | meaning, start, end))
    return found


def _meaning(entity: dict, targets: Targets) -> dict[str, Any] | None:
    data = entity["data"]
    if entity["type"] == CITATION:
        return {"_type": "citation", "citations": _citations(data, targets)}
    if entity["type"] == ANCHOR:
        section = data.get("section")
        return {"_type": "anchor", "section": section} if section in targets.sections else None
    if entity["type"] == "LINK" and data.get("id") is not None:
        article = targets.articles.get(int(data["id"]))
        return {"_type": "article", "article": article} if article else None
    if entity["type"] == "LINK" and str(data.get("url", "")).lower().startswith(SCHEMES):
        return {"_type": "link", "href": data["url"]}
    return None


def _citations(data: dict, targets: Targets) -> list[dict[str, Any]]:
    """{reference, support?, locator?, quote?} of each source that is there, each once. Two of its records that were
    merged may say different things of it."""
    found: list[dict[str, Any]] = []
    for row in cited(data):
        how = {key: row[key] for key in ("support", "locator", "quote") if row[key]}
        number = targets.cite(row["source"])
        if number and (made := {"reference": number} | how) not in found:
            found.append(made)
    return found


def _spans(block: dict, definitions: list[tuple]) -> list[dict[str, Any]]:
    """The block's text, cut wherever a mark begins or ends; a citation's stand-in becomes its numbers."""
    text = block["text"]
    styles = [
        (MARKS[style["style"]], style["offset"], style["offset"] + style["length"])
        for style in block["inlineStyleRanges"]
        if style["style"] in MARKS
    ]
    links = [(made["_key"], start, end) for made, start, end in definitions]
    numbers = {start: made for made, start, end in definitions if made["_type"] == "citation"}
    inside = _Open([("", start + 1, end) for made, start, end in definitions if made["_type"] == "citation"])
    marks = _Open(styles + links)
    cuts = sorted({0, len(text), *(cut for _, start, end in styles + links for cut in (start, end))})
    spans: list[dict[str, Any]] = []
    for start, end in pairwise(cuts):
        named = marks.at(start)
        if not inside.at(start):
            shown = _numbers(numbers[start]) if start in numbers else text[start:end]
            spans.append({"_type": "span", "text": shown, "marks": named})
    return spans if any(str(span["text"]).strip() for span in spans) else []


class _Open:
    """Which ranges `(name, start, end)` are open at a place; asked from left to right, so that it stays linear."""

    def __init__(self, ranges: list[tuple[str, int, int]]) -> None:
        self.coming = sorted(enumerate(ranges), key=lambda each: (-each[1][1], -each[0]))
        self.open: dict[str, tuple[int, int]] = {}  # name: (rank, end)

    def at(self, place: int) -> list[str]:
        """Their names, each once, in the order in which the ranges were given."""
        while self.coming and self.coming[-1][1][1] <= place:
            rank, (name, _, end) = self.coming.pop()
            before = self.open.get(name, (rank, 0))
            if before[1] <= place:
                before = (rank, 0)
            self.open[name] = (min(rank, before[0]), max(end, before[1]))
        self.open = {name: each for name, each in self.open.items() if each[1] > place}
        return sorted(self.open, key=self.open.__getitem__)


def _numbers(citation: dict) -> str:
    return f"[{', '.join(str(row['reference']) for row in citation['citations'])}]"
