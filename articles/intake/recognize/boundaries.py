"""Decides whether a short line begins a section or a subsection, or is text, by its words and its surroundings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from articles.intake.outline import Block, BlockKind
from articles.intake.readers.shapes import LEADS_ON, MAX_CHARACTERS
from articles.intake.recognize.headings import GRAMMAR, Reading, normalize, stem
from articles.intake.recognize.signals import CONCLUSION, CTA, FAQ, INTRODUCTION

LIST_RUN = 3  # so many short lines in a row are a list without bullets
FAR = 20  # no line looks further than so many blocks
CLEAR = 3.5  # a score that opens a section inside one whose kind is known
OUTRIGHT = 5  # a score that says it outright, wherever it stands
END_OF_FILE = 0.6  # conclusions stand after this share of the file


class Boundary(StrEnum):
    SECTION = "section"
    SUBSECTION = "subsection"
    TEXT = "text"


@dataclass(frozen=True)
class Above:
    """The section that is open at this line."""

    heading: str
    reading: Reading
    is_empty: bool
    is_opening: bool  # the text before the first heading


def find_boundary(
    blocks: Sequence[Block], position: int, reading: Reading, above: Above, *, top_level: int
) -> Boundary:
    """What the line or heading at `position` begins, given what it announces and what is open."""
    block = blocks[position]
    if len(block.text) > MAX_CHARACTERS:
        return Boundary.TEXT
    if block.kind is BlockKind.HEADING:
        return Boundary.SECTION if block.level <= top_level else Boundary.SUBSECTION
    if not _has_body(blocks, position, reading):
        return Boundary.TEXT
    return _rank(block.text, reading, above, position / len(blocks))


def find_top_level(blocks: Sequence[Block]) -> int:
    """The level of the highest headings that the file marks; 0 if it marks none."""
    return min((block.level for block in blocks if block.kind is BlockKind.HEADING), default=0)


def _has_body(blocks: Sequence[Block], position: int, reading: Reading) -> bool:
    """A heading has text or another heading below it; a line among many short lines is a list item."""
    following = blocks[position + 1] if position + 1 < len(blocks) else None
    if following is None:
        return False
    if blocks[position].text.endswith("?"):
        return True
    if following.kind is BlockKind.LINE and not following.text.endswith("?"):
        return reading.is_strong and not _is_in_list(blocks, position)
    return reading.score >= CLEAR or not _is_in_list(blocks, position)


def _is_in_list(blocks: Sequence[Block], position: int) -> bool:
    """Whether the line is one of many, or follows words that announce a list."""
    first, last = _run(blocks, position)
    above = blocks[first - 1].text if first else ""
    return last - first + 1 >= LIST_RUN or above.endswith(":") or bool(LEADS_ON.search(above))


def _run(blocks: Sequence[Block], position: int) -> tuple[int, int]:
    """The first and the last of the consecutive short lines without a question mark around this one."""
    first = last = position
    while first > max(0, position - FAR) and _is_plain_line(blocks[first - 1]):
        first -= 1
    while last + 1 < min(len(blocks), position + FAR) and _is_plain_line(blocks[last + 1]):
        last += 1
    return first, last


def _is_plain_line(block: Block) -> bool:
    return block.kind is BlockKind.LINE and not block.text.endswith("?")


def _rank(text: str, reading: Reading, above: Above, place: float) -> Boundary:
    is_question = text.endswith("?")
    if above.reading.meaning == FAQ and is_question:
        return Boundary.SUBSECTION
    if above.is_empty and not above.is_opening and not is_question:
        return Boundary.SUBSECTION
    if not reading.is_strong:
        return _rank_unknown(above, is_question=is_question)
    return Boundary.SUBSECTION if _is_detail(text, reading, above, place) else Boundary.SECTION


def _rank_unknown(above: Above, *, is_question: bool) -> Boundary:
    """A line that announces nothing known divides the open section; a question opens its own."""
    return Boundary.SECTION if is_question or above.is_opening else Boundary.SUBSECTION


def _is_detail(text: str, reading: Reading, above: Above, place: float) -> bool:
    """A heading of the same kind as the open section, or one that cannot occur here, divides the open section."""
    if reading.meaning == INTRODUCTION and not above.is_opening and not text.endswith("?"):
        return not normalize(text).startswith("about ")
    if reading.meaning == CONCLUSION and place < END_OF_FILE and reading.score < OUTRIGHT:
        return True
    if reading.score < CLEAR and above.reading.is_strong and not text.endswith("?"):
        return True
    if reading.meaning == CTA or reading.meaning != above.reading.meaning:
        return False
    is_short = len(text.split()) <= 2 and reading.score < OUTRIGHT
    return not above.is_opening and (is_short or bool(_stems(reading.words) & _stems(above.reading.words)))


def _stems(words: str) -> set[str]:
    return {stem(word) for word in re.findall(r"\w{4,}", words)} - GRAMMAR
