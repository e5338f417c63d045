"""Which marks rich text may carry, and the citation and the anchor as Wagtail's editor stores them.

Stored forms: `<a linktype="citation" sources="1,2" support="direct" locator="p. 3">[1]</a>`, `sources` being primary
keys; numbers are given at render time, and the text inside is only a stand-in. `<a linktype="anchor" section="…">words
</a>`, `section` being the id of a section's block in the same article.
"""

import re
from collections.abc import Iterator

from wagtail.rich_text import LinkHandler

from articles.sources.models import Source

CITATION = "CITATION"
ANCHOR = "ANCHOR"
PASTE = "paste"  # how the editor reads what is pasted
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
