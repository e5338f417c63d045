"""Which marks rich text may carry, and the citation and the anchor as Wagtail's editor stores them.

Stored forms: `<a linktype="citation" sources="1,2" said='{"1": {"support": …, "locator": …, "quote": …}, …}'>[1]</a>`,
`sources` being primary keys; numbers are given at render time, and the text inside is only a stand-in. Older ones have
`support` and `locator` for all their sources. `<a linktype="anchor" section="…">words</a>`, `section` being the id of
a section's block in the same article.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from wagtail.rich_text import LinkHandler

from articles.record.vocabulary import Support
from articles.sources.models import Source

CITATION = "CITATION"
ANCHOR = "ANCHOR"
PASTE = "paste"  # how the editor reads what is pasted
LONGEST = {"locator": 80, "quote": 1000}  # characters
KEY = re.compile(r"[0-9]{1,18}")  # what a database can hold as a primary key
SECTION_FEATURES = [
    "h3",
    "h4",
    "bold",
    "italic",
    "superscript",
    "subscript",
    "ul",
    "ol",
    "link",
    "anchor",
    "citation",
    PASTE,
]
COMPONENT_FEATURES = ["bold", "italic", "superscript", "subscript", "ul", "ol", "link", PASTE]
ANSWER_FEATURES = ["bold", "italic", "superscript", "subscript", "ul", "ol", "link", "anchor", "citation", PASTE]


class AnchorHandler(LinkHandler):
    """An anchor names no row of the database."""

    identifier = "anchor"

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        return "<a>"


class CitationHandler(LinkHandler):
    """Tells Wagtail's reference index which sources a text cites."""

    identifier = "citation"

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        return "<a>"

    @classmethod
    def extract_references(cls, attrs: dict) -> Iterator[tuple]:
        for key in source_keys(attrs):
            yield Source, str(key), "", ""


def source_keys(attrs: dict) -> list[int]:
    """Primary keys of the sources that a stored citation names, in order; what is no number is left out."""
    return [int(key) for key in str(attrs.get("sources", "")).split(",") if KEY.fullmatch(key.strip())]


def cited(attrs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a stored citation says of each of its sources, in order: {source: primary key, support, locator, quote}, ""
    where it says nothing. What no editor stores is left out."""
    shared = {"support": attrs.get("support") or "", "locator": attrs.get("locator") or "", "quote": ""}
    said = _said(attrs.get("said"))
    return [{"source": key} | said.get(str(key), shared) for key in source_keys(dict(attrs))]


def _said(text: Any) -> dict[str, dict[str, str]]:
    try:
        given = json.loads(text) if text else {}
    except (ValueError, TypeError, RecursionError):
        return {}
    rows = given.items() if isinstance(given, dict) else ()
    return {key: _of_one(row) for key, row in rows if isinstance(row, dict)}


def _of_one(row: Mapping[str, Any]) -> dict[str, str]:
    support = row.get("support")
    texts = {name: row.get(name) for name in LONGEST}
    kept = {name: text.strip()[: LONGEST[name]] if isinstance(text, str) else "" for name, text in texts.items()}
    return {"support": support if support in Support.values else ""} | kept
