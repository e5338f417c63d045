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
from articles.admin.structure import BLOCK_TAGS, is_structure
from articles.document.documents import Document
from articles.publishing.session.signing import Waiting
from articles.record.compare.differences import Change, Run
from articles.record.history import find_signed
from articles.review.review import Review

BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(BLOCK_TAGS)})\b[^>]*>", re.IGNORECASE)
CITATION = re.compile(r'<sup class="citation">.*?</sup>', re.DOTALL)
HIDDEN = re.compile(r"<(script|style|template)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")

Path = tuple[str, ...]


@dataclass(frozen=True)
class Unseen:
    """`words` are free texts: (place, text). `marks` are ids, digests and values of closed lists: (name, value)."""

    words: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str], ...]


def unseen_of(review: Review, reading: Reading | None) -> Unseen:
    """The signed content that the page does not show; `reading` is None for a component."""
    return unseen_in(review.documents, _shown(reading.article) if reading else component_html(review))


def _shown(article: dict[str, Any]) -> str:
    """The text, and the texts for search engines and pictures that stand below it."""
    below = render_to_string("admin/sign_off/_presentation.html", {"content": article["content"]})
    return render_to_string("articles/_article.html", {"article": article}) + below


def unseen_in(documents: Mapping[str, Document], shown: str) -> Unseen:
    """The content of the documents that a page with the HTML `shown` does not show."""
    page = visible(shown)
    rows = [row for document in documents.values() for row in _strings(document.value, ())]
    rows += [row for document in documents.values() for row in _yes(document.value, ())]
    found = [(path, text) for path, text in rows if not _is_in(_spaced(text), page)]
    words = _together((path, text) for path, text in found if not is_structure(path, text))
    marks = [(_name(path), text) for path, text in found if is_structure(path, text)]
    return Unseen(tuple(words), tuple(dict.fromkeys(marks)))


def unshown_in(old: Any, new: Any, told: Iterable[Change], *, both: bool) -> list[tuple[str, str]]:
    """(place, text) of what a change replaced, and with `both` also of what replaced it, that the marked differences
    do not show as it is."""
    runs = [change.excerpt for change in told]
    was, now = (_spaced(" ".join(_side(run, op) for run in runs)) for op in ("added", "removed"))
    sides = [(old, new, was, "Replaced"), (new, old, now, "New")]
    found = []
    for value, other, page, word in sides if both else sides[:1]:
        known = set(_by_section(other))
        rows = [row for row, key in zip(_strings(value, ()), _by_section(value), strict=True) if key not in known]
        rows = [(path, text) for path, text in rows if not is_structure(path, text) and not _is_in(_spaced(text), page)]
        found += [(f"{word} · {place}", text) for place, text in _together(rows)]
    return found


def unshown(text: Waiting) -> list[tuple[str, str]]:
    """What the page of a signing session does not show otherwise of the changes of a text."""
    base, documents = text.review.base, text.review.documents
    assert base is not None
    found = []
    for part in text.parts:
        found += unshown_in(find_signed(base.digests[part]) or {}, documents[part].value, text.told, both=True)
    return found


def _side(runs: Iterable[Run], without: str) -> str:
    return "".join(run.text for run in runs if run.op != without)


def _by_section(value: Any) -> Iterator[tuple[str, str]]:
    """(id of the section, text) of every string, in the order of `_strings`."""
    sections = value.get("sections", []) if isinstance(value, dict) else []
    for path, text in _strings(value, ()):
        yield sections[int(path[1]) - 1]["id"] if path[:1] == ("sections",) and len(path) > 1 else "", text


def _together(found: Iterable[tuple[Path, str]]) -> Iterator[tuple[str, str]]:
    """Puts the texts of one reference, code or image on one line: “author given: Frank; publisher: BMJ”."""
    for thing, group in groupby(found, key=lambda row: row[0][:2]):
        rows = list(group)
        fields: dict[str, dict[str, None]] = {}
        for path, text in rows:
            fields.setdefault(_field(path), {})[text] = None
        told = [": ".join(filter(None, (name, ", ".join(texts)))) for name, texts in fields.items()]
        yield _place(rows[0][0] if len(rows) == 1 else thing), "; ".join(told) if len(rows) > 1 else rows[0][1]


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


def _place(path: Path) -> str:
    return " · ".join(part.replace("_", " ") for part in path)


def _field(path: Path) -> str:
    """The field of the thing, below its number: “author given” of references · 2 · csl · author · 1 · given."""
    return " ".join(part.replace("_", " ") for part in path[2:] if not part.isdecimal() and part != "csl")


def _name(path: Path) -> str:
    """The name of the field that holds the value."""
    return next(part.strip("_").replace("_", " ") for part in reversed(path) if not part.isdecimal())


def _spaced(text: str) -> str:
    return " ".join(text.split())
