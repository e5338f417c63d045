"""Portable Text -> HTML and plain text. Pure; everything is escaped, nothing passes through."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, NamedTuple

from articles.record import words
from articles.record.vocabulary import SourceStatus

Block = dict[str, Any]

TAGS = {"strong": "strong", "em": "em", "sub": "sub", "sup": "sup"}
STYLES = {"h3": "h3", "h4": "h4"}
LISTS = {"bullet": "ul", "number": "ol"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")


class Target(NamedTuple):
    """Where a link to an article leads: its page for readers, and the id of the article there."""

    href: str
    article: str


@dataclass(frozen=True)
class Shown:
    """What HTML needs beside the text.

    language   of the article: fixed words are in it
    targets    {article id: Target}; a link to any other article is plain text
    statuses   {number of a reference: SourceStatus}, where readers must see it at the claims
    """

    language: str
    targets: Mapping[str, Target] = field(default_factory=dict)
    statuses: Mapping[int, str] = field(default_factory=dict)

    def word(self, name: str, value: str | None) -> str:
        """The words for a value of a closed list, as HTML; no value is no word."""
        return words.label(name, value, self.language).in_html(self.language) if value else ""

    def sentence(self, key: str, **given: object) -> str:
        return words.sentence(key, self.language, **given).in_html(self.language)

    def status_of(self, number: int) -> str:
        """The words for what readers must know of a reference at the claims that cite it; "" for nothing."""
        status = self.statuses.get(number)
        return words.label("source-status", status, self.language).text if status else ""

    def address(self, article: str) -> str | None:
        return self.targets[article].href if article in self.targets else None


def to_html(blocks: list[Block], shown: Shown) -> str:
    """Well-formed HTML: p, h3, h4, ul, ol, strong, em, sub, sup, a; citations as `<sup class="citation">`."""
    made: list[str] = []
    open_lists: list[str] = []
    for block in blocks:
        made += _list_steps(block, open_lists)
        made.append(_opening(block) + _inline(block, shown) + ("" if "listItem" in block else _closing(block)))
    made += _close(open_lists, 0)
    return "".join(made)


def to_plain(blocks: list[Block]) -> str:
    """The words alone; paragraphs separated by a blank line."""
    return "\n\n".join("".join(span.get("text", "") for span in block["children"]) for block in blocks)


def text_as_html(text: str) -> str:
    """Plain text as HTML: escaped, line breaks kept. Quotes stay as they are: this is no attribute."""
    return escape(text, quote=False).replace("\n", "<br>")


def citation_html(references: list[int], shown: Shown) -> str:
    """`<sup class="citation">[<a href="#reference-1">1</a>]</sup>`; empty without references. A retracted one says so
    there."""
    links = ", ".join(
        f'<a href="#reference-{int(number)}">{int(number)}</a>{_status(number, shown)}' for number in references
    )
    return f'<sup class="citation">[{links}]</sup>' if links else ""


def status_html(status: str, shown: Shown) -> str:
    """` <strong class="source-retracted">Retracted</strong>`; nothing for a source in good standing."""
    if status == SourceStatus.STANDING:
        return ""
    return f' <strong class="source-{escape(status)}">{shown.word("source-status", status)}</strong>'


def _status(number: int, shown: Shown) -> str:
    return status_html(shown.statuses.get(number, SourceStatus.STANDING), shown)


def section_key(section: str) -> str:
    """The `id` of a section's element in HTML, as an attribute holds it: links to the section lead there."""
    return f"section-{escape(section)}"


def _list_steps(block: Block, open_lists: list[str]) -> Iterator[str]:
    """Tags that close and open lists so that `block` is at its level. Items stay open for lists inside them."""
    tag, level = LISTS.get(block.get("listItem", "")), int(block.get("level") or 1)
    if tag is None:
        yield from _close(open_lists, 0)
        return
    level = min(level, len(open_lists) + 1)
    same = level <= len(open_lists) and open_lists[level - 1] == tag
    yield from _close(open_lists, level if same else level - 1)
    if same:
        yield "</li>"
    else:
        open_lists.append(tag)
        yield f"<{tag}>"


def _close(open_lists: list[str], level: int) -> Iterator[str]:
    while len(open_lists) > level:
        yield f"</li></{open_lists.pop()}>"


def _opening(block: Block) -> str:
    return "<li>" if block.get("listItem") in LISTS else f"<{STYLES.get(block.get('style', ''), 'p')}>"


def _closing(block: Block) -> str:
    return f"</{STYLES.get(block.get('style', ''), 'p')}>"


def _inline(block: Block, shown: Shown) -> str:
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    return "".join(_span(span, definitions, shown) for span in block["children"])


def _span(span: Block, definitions: dict[str, Block], shown: Shown) -> str:
    text = text_as_html(span.get("text", ""))
    for mark in span.get("marks") or []:
        if mark in TAGS:
            text = f"<{TAGS[mark]}>{text}</{TAGS[mark]}>"
        elif mark in definitions:
            text = _linked(text, definitions[mark], shown)
    return text


def _linked(text: str, definition: Block, shown: Shown) -> str:
    match definition["_type"]:
        case "citation":
            return citation_html([row["reference"] for row in definition["citations"]], shown)
        case "article":
            target = shown.targets.get(definition["article"])
            return _article_link(text, target) if target else text
        case "anchor":
            return f'<a href="#{section_key(definition["section"])}">{text}</a>'
        case "link" if definition["href"].lower().startswith(SCHEMES):
            return f'<a href="{escape(definition["href"])}" rel="noopener">{text}</a>'
    return text


def _article_link(text: str, target: Target) -> str:
    return f'<a href="{escape(target.href)}" data-article="{escape(target.article)}">{text}</a>'
