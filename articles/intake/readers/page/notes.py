"""Footnotes and comments of a page: which element is a note, and which link leads to it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from articles.intake.readers.page.tree import elements, text_of

_FOOTNOTE = re.compile(
    r"_?(?:ftnt?|edn|fn|footnote|endnote|sdfootnote|sdendnote|user-content-fn|easy-footnote|mfn)(?!.*ref)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"_?(?:cmnt|msocom)[-_:]?\d", re.IGNORECASE)
_NUMBER = re.compile(r"\s*[\[(]?\s*(\d{1,3})\s*[\])]?\s*")
_BLOCKS = ("li", "p", "div", "aside", "section", "dd", "td")


@dataclass(frozen=True)
class Notes:
    """`numbers`: {element that holds a footnote: its number}; `comments`: elements that hold a comment."""

    numbers: Mapping[HtmlElement, str]
    comments: frozenset[HtmlElement]
    targets: frozenset[str]  # every id and name of the page

    def number_of_link(self, link: HtmlElement) -> str:
        """The number that a link to a note or to a numbered source shows; "" for any other link."""
        target = link.get("href", "")
        if not target.startswith("#") or target[1:] not in self.targets:
            return ""
        found = _NUMBER.fullmatch(text_of(link))
        return found[1] if found else ""


def find_notes(root: HtmlElement) -> Notes:
    targets = {name: each for each in elements(root) for name in (each.get("id"), each.get("name")) if name}
    numbers: dict[HtmlElement, str] = {}
    comments = set()
    for link in elements(root, "a"):
        name = link.get("href", "")[1:] if link.get("href", "").startswith("#") else ""
        if (target := targets.get(name)) is None:
            continue
        if _COMMENT.match(name):
            comments.add(_holder(target))
        elif _FOOTNOTE.match(name) and not is_back_link(link, numbers):
            holder = _holder(target)
            found = _NUMBER.fullmatch(text_of(link))
            numbers.setdefault(holder, found[1] if found else text_of(link).strip("[]() ") or str(len(numbers) + 1))
    inside = [each for each in numbers if each.tag not in ("body", "html")]
    return Notes({each: numbers[each] for each in inside}, frozenset(comments), frozenset(targets))


def is_back_link(link: HtmlElement, notes: Mapping[HtmlElement, str]) -> bool:
    """Whether it leads from a note to where it is cited."""
    return link in notes or any(each in notes for each in link.iterancestors(*_BLOCKS))


def is_comment_link(link: HtmlElement) -> bool:
    return bool(_COMMENT.match(link.get("href", "")[1:])) and link.get("href", "").startswith("#")


def _holder(target: HtmlElement) -> HtmlElement:
    """The block that the note fills: the list item or division with its id, else the paragraph around its anchor."""
    if target.tag in _BLOCKS:
        return target
    around = [each for each in target.iterancestors() if each.tag in _BLOCKS]
    marked = [each for each in around if _FOOTNOTE.match(each.get("id", "")) or _is_word_note(each)]
    named = [each for each in marked if "footnote-list" not in each.get("style", "")]
    return (named or around or [target])[0]


def _is_word_note(element: HtmlElement) -> bool:
    return "mso-element:footnote" in element.get("style", "").replace(" ", "")
