"""Finds what is signed and served as JSON but not shown on the page: displays of codes, fields of references,
alternative texts, values of closed lists.

The module has no list of such fields. It walks all strings of the documents and leaves out those that the page shows,
so a new field cannot be signed unseen.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string

from articles.admin.reading import Reading
from articles.admin.sign_off.shown.text import component_html
from articles.document.documents import Document
from articles.record import vocabulary
from articles.review.review import Review

BLOCK_TAG = re.compile(
    r"</?(?:address|article|aside|blockquote|br|caption|dd|details|div|dl|dt|fig\w+|footer|form|h[1-6]|header|hr|li|"
    r"main|nav|ol|p|picture|section|source|img|summary|table|tbody|td|th|thead|tr|ul)\b[^>]*>",
    re.IGNORECASE,
)
CITATION = re.compile(r'<sup class="citation">.*?</sup>', re.DOTALL)
HIDDEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
CLOSED = {
    value for kind in vars(vocabulary).values() if isinstance(kind, type) for value in getattr(kind, "values", ())
}
MARK = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|sha-256:[0-9a-f]{64}")
STRUCTURE = {"_type", "_key", "style", "listItem", "marks"}

Path = tuple[str, ...]


@dataclass(frozen=True)
class Unseen:
    """`words` are free texts: (place, text). `marks` are ids, digests and values of closed lists: (name, value)."""

    words: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str], ...]


def unseen_of(review: Review, reading: Reading | None) -> Unseen:
    """The signed content that the page does not show; `reading` is None for a component."""
    article = {"article": reading.article} if reading else {}
    shown = render_to_string("articles/_article.html", article) if reading else component_html(review)
    return unseen_in(review.documents, shown)


def unseen_in(documents: Mapping[str, Document], shown: str) -> Unseen:
    """The content of the documents that a page with the HTML `shown` does not show."""
    page = visible(shown)
    rows = [row for document in documents.values() for row in _strings(document.value, ())]
    rows += [row for document in documents.values() for row in _yes(document.value, ())]
    found = [(path, text) for path, text in rows if not _is_in(_spaced(text), page)]
    words = _together((path, text) for path, text in found if not _is_mark(path, text))
    marks = [(_name(path), text) for path, text in found if _is_mark(path, text)]
    return Unseen(tuple(words), tuple(dict.fromkeys(marks)))


def _together(found: Iterable[tuple[Path, str]]) -> Iterator[tuple[str, str]]:
    """Puts the texts of one reference, code or image on one line, because single author names make a long list."""
    for thing, rows in groupby(found, key=lambda row: row[0][:2]):
        paths, texts = zip(*rows, strict=True)
        yield _place(paths[0] if len(paths) == 1 else thing), "; ".join(dict.fromkeys(texts))


def visible(shown: str) -> str:
    """The visible text of a page, with single spaces and without citation numbers."""
    text = TAG.sub("", BLOCK_TAG.sub(" ", CITATION.sub("", HIDDEN.sub("", shown))))
    return _spaced(html.unescape(text))


def _strings(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """(path, text) of every string. A paragraph of rich text is one string, regardless of its marks."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        if value.get("_type") == "block":
            yield path, _paragraph(value)
        for key, item in value.items():
            if not (key == "text" and value.get("_type") == "span"):
                yield from _strings(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _strings(item, (*path, str(index + 1)))


def _paragraph(block: dict[str, Any]) -> str:
    """The paragraph without citation placeholders, because the page shows the numbers instead."""
    cited = {mark["_key"] for mark in block.get("markDefs", ()) if mark["_type"] == "citation"}
    return "".join(span["text"] for span in block["children"] if cited.isdisjoint(span["marks"]))


def _yes(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """(path, "true") of every member that is true, such as {"is_prescription": true}."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value, start=1):
            yield from _yes(item, (*path, str(key)))
    elif value is True:
        yield path, "true"


def _is_in(text: str, page: str) -> bool:
    """Whether the page holds the text, and not only as a part of a longer word or number."""
    at = page.find(text)
    while at >= 0:
        around = page[at - 1 : at] + page[at + len(text) : at + len(text) + 1]
        if not any(sign.isalnum() for sign in around):
            return True
        at = page.find(text, at + 1)
    return False


def _is_mark(path: Path, text: str) -> bool:
    is_structure = not STRUCTURE.isdisjoint(path[-2:]) and not re.search(r"\s", text)
    return is_structure or text in CLOSED or MARK.fullmatch(text) is not None


def _place(path: Path) -> str:
    return " · ".join(part.replace("_", " ") for part in path)


def _name(path: Path) -> str:
    """The name of the field that holds the value."""
    return next(part.strip("_").replace("_", " ") for part in reversed(path) if not part.isdecimal())


def _spaced(text: str) -> str:
    return " ".join(text.split())
