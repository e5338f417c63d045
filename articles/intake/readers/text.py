"""Plain text, as people paste it: bytes -> blocks, by shape alone. `classify` finds what they mean."""

from collections.abc import Iterator

from articles.intake.outline import Block
from articles.intake.readers.decoding import decode, require_countable
from articles.intake.readers.lines import unwrap
from articles.intake.readers.shapes import shape

# Control characters are no words, but may stand between two.
CONTROLS = dict.fromkeys((*range(32), 127), " ")


def read(data: bytes) -> tuple[Block, ...]:
    """The file's paragraphs, list items and short lines, in order. Raises Unreadable."""
    paragraphs = tuple(unwrap(tuple(_lines(decode(data)))))
    require_countable(paragraphs)
    return shape(paragraphs)


def _lines(text: str) -> Iterator[str]:
    """Lines without outer white space; '' for a blank one. Form feeds and other separators end a line too."""
    for line in text.splitlines():
        yield line.translate(CONTROLS).strip()
