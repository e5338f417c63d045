"""What holds for the text of an element of a page: its kind, its marks, whether it is of the article."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml.html import HtmlElement

from articles.intake.outline import BlockKind
from articles.intake.readers.page import looks
from articles.intake.readers.page.article import HEADINGS, Place
from articles.intake.readers.page.notes import Notes
from articles.intake.readers.page.tree import is_hidden, style, text_of, tokens

BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"  # noqa: SIM905
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup html label legend li main menu nav ol p pre search section"
    " summary table tbody td tfoot th thead tr ul".split()
)
LISTS = frozenset({"ul", "ol", "menu", "dir"})
# These end a heading, an item or a caption in which they stand; other blocks are a part of it.
_HARD = frozenset({*LISTS, "table", "tr", "td", "th", "figure", "figcaption", "pre", "li", "dl", *HEADINGS})
_CLOSED = re.compile(r"accordion|collaps|faq|toggle|tab-?(?:pane|content|panel)|panel|answer|details", re.IGNORECASE)
_LEVEL = re.compile(r"mso-list\s*:\s*l\d+\s+level(\d)")
_CAPTIONS = {"wp-caption-text", "msocaption", "caption"}
_CAPTION = {"kind": BlockKind.CAPTION, "is_soft": True}
_PLAIN: dict[str, dict[str, Any]] = {
    "figcaption": _CAPTION,
    "caption": _CAPTION,
    "pre": {"keeps_lines": True},
    "label": {"is_furniture": True},
    "legend": {"is_furniture": True},
}
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Frame:
    """`end`: what the end of the element is to the text: "block", "space" or "". `item` tells list items apart."""

    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    marker: str = ""
    item: int = 0
    marks: frozenset[str] = frozenset()
    href: str = ""
    end: str = ""
    is_furniture: bool = False
    is_deleted: bool = False
    is_soft: bool = False  # blocks in it are one: a heading, an item, a caption
    is_term: bool = False
    keeps_lines: bool = False


@dataclass
class _List:
    is_ordered: bool
    number: int
    form: str

    def next_marker(self, item: HtmlElement) -> str:
        if not self.is_ordered:
            return "•"
        number = _whole(item.get("value", ""), self.number)
        self.number = number + 1
        return _marker(number, self.form)


@dataclass
class Frames:
    """Makes the frames of elements in their order."""

    place: Place
    notes: Notes
    sheet: Mapping[str, str]
    heading: int = 2
    _lists: list[_List] = field(default_factory=list)
    _items: int = 0

    def of_inline(self, element: HtmlElement, around: Frame) -> Frame:
        marks = looks.marks_of(element, self.sheet, around.marks)
        is_deleted = around.is_deleted or looks.is_deleted(element, self.sheet)
        if marks == around.marks and is_deleted == around.is_deleted and not around.end:
            return around
        return replace(around, marks=marks, is_deleted=is_deleted, end="")

    def of_block(self, element: HtmlElement, around: Frame) -> Frame:
        """A block of its own, or a part of the heading, item or caption around it (`end` is "space")."""
        marks = looks.marks_of(element, self.sheet, around.marks)
        if around.is_soft and element.tag not in _HARD and element not in self.notes.numbers:
            return replace(around, marks=marks, end="space")
        is_furniture = around.is_furniture or element in self.place.left_out
        is_note = around.kind is BlockKind.NOTE
        frame = Frame(
            kind=BlockKind.NOTE if is_note else BlockKind.PARAGRAPH,
            marker=around.marker if is_note else "",
            item=around.item if element.tag not in ("dl", "td", "th") else 0,
            marks=marks,
            href=around.href,
            end="block",
            is_furniture=is_furniture and element is not self.place.title and element is not self.place.root,
            is_deleted=around.is_deleted or looks.is_deleted(element, self.sheet),
            keeps_lines=around.keeps_lines,
        )
        if number := self.notes.numbers.get(element):
            self._items += 1
            return replace(frame, kind=BlockKind.NOTE, marker=f"{number}.", item=self._items, is_soft=True)
        return self._named(element, frame)

    def close(self, element: HtmlElement) -> None:
        if element.tag in LISTS and self._lists:
            self._lists.pop()

    def _named(self, element: HtmlElement, frame: Frame) -> Frame:
        """By the element's name."""
        if element is self.place.title:
            return replace(frame, kind=BlockKind.TITLE, is_soft=True)
        if element.tag in HEADINGS:
            self.heading = int(element.tag[1])
            return replace(frame, kind=BlockKind.HEADING, level=self.heading, is_soft=True)
        match element.tag:
            case "summary" | "button":
                return self._opener(element, frame)
            case _ if element.tag in LISTS:
                self._lists.append(_list(element))
            case "li":
                return self._item(frame, element)
            case "dt":
                return replace(frame, marks=frame.marks | {"b"}, is_term=True, is_soft=True)
            case "p":
                return _paragraph(element, frame)
        return replace(frame, **_PLAIN.get(element.tag, {}))

    def _opener(self, element: HtmlElement, frame: Frame) -> Frame:
        """What opens a closed part of the page heads it; other buttons belong to the page."""
        opens = {"aria-expanded", "aria-controls"} & set(element.attrib) or is_closed(element)
        if element.tag == "button" and not (opens and len(text_of(element).split()) > 2):
            return replace(frame, is_furniture=True, is_soft=True)
        return replace(frame, kind=BlockKind.HEADING, level=max(3, self.heading + 1), is_soft=True)

    def _item(self, frame: Frame, element: HtmlElement) -> Frame:
        if frame.kind is BlockKind.NOTE:
            return replace(frame, is_soft=True)
        self._items += 1
        marker = self._lists[-1].next_marker(element) if self._lists else "•"
        level = max(0, len(self._lists) - 1)
        return replace(frame, kind=BlockKind.ITEM, marker=marker, level=level, item=self._items, is_soft=True)


def is_closed(element: HtmlElement) -> bool:
    """Whether it is a part of the article that opens on a click, such as an answer."""
    return element.get("role") in ("region", "tabpanel") or any(map(_CLOSED.search, tokens(element)))


def is_out_of_sight(element: HtmlElement) -> bool:
    return is_hidden(element) and not is_closed(element)


def _paragraph(element: HtmlElement, frame: Frame) -> Frame:
    """Word writes list items and captions as paragraphs of a style."""
    if found := _LEVEL.search(style(element)):
        return replace(frame, kind=BlockKind.ITEM, level=int(found[1]) - 1, is_soft=True)
    is_caption = _CAPTIONS & set(tokens(element))
    return replace(frame, kind=BlockKind.CAPTION, is_soft=True) if is_caption else frame


def _list(element: HtmlElement) -> _List:
    start = _whole(element.get("start", ""), 1)
    return _List(element.tag == "ol", start, element.get("type", "1")[:1] or "1")


def _whole(written: str, otherwise: int) -> int:
    written = written.strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else otherwise


def _marker(number: int, form: str) -> str:
    if form in "aA" and 1 <= number <= 26:
        return f"{chr(ord(form) + number - 1)}."
    if form in "iI" and number >= 1:
        roman = _roman(number)
        return f"{roman if form == 'I' else roman.lower()}."
    return f"{number}."


def _roman(number: int) -> str:
    made = ""
    for value, sign in zip(
        (100, 90, 50, 40, 10, 9, 5, 4, 1), ["C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"], strict=True
    ):
        made += sign * min(number // value, 10)
        number %= value
    return made
