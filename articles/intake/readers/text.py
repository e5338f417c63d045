"""Plain text, as people paste it: bytes -> blocks, by shape alone. `classify` finds what they mean."""

import re
from collections.abc import Iterator

from articles.authoring.characters import clean
from articles.intake.outline import Block, Manuscript
from articles.intake.readers.decoding import decode, require_countable
from articles.intake.readers.lines import unwrap
from articles.intake.readers.shapes import shape

# Word's bullets are characters of a symbol font, or an "o" before a tab.
WORD_BULLET = re.compile(r"\s*(?:[\ue000-\uf8ff]|o(?=\t))[ \t\u00a0]+")
# Control characters are no words, but may stand between two.
CONTROLS = dict.fromkeys((*range(32), 127), " ")


def read(data: bytes) -> Iterator[Manuscript]:
    """One manuscript. Raises Unreadable."""
    yield Manuscript(read_blocks(data), original=data)


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """The file's paragraphs, list items and short lines, in order. Raises Unreadable."""
    paragraphs = tuple(unwrap(tuple(_lines(decode(data)))))
    require_countable(paragraphs)
    return shape(paragraphs)


def _lines(text: str) -> Iterator[str]:
    """Lines without outer white space; '' for a blank one. Form feeds and other separators end a line too."""
    for line in text.splitlines():
        found = WORD_BULLET.match(line)
        words = f"• {line[found.end() :]}" if found else line
        yield clean(words).translate(CONTROLS).strip()
