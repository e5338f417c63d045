"""Turns blocks into rich text: HTML as Wagtail stores it, or questions with answers. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from articles.intake.outline import Block, BlockKind

BULLETS = frozenset("-–—*+•◦▪‣·●○■")


def html(blocks: Sequence[Block]) -> str:
    """Paragraphs, h3 and h4, and lists; every word of the blocks, escaped."""
    return "".join(_html(blocks))


def questions(blocks: Sequence[Block]) -> tuple[str, list[tuple[str, str]]]:
    """The text before the first subheading, then each subheading with its text: (html, [(question, html)])."""
    starts = [position for position, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    ends = [*starts[1:], len(blocks)]
    answered = [(blocks[start].text, html(blocks[start + 1 : end])) for start, end in zip(starts, ends, strict=True)]
    return html(blocks[: starts[0]] if starts else blocks), answered


def _html(blocks: Sequence[Block]) -> Iterator[str]:
    for is_item, run in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        group = list(run)
        yield from _lists(group) if is_item else map(_paragraph, group)


def _paragraph(block: Block) -> str:
    tag = "p" if block.kind is not BlockKind.HEADING else "h3" if block.level <= 3 else "h4"
    return f"<{tag}>{escape(block.text, quote=False)}</{tag}>"


def _lists(items: list[Block]) -> Iterator[str]:
    """Bullets become ul; 1, 2, 3 become ol. Any other numbering is part of the text, and stays."""
    for is_bulleted, run in groupby(items, key=lambda item: item.marker in BULLETS or not item.marker):
        group = list(run)
        if is_bulleted:
            yield _list("ul", group)
        elif _counts_from_one(group):
            yield _list("ol", group)
        else:
            yield from (f"<p>{escape(item.written, quote=False)}</p>" for item in group)


def _counts_from_one(items: Iterable[Block]) -> bool:
    return all(item.marker.strip("().") == str(number) for number, item in enumerate(items, start=1))


def _list(tag: str, items: Iterable[Block]) -> str:
    inner = "".join(f"<li>{escape(item.text, quote=False)}</li>" for item in items)
    return f"<{tag}>{inner}</{tag}>"
