"""Joins the lines of a text file into paragraphs: undoes hard wrapping. Used by the text reader."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

WIDEST_WRAP = 130  # columns; longer lines are paragraphs that the editor did not wrap
NARROWEST_WRAP = 45
BULLET = re.compile(r"(?:[-–—*+•◦▪‣·●○■]|\(?\d{1,3}[.)]|\(?[a-z]\))\s+(?=\S)")  # "E. coli" is no item
RULE = re.compile(r"([-=~*#])\1{2,}|[-–—]{3,}")  # a line that is drawn, not written
ADDRESS = re.compile(r"https?://|www\.|doi:|10\.\d{4}")
AUTHORS = re.compile(r"[A-ZÀ-Þ][\w'’-]+(?: [\w'’-]+)? [A-Z]{1,3}[,.] ")  # how a reference begins
REFERENCE_END = re.compile(r"\((?:19|20)\d\d\)\.?$|\d\.?$")
SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")


@dataclass(frozen=True)
class Wrap:
    """The column at which this file breaks its lines; 0 where it does not."""

    column: int

    def continues(self, line: str, after: str) -> bool:
        """Whether `line` continues the paragraph of `after`: its first word did not fit there."""
        if BULLET.match(line) or RULE.fullmatch(line) or RULE.fullmatch(after):
            return False
        if _begins_a_source(line, after):
            return False
        if self.column and len(after) + 1 + len(line.split()[0]) > self.column:
            return True
        if ADDRESS.match(line):
            return False  # it begins in lower case, and is no rest of a sentence
        return line[0].islower() and len(after) >= NARROWEST_WRAP and not SENTENCE_END.search(after)


def _begins_a_source(line: str, after: str) -> bool:
    """In a list of sources without blank lines: an address below a heading or another, or authors below a number."""
    if _is_address(line):
        return _is_address(after) or len(after) < NARROWEST_WRAP
    if REFERENCE_END.search(after):
        return AUTHORS.match(line) is not None or (line[0].isupper() and after.rstrip(".").endswith(")"))
    return False


def _is_address(line: str) -> bool:
    return " " not in line and ADDRESS.match(line) is not None


class Paragraph(NamedTuple):
    text: str  # on one line
    apart: bool  # a blank line stands before it


def unwrap(lines: Sequence[str]) -> Iterator[Paragraph]:
    """The paragraphs. Lines are stripped; '' is a blank line."""
    wrap = find_wrap(lines)
    paragraph: list[str] = []
    apart = was_blank = True
    for line in (*lines, ""):
        if paragraph and line and wrap.continues(line, paragraph[-1]):
            paragraph.append(line)
        else:
            if paragraph:
                yield Paragraph(_join(paragraph), apart)
            paragraph, apart = ([line], was_blank) if line else ([], True)
        was_blank = not line


def find_wrap(lines: Sequence[str]) -> Wrap:
    """A wrapped file has no long line, and breaks most lines inside a paragraph near its widest column."""
    inner = [line for line, following in pairwise(lines) if line and following]
    widest = max(map(len, lines), default=0)
    near = sum(len(line) >= widest - 16 for line in inner)
    is_wrapped = NARROWEST_WRAP <= widest <= WIDEST_WRAP and near >= max(2, len(inner) / 2)
    return Wrap(widest if is_wrapped else 0)


def _join(lines: Sequence[str]) -> str:
    """A word broken at its hyphen closes up; every other break is a space."""
    breaks = ("" if _is_broken_word(line, after) else " " for after, line in pairwise(lines))
    return "".join([lines[0], *(text for pair in zip(breaks, lines[1:], strict=True) for text in pair)])


def _is_broken_word(line: str, after: str) -> bool:
    return line[0].islower() and after.endswith("-") and after[-2:-1].isalpha()
