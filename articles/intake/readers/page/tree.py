"""Parses HTML, however broken, into a tree that is small enough to walk. Used by every reader that ends in HTML."""

import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from articles.errors import Unreadable
from articles.intake.readers.decoding import NO_WORDS

MAX_DEPTH = 1_000  # libxml2 itself stops at 2,048, and would drop the rest without a word
MAX_ELEMENTS = 150_000  # a page of 1.8 MB with 900 references has some 40,000
NEVER_WORDS = frozenset(
    "annotation annotation-xml base head link meta param script style template title track".split()  # noqa: SIM905
)

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def parse(markup: str) -> HtmlElement:
    """The `html` element of a page or of a fragment, without comments. Raises Unreadable."""
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except etree.ParserError as error:
        raise Unreadable(NO_WORDS) from error
    if root is None:
        raise Unreadable(NO_WORDS)
    _require_walkable(root)
    return root


def walk(root: HtmlElement) -> "etree.iterwalk":
    """Starts and ends of elements, without recursion. After `skip_subtree()` comes the end of the same element."""
    return etree.iterwalk(root, events=("start", "end"))


def elements(root: HtmlElement, *names: str) -> Iterator[HtmlElement]:
    """All elements of these names below the root, in order."""
    return (each for each in root.iter(*names) if isinstance(each.tag, str))


def tokens(element: HtmlElement) -> list[str]:
    """The words of `class` and `id`, in lower case."""
    return f"{element.get('class', '')} {element.get('id', '')}".lower().split()


def style(element: HtmlElement) -> str:
    return element.get("style", "").lower()


def is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or bool(_HIDDEN.search(element.get("style", "")))


def text_of(element: HtmlElement) -> str:
    """All words in it, with single spaces; `script` and `style` are no words."""
    return " ".join("".join(_texts(element)).split())


def first(found: Iterable[HtmlElement]) -> HtmlElement | None:
    return next(iter(found), None)


def _texts(element: HtmlElement) -> Iterator[str]:
    walker = walk(element)
    for event, each in walker:
        if event == "start" and each.tag in NEVER_WORDS and each is not element:
            walker.skip_subtree()
        elif event == "start":
            yield each.text or ""
        elif each is not element:
            yield f" {each.tail or ''}" if each.tag in ("p", "div", "br", "li", "td", "th") else each.tail or ""


def _require_walkable(root: HtmlElement) -> None:
    depth = count = 0
    for event, _ in walk(root):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH:
            raise Unreadable(
                f"The page nests more than {MAX_DEPTH:,} elements in one another. Open it in a browser, copy the "
                "article, and import it as plain text."
            )
        if count > MAX_ELEMENTS:
            raise Unreadable(
                f"The page has more than {MAX_ELEMENTS:,} elements; that is no article. Split it into one file for "
                "each article."
            )
