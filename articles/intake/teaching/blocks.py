"""Pairs the blocks that a reader makes of a paste with the tags of the paste's lines."""

import random
from collections.abc import Sequence
from dataclasses import replace

from articles.intake.outline import Block, BlockKind
from articles.intake.readers.text import read_blocks
from articles.intake.recognize.tagging import Tag
from articles.intake.teaching.pastes import Paste

LEVELS = {Tag.HEADING: 2, Tag.SUBHEADING: 3, Tag.SOURCES_HEADING: 2}


def read_paste(paste: Paste) -> tuple[Sequence[Block], list[Tag]]:
    """The blocks of the file, and for each the tag of the line whose words it begins with."""
    blocks = read_blocks(paste.text.encode())
    starts: list[tuple[int, Tag]] = []
    at = 0
    for text, tag in paste.lines:
        size = len("".join(text.split()))
        if size and any(map(str.isalnum, text)):
            starts.append((at, tag))
            at += size
    tags, at, line = [], 0, 0
    for block in blocks:
        while line + 1 < len(starts) and starts[line + 1][0] <= at:
            line += 1
        tags.append(starts[line][1])
        at += len("".join(block.written.split()))
    return blocks, tags


def marked(blocks: Sequence[Block], tags: Sequence[Tag], chance: random.Random) -> list[Block]:
    """The same blocks as a reader of HTML or Word gives them: headings are marked, and some furniture too."""
    shift = chance.choice((0, 0, 1))
    is_marked_title = chance.random() < 0.5
    found = []
    for block, tag in zip(blocks, tags, strict=True):
        if tag in LEVELS:
            block = Block(BlockKind.HEADING, block.written, LEVELS[tag] + shift)
        elif tag is Tag.TITLE:
            block = Block(
                BlockKind.TITLE if is_marked_title else BlockKind.HEADING, block.written, 0 if is_marked_title else 1
            )
        elif tag is Tag.FURNITURE and len(block.text.split()) <= 6 and chance.random() < 0.15:
            block = Block(BlockKind.HEADING, block.written, chance.choice((2, 3, 4)))
        elif block.kind is BlockKind.LINE:
            block = replace(block, kind=BlockKind.PARAGRAPH, apart=True)
        found.append(replace(block, apart=True))
    return found
