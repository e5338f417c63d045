"""HTML: a page, saved or written by hand -> blocks. Word, Markdown and WordPress end here too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Manuscript
from articles.intake.readers.decoding import NO_WORDS, decode_markup, require_countable
from articles.intake.readers.page.article import find_place
from articles.intake.readers.page.blocks import Attachment, Walk, settle
from articles.intake.readers.page.frames import Frame
from articles.intake.readers.page.looks import read_sheet
from articles.intake.readers.page.metadata import read_metadata
from articles.intake.readers.page.notes import find_notes
from articles.intake.readers.page.tree import parse

SHOWN = 60  # characters of a text in a warning


@dataclass(frozen=True)
class Setting:
    """What the caller knows of the markup. `title` is given: no other is looked for."""

    title: str = ""
    is_page: bool = True  # False: an article alone, without a site around it
    has_title: bool = True  # False: an h1 is a heading like others
    breaks: bool = False  # lines of the text are lines of the page, as WordPress has it
    base: str = ""  # what relative addresses begin with
    attachments: Mapping[str, Attachment] = field(default_factory=dict)


def read(data: bytes) -> Iterator[Manuscript]:
    """One manuscript. Raises Unreadable."""
    markup, warnings = decode_markup(data)
    found = read_markup(markup, Setting())
    yield replace(found, original=data, warnings=(*warnings, *found.warnings))


def read_markup(markup: str, setting: Setting) -> Manuscript:
    """The article of a page: its blocks, pictures, what it says of itself, and warnings. Raises Unreadable."""
    root = parse(markup)
    metadata = read_metadata(root)
    has_title = setting.has_title and not setting.title
    place = find_place(root, metadata, is_page=setting.is_page, has_title=has_title)
    walk = Walk(
        place,
        find_notes(root),
        read_sheet(root),
        base=setting.base or metadata.base,
        breaks=setting.breaks,
        attachments=setting.attachments,
    )
    walk.read(root, Frame(is_furniture=place.root.tag != "body" and place.root is not root))
    title = setting.title or ("" if place.title is not None or not setting.is_page else metadata.title)
    blocks = _titled(settle(walk.blocks), title)
    require_countable([block.text for block in blocks])
    if not any(re.search(r"\w", block.text) for block in blocks):
        raise Unreadable(NO_WORDS)
    return Manuscript(blocks, metadata.origin, tuple(walk.pictures), tuple(_warnings(walk)))


def _titled(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    """With the title as first block. A heading that only says it again belongs to the page."""
    if not title:
        return blocks
    same = title.casefold()
    kept = (
        replace(block, kind=BlockKind.FURNITURE)
        if block.kind is BlockKind.HEADING and block.level == 1 and block.text.casefold() == same
        else block
        for block in blocks
    )
    return Block(BlockKind.TITLE, title), *kept


def _warnings(walk: Walk) -> Iterator[str]:
    deleted = " ".join(" ".join(walk.deleted).split())
    if deleted:
        shown = deleted if len(deleted) <= SHOWN else f"{deleted[:SHOWN]}…"
        yield f"Text that is struck out or marked as deleted was left out: “{shown}”. Compare it with the original."
    if walk.embedded:
        yield f"Videos and other embedded contents were left out: {', '.join(dict.fromkeys(walk.embedded))}."
    if walk.dropped_links:
        yield (
            f"{walk.dropped_links} links lead to no complete address. Their words were kept; add the addresses where "
            "readers need them."
        )
