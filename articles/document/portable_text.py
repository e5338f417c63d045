"""Stored rich text -> Portable Text. Source: portabletext.org; marks `strong em sub sup link article citation`.

Wagtail's own converter reads the stored form, so what an editor sees in Draftail is what is rendered.
"""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from wagtail.admin.rich_text.converters.html_to_contentstate import (
    ExternalLinkElementHandler,
    HtmlToContentStateHandler,
    LinkElementHandler,
)

from articles.authoring.rich_text import CITATION, SECTION_FEATURES, source_keys

STYLES = {"header-three": "h3", "header-four": "h4"}
LISTS = {"unordered-list-item": "bullet", "ordered-list-item": "number"}
MARKS = {"BOLD": "strong", "ITALIC": "em", "SUBSCRIPT": "sub", "SUPERSCRIPT": "sup"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")

Cite = Callable[[list[int]], list[int]]


def to_portable_text(html: str, *, cite: Cite, articles: dict[int, str]) -> list[dict[str, Any]]:
    """Blocks `{_type: block, style, listItem?, level?, children: [{_type: span, text, marks}], markDefs}`.

    `cite` turns source keys into reference numbers; `articles` turns page keys into article ids.
    Empty paragraphs are left out.
    """
    if not html.strip():
        return []
    state = _read(html)
    blocks = (_block(block, state["entityMap"], cite, articles) for block in state["blocks"])
    return [block for block in blocks if block["children"]]


class PageKeyHandler(LinkElementHandler):
    """A link to a page by its key alone; Wagtail's own handler would ask the database for each."""

    def get_attribute_data(self, attrs: dict) -> dict[str, Any]:
        return {"id": attrs["id"]} if str(attrs.get("id", "")).isdigit() else {}


def _read(html: str) -> dict[str, Any]:
    """Draft.js content state: {blocks, entityMap}. A reader a call, since it keeps state."""
    reader = HtmlToContentStateHandler([feature for feature in SECTION_FEATURES if feature != "link"])
    reader.element_handlers.add_rule("a[href]", ExternalLinkElementHandler("LINK"))
    reader.element_handlers.add_rule('a[linktype="page"]', PageKeyHandler("LINK"))
    reader.feed(html)
    reader.close()
    return json.loads(reader.contentstate.as_json())


def _block(block: dict, entities: dict, cite: Cite, articles: dict[int, str]) -> dict[str, Any]:
    definitions = _definitions(block, entities, cite, articles)
    made = {
        "_type": "block",
        "style": STYLES.get(block["type"], "normal"),
        "children": _spans(block, definitions),
        "markDefs": [made for made, *_ in definitions],
    }
    if block["type"] in LISTS:
        made |= {"listItem": LISTS[block["type"]], "level": block["depth"] + 1}
    return made


def _definitions(block: dict, entities: dict, cite: Cite, articles: dict[int, str]) -> list[tuple]:
    """(markDef, start, end) for each entity that means something to a reader."""
    found: list[tuple] = []
    for place in sorted(block["entityRanges"], key=lambda place: place["offset"]):
        meaning = _meaning(entities[str(place["key"])], cite, articles)
        if meaning:
            made = {"_key": f"m{len(found)}"} | meaning
            found.append((made, place["offset"], place["offset"] + place["length"]))
    return found


def _meaning(entity: dict, cite: Cite, articles: dict[int, str]) -> dict[str, Any] | None:
    data = entity["data"]
    if entity["type"] == CITATION:
        numbers = cite(source_keys(data))
        return {
            "_type": "citation",
            "references": numbers,
            "support": data.get("support") or "direct",
            "locator": data.get("locator") or "",
        }
    if entity["type"] == "LINK" and data.get("id") is not None:
        article = articles.get(int(data["id"]))
        return {"_type": "article", "article": article} if article else None
    if entity["type"] == "LINK" and str(data.get("url", "")).lower().startswith(SCHEMES):
        return {"_type": "link", "href": data["url"]}
    return None


def _spans(block: dict, definitions: list[tuple]) -> list[dict[str, Any]]:
    """The block's text, cut wherever a mark begins or ends; a citation's stand-in becomes its numbers."""
    text = block["text"]
    styles = [
        (MARKS[style["style"]], style["offset"], style["offset"] + style["length"])
        for style in block["inlineStyleRanges"]
        if style["style"] in MARKS
    ]
    links = [(made["_key"], start, end) for made, start, end in definitions]
    cuts = sorted({0, len(text), *(cut for _, start, end in styles + links for cut in (start, end))})
    numbers = {start: made for made, start, _ in definitions if made["_type"] == "citation"}
    inside = {(start, end) for made, start, end in definitions if made["_type"] == "citation"}
    spans: list[dict[str, Any]] = []
    for start, end in pairwise(cuts):
        if any(first < start < last for first, last in inside):
            continue
        marks = [name for name, first, last in styles + links if first <= start and end <= last]
        shown = _numbers(numbers[start]) if start in numbers else text[start:end]
        spans.append({"_type": "span", "text": shown, "marks": marks})
    return spans if any(str(span["text"]).strip() for span in spans) else []


def _numbers(citation: dict) -> str:
    return f"[{', '.join(str(number) for number in citation['references'])}]"
