"""The readable text of a section in passages: a plain field, a paragraph, an item of a list.

Works on a block's value as Wagtail stores it, or without the wrapping of lists; the block definitions say what is text.
Used for suggestions and for the reading level.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.blocks import Block, CharBlock, ListBlock, RichTextBlock, StructBlock, TextBlock
from wagtail.contrib.table_block.blocks import TableBlock

from articles.authoring.blocks.article import ArticleBody
from articles.document.stored import type_of

TAG = re.compile(r"""</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
PARAGRAPH = re.compile(r"</?(?:p|h[1-6]|li|ul|ol|hr)\b", re.IGNORECASE)
BREAK = re.compile(r"<br\b", re.IGNORECASE)
CITATION = re.compile(r'<a\b[^<>]*\blinktype="citation"', re.IGNORECASE)
NOT_READ = {"citations", "codes"}  # words of sources and terminologies, which cannot be changed here
LABELS = {"statement": "Finding", "text": "Text", "group": "Who", "alt": "What the picture shows", "signs": "Sign"}


@dataclass(frozen=True)
class Node:
    """The text between two tags: `start` and `end` in the stored HTML, and the readable `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Passage:
    """`path` leads to the stored string; `nodes` are empty for a plain field, which is its own text."""

    path: tuple[str | int, ...]
    text: str
    nodes: tuple[Node, ...] = ()

    @property
    def label(self) -> str:
        """The label of the passage in a form: “Heading”, “Effect 2”."""
        names = [str(name) for name in self.path if isinstance(name, str) and name not in ("value", "data", "table")]
        rows = [step + 1 for step in self.path if isinstance(step, int)]
        name = LABELS.get(names[-1], names[-1].replace("_", " ").capitalize()) if names else "Text"
        return f"{name} {'.'.join(map(str, rows))}" if rows else name


def passages_of(kind: str, value: dict[str, Any]) -> list[Passage]:
    """All nonempty passages of a section of this kind, in the order of the form. Raises UnknownBlock."""
    block = ArticleBody.base_blocks[type_of(kind)]
    return [passage for passage in _walk(block, value, ()) if passage.text.strip()]


def passages_in(block: Block | None, stored: Any) -> list[Passage]:
    """The passages of one text, as its block stores it; `block` is None for a field of the article."""
    if block is None:
        return [Passage((), stored or "")]
    return list(_walk(block, stored or "", ()))


def _walk(block: Block, value: Any, path: tuple[str | int, ...]) -> Iterator[Passage]:
    if isinstance(block, StructBlock) and isinstance(value, dict):
        for name, child in block.child_blocks.items():
            if name not in NOT_READ and name in value:
                yield from _walk(child, value[name], (*path, name))
    elif isinstance(block, ListBlock) and isinstance(value, list):
        for index, item in enumerate(value):
            is_wrapped = isinstance(item, dict) and item.get("type") == "item" and "value" in item
            inner = (*path, index, "value") if is_wrapped else (*path, index)
            yield from _walk(block.child_block, item["value"] if is_wrapped else item, inner)
    elif isinstance(block, RichTextBlock) and isinstance(value, str):
        yield from _paragraphs(value, path)
    elif isinstance(block, CharBlock | TextBlock) and isinstance(value, str):
        yield Passage(path, value)
    elif isinstance(block, TableBlock) and isinstance(value, dict):
        yield from _cells(value, path)


def _cells(table: dict[str, Any], path: tuple[str | int, ...]) -> Iterator[Passage]:
    yield Passage((*path, "table_caption"), str(table.get("table_caption") or ""))
    for at, row in enumerate(table.get("data") or []):
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                yield Passage((*path, "data", at, index), cell)


def _paragraphs(stored: str, path: tuple[str | int, ...]) -> Iterator[Passage]:
    """A passage for each paragraph, heading or item, without citation placeholders."""
    nodes: list[Node] = []
    for node, ends in _nodes(stored):
        nodes += [node] if node.text else []
        if ends:
            yield _passage(path, nodes)
            nodes = []
    yield _passage(path, nodes)


def _passage(path: tuple[str | int, ...], nodes: list[Node]) -> Passage:
    return Passage(path, "".join(node.text for node in nodes), tuple(nodes))


def _nodes(stored: str) -> Iterator[tuple[Node, bool]]:
    """(text between two tags, whether a paragraph ends after it)."""
    start, is_citation = 0, False
    for tag in TAG.finditer(stored):
        text = "" if is_citation else html.unescape(stored[start : tag.start()])
        yield Node(start, tag.start(), text), bool(PARAGRAPH.match(tag[0]))
        if BREAK.match(tag[0]):
            yield Node(tag.start(), tag.end(), "\n"), False
        is_citation = bool(CITATION.match(tag[0])) or (is_citation and not tag[0].startswith("</a"))
        start = tag.end()
    yield Node(start, len(stored), html.unescape(stored[start:])), True
