"""Portable Text -> HTML, Markdown and plain text. Pure; everything is escaped, nothing passes through.

`address` turns an article's id into its URL for readers; None: the target has no publication, so plain text.
"""

import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any
from urllib.parse import quote

Address = Callable[[str], str | None]
Block = dict[str, Any]

TAGS = {"strong": "strong", "em": "em", "sub": "sub", "sup": "sup"}
STYLES = {"h3": "h3", "h4": "h4"}
LISTS = {"bullet": "ul", "number": "ol"}
SCHEMES = ("https://", "http://", "mailto:", "tel:")
MARKDOWN = {"strong": "**", "em": "*"}
MARKDOWN_SPECIAL = re.compile(r"([\\`*_\[\]<>#])")


def to_html(blocks: list[Block], *, address: Address) -> str:
    """Well-formed HTML: p, h3, h4, ul, ol, strong, em, sub, sup, a; citations as `<sup class="citation">`."""
    made: list[str] = []
    open_lists: list[str] = []
    for block in blocks:
        made += _list_steps(block, open_lists)
        made.append(_opening(block) + _inline(block, address) + ("" if "listItem" in block else _closing(block)))
    made += _close(open_lists, 0)
    return "".join(made)


def to_plain(blocks: list[Block]) -> str:
    """The words alone; paragraphs separated by a blank line."""
    return "\n\n".join("".join(span.get("text", "") for span in block["children"]) for block in blocks)


def to_markdown(blocks: list[Block], *, address: Address) -> str:
    """CommonMark; sub and sup stay HTML, which CommonMark allows."""
    return "\n\n".join(_markdown_block(block, address) for block in blocks)


def text_as_html(text: str) -> str:
    """Plain text as HTML: escaped, line breaks kept. Quotes stay as they are: this is no attribute."""
    return escape(text, quote=False).replace("\n", "<br>")


def citation_html(references: list[int]) -> str:
    """`<sup class="citation">[<a href="#reference-1">1</a>]</sup>`; empty without references."""
    links = ", ".join(f'<a href="#reference-{int(number)}">{int(number)}</a>' for number in references)
    return f'<sup class="citation">[{links}]</sup>' if links else ""


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


def _inline(block: Block, address: Address) -> str:
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    return "".join(_span(span, definitions, address) for span in block["children"])


def _span(span: Block, definitions: dict[str, Block], address: Address) -> str:
    text = text_as_html(span.get("text", ""))
    for mark in span.get("marks") or []:
        if mark in TAGS:
            text = f"<{TAGS[mark]}>{text}</{TAGS[mark]}>"
        elif mark in definitions:
            text = _linked(text, definitions[mark], address)
    return text


def _linked(text: str, definition: Block, address: Address) -> str:
    match definition["_type"]:
        case "citation":
            return citation_html([row["reference"] for row in definition["citations"]])
        case "article":
            href = address(definition["article"])
            return f'<a href="{escape(href)}">{text}</a>' if href else text
        case "anchor":
            return f'<a href="#{section_key(definition["section"])}">{text}</a>'
        case "link" if definition["href"].lower().startswith(SCHEMES):
            return f'<a href="{escape(definition["href"])}" rel="noopener">{text}</a>'
    return text


def _markdown_block(block: Block, address: Address) -> str:
    definitions = {made["_key"]: made for made in block.get("markDefs") or []}
    text = "".join(_markdown_span(span, definitions, address) for span in block["children"])
    if block.get("listItem") in LISTS:
        indent = "    " * (int(block.get("level") or 1) - 1)
        return f"{indent}{'1.' if block['listItem'] == 'number' else '-'} {text}"
    prefix = {"h3": "### ", "h4": "#### "}.get(block.get("style", ""), "")
    return prefix + text


def _markdown_span(span: Block, definitions: dict[str, Block], address: Address) -> str:
    text = MARKDOWN_SPECIAL.sub(r"\\\1", span.get("text", ""))
    for mark in span.get("marks") or []:
        if mark in MARKDOWN:
            text = f"{MARKDOWN[mark]}{text}{MARKDOWN[mark]}"
        elif mark in TAGS:
            text = f"<{mark}>{text}</{mark}>"
        elif mark in definitions and (href := _href(definitions[mark], address)):
            text = f"[{text}]({href})"
    return text


def _href(definition: Block, address: Address) -> str | None:
    if definition["_type"] == "article":
        return address(definition["article"])
    if definition["_type"] == "anchor":
        return f"#section-{quote(definition['section'])}"
    href = definition.get("href", "") if definition["_type"] == "link" else ""
    return quote(href, safe=":/?#@!$&'*+,;=%~-._") if href.lower().startswith(SCHEMES) else None
