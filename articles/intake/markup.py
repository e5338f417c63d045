"""Turns blocks into rich text: HTML as Wagtail stores it, or questions with answers. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
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
        yield from _lists(group) if is_item else (each for block in group for each in _paragraphs(block))


def _paragraphs(block: Block) -> Iterator[str]:
    """A heading, a paragraph; a table as a paragraph for each row. What has no words is nothing."""
    if block.kind is BlockKind.TABLE:
        yield from (f"<p>{escape(line, quote=False)}</p>" for line in block.text.split("\n") if line.strip())
    elif block.kind is BlockKind.HEADING:
        tag = "h3" if block.level <= 3 else "h4"
        yield f"<{tag}>{_inner(block)}</{tag}>"
    elif block.text.strip():
        yield f"<p>{_written(block)}</p>"


def _inner(block: Block) -> str:
    return block.html or escape(block.text, quote=False)


def _written(block: Block) -> str:
    """With its marker, where that is part of the text."""
    return f"{escape(block.marker, quote=False)} {_inner(block)}" if block.marker else _inner(block)


def _lists(items: list[Block]) -> Iterator[str]:
    """Lists in lists by level. A run that is no list stays paragraphs."""
    for items_of_list in _runs(items):
        is_list = _tag(items_of_list) is not None
        yield _list(items_of_list) if is_list else "".join(f"<p>{_written(item)}</p>" for item in items_of_list)


def _runs(items: Sequence[Block]) -> Iterator[list[Block]]:
    """Items with the same kind of marker on the outer level; deeper ones belong to the item before them."""
    run: list[Block] = []
    for item in items:
        is_deeper = bool(run) and item.level > run[0].level
        if run and not is_deeper and _is_bullet(item) != _is_bullet(run[0]):
            yield run
            run = []
        if run and item.level < run[0].level:
            yield run
            run = []
        run.append(item)
    if run:
        yield run


def _is_bullet(item: Block) -> bool:
    return item.marker in BULLETS or not item.marker


def _tag(items: list[Block]) -> str | None:
    """Bullets become ul; 1, 2, 3 become ol. Any other numbering is part of the text, and stays."""
    own = [item for item in items if item.level == items[0].level]
    if _is_bullet(own[0]):
        return "ul"
    return "ol" if all(item.marker.strip("().") == str(at) for at, item in enumerate(own, start=1)) else None


def _list(items: list[Block]) -> str:
    made, level, tag = [], items[0].level, _tag(items)
    starts = [at for at, item in enumerate(items) if item.level == level]
    for start, end in zip(starts, [*starts[1:], len(items)], strict=True):
        inner = "".join(_inner_lists(items[start + 1 : end]))
        made.append(f"<li>{_inner(items[start])}{inner}</li>")
    return f"<{tag}>{''.join(made)}</{tag}>"


def _inner_lists(items: list[Block]) -> Iterator[str]:
    """The lists within an item; one that does not count from one is a list of its written numbers."""
    for run in _runs(items):
        if _tag(run) is None:
            run = [replace(item, marker="•", text=item.written, html=_written(item)) for item in run]
        yield _list(run)
