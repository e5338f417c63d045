"""Which part of a page is the article, and what in it belongs to the page: menus, share bars, comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from articles.intake.readers.page.metadata import Metadata, heading_text
from articles.intake.readers.page.tree import NEVER_WORDS, elements, is_hidden, text_of, tokens, walk

MAIN_SHARE = 0.6  # an article holds at least so much of the prose of what is around it
MAX_SHARE = 0.2  # what is left out of an article is never so much of it
FEW = 300  # characters
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_CONTENT = re.compile(
    r"(?:entry|post|article|page|single|story|blog)[-_]?(?:content|body|text)|articlebody|mw-parser-output"
)
_AROUND = ("nav", "form", "menu", "dialog")
_RIM = ("header", "footer", "aside")
# Said of a part as a whole, these are certain; a word alone may be part of any name.
_CERTAIN = re.compile(
    r"^(?:sharedaddy|addtoany.*|social-?(?:share|sharing|links|icons|media).*|share-?(?:bar|buttons?|links?|post|this).*"
    r"|(?:post|entry)-(?:share|tags|navigation)|tags-links|breadcrumbs?|.*breadcrumb.*|cookie-?(?:banner|notice|bar|consent).*"
    r"|newsletter.*|.*-newsletter|jp-relatedposts|related-?(?:posts?|articles?|content|stories)|yarpp.*|comments?-?(?:area|list|section)?"
    r"|respond|disqus_thread|author-?(?:box|bio|card)|toc|.*-toc|toc-.*|toc_container|table-of-contents|lwptoc.*|skip-link"
    r"|adsbygoogle|advert(?:isement)?s?|ad-?(?:slot|container|unit)|pagination|pager|post-nav.*|left-out|mw-editsection|navbox.*"
    r"|screen-reader-text|sr-only|visually-hidden|visuallyhidden|back-to-top|print-?(?:button|link)|wp-block-latest-posts)$"
)
_PERHAPS = re.compile(
    r"(?:^|[-_])(?:share|sharing|social|related|recommended|sidebar|widget|promo|banner|popup|modal|subscribe|nav|menu|ads?|meta|tags)(?:$|[-_])"
)


@dataclass(frozen=True)
class Place:
    """Where the article is: `root` holds it, `title` is the element of its title."""

    root: HtmlElement
    title: HtmlElement | None
    left_out: frozenset[HtmlElement]


class Measures:
    """For each element: the characters of its text, of its links, and of its prose (neither link nor furniture)."""

    def __init__(self, body: HtmlElement) -> None:
        self.of: dict[HtmlElement, list[int]] = {}
        stack: list[list[int]] = [[0, 0]]
        links = 0
        walker = walk(body)
        for event, element in walker:
            if event == "start":
                links += element.tag == "a"
                stack.append([0, 0])
                if element.tag in NEVER_WORDS or is_hidden(element):
                    walker.skip_subtree()
                    continue
                self._add(stack[-1], element.text, links)
            else:
                links -= element.tag == "a"
                own = stack.pop()
                self.of[element] = own
                stack[-1][0] += own[0]
                stack[-1][1] += own[1]
                self._add(stack[-1], element.tail if element is not body else None, links)

    @staticmethod
    def _add(counts: list[int], text: str | None, links: int) -> None:
        size = len("".join((text or "").split()))
        counts[0] += size
        counts[1] += size if links else 0

    def text(self, element: HtmlElement) -> int:
        return self.of.get(element, [0, 0])[0]

    def prose(self, element: HtmlElement) -> int:
        counts = self.of.get(element, [0, 0])
        return counts[0] - counts[1]

    def is_mostly_links(self, element: HtmlElement) -> bool:
        return self.prose(element) < self.text(element) / 2


def find_place(root: HtmlElement, metadata: Metadata, *, is_page: bool, has_title: bool) -> Place:
    """`is_page` is False for a fragment that is an article as a whole; furniture is found in it all the same."""
    body = next(elements(root, "body"), root)
    measures = Measures(body)
    article = _find_article(body, measures) if is_page else body
    title = find_title(body, article, metadata) if has_title else None
    return Place(article, title, frozenset(_furniture(article, measures, is_page=is_page)))


def _find_article(body: HtmlElement, measures: Measures) -> HtmlElement:
    """The narrowest of body, main part, article and its content that still holds the prose around it."""
    chosen = body
    for candidates in (_mains(body), elements(body, "article"), _contents(body)):
        best = max((each for each in candidates if each in measures.of), key=measures.prose, default=None)
        if best is not None and _holds(chosen, best, measures):
            chosen = best
    return chosen


def _holds(around: HtmlElement, best: HtmlElement, measures: Measures) -> bool:
    is_inside = any(each is around for each in best.iterancestors())
    rims = [each for each in elements(around, *_RIM, *_AROUND) if not any(each is up for up in best.iterancestors())]
    comments = [each for each in around.iter() if "comments" in tokens(each)] if around is not best else []
    outside = {each for each in (*rims, *comments) if not any(up is best for up in each.iterancestors())}
    furniture = sum(measures.prose(each) for each in outside if not any(up in outside for up in each.iterancestors()))
    return is_inside and measures.prose(best) >= MAIN_SHARE * max(1, measures.prose(around) - furniture)


def _mains(body: HtmlElement) -> Iterator[HtmlElement]:
    for each in elements(body):
        if each.tag == "main" or each.get("role", "").lower() == "main":
            yield each


def _contents(body: HtmlElement) -> Iterator[HtmlElement]:
    """Only where the title, references and notes are inside too: content alone leaves them out."""
    for each in elements(body, "div", "section"):
        is_content = each.get("itemprop", "").lower() == "articlebody" or any(map(_CONTENT.fullmatch, tokens(each)))
        if is_content and not any(up.tag in ("article", "main") for up in each.iterancestors()):
            yield each


def find_title(body: HtmlElement, article: HtmlElement, metadata: Metadata) -> HtmlElement | None:
    """The h1 of the article; of several, the one that the page is called after."""
    inside = [each for each in elements(article, "h1") if text_of(each)]
    if (named := _titled(article)) is not None:
        return named
    if len(inside) == 1:
        return inside[0]
    page = metadata.title.casefold()
    around = inside or [each for each in elements(body, "h1") if text_of(each)]
    called = [each for each in around if page and heading_text(each).casefold() in page]
    if called:
        return called[0]
    return around[0] if inside and next(elements(article, *HEADINGS)) is inside[0] and _is_alone(inside) else None


def _titled(article: HtmlElement) -> HtmlElement | None:
    """What Word and Google Docs call the title, before any heading."""
    for each in elements(article, "p", *HEADINGS):
        if {"title", "msotitle"} & set(tokens(each)) and text_of(each):
            return each
        if each.tag in HEADINGS:
            return None
    return None


def _is_alone(headings: list[HtmlElement]) -> bool:
    """Whether the second h1 only repeats the first."""
    return len({heading_text(each).casefold() for each in headings}) == 1


def _furniture(article: HtmlElement, measures: Measures, *, is_page: bool) -> Iterator[HtmlElement]:
    whole = max(1, measures.text(article))
    for element in elements(article):
        if element is article or element.tag in ("html", "body", *HEADINGS) or element not in measures.of:
            continue
        if _is_furniture(element, measures, whole, at_rim=article.tag == "body" and is_page):
            yield element


def _is_furniture(element: HtmlElement, measures: Measures, whole: int, *, at_rim: bool) -> bool:
    """What never holds a part of the article: menus, what is named for it, and what is only links."""
    size = measures.text(element)
    if element.tag in ("nav", "menu", "dialog") or element.get("role") in ("navigation", "search", "banner", "dialog"):
        return size < whole / 2
    if element.tag == "form":
        return size < MAX_SHARE * whole
    if element.tag in _RIM and at_rim and element.getparent().tag in ("body", "div"):
        has_title = next(elements(element, "h1"), None) is not None
        return not has_title and size < whole / 2
    if element.tag == "aside":
        return measures.is_mostly_links(element)
    names = tokens(element)
    if any(map(_CERTAIN.match, names)):
        return size < MAX_SHARE * whole or (any(name.startswith("comment") for name in names) and size < whole / 2)
    is_little = size < FEW and size < MAX_SHARE * whole
    return any(map(_PERHAPS.search, names)) and is_little and measures.is_mostly_links(element) and size > 0
