"""Sorts paragraphs by their shape: prose, list items, and short lines that may be headings."""

import re
from collections.abc import Iterator, Sequence

from articles.intake.outline import Block, BlockKind
from articles.intake.readers.lines import BULLET

MAX_LINE_WORDS = 14
MAX_QUESTION_WORDS = 32
MAX_CHARACTERS = 200
SENTENCE_INSIDE = re.compile(r"[.!?]\s+[A-Z“\"]")
# A line that ends in one of these leads on to what follows; it is no heading.
LEADS_ON = re.compile(
    r"\b(?:a|an|the|of|to|by|with|for|on|at|from|and|or|if|when|as|that|is|are|was|were|be|may|can|has|have"
    r"|includes?|including|involves?|follows?|following)$",
    re.I,
)
POINTS_ON = re.compile(r"(?:these|those|this|that|there|it|they|you|we|some|most|many|examples?|for)\b", re.I)


def shape(paragraphs: Sequence[str]) -> tuple[Block, ...]:
    """Blocks of the kinds paragraph, item or line, by shape, not by meaning."""
    return tuple(_shaped(paragraphs))


def _shaped(paragraphs: Sequence[str]) -> Iterator[Block]:
    for position, text in enumerate(paragraphs):
        following = paragraphs[position + 1 : position + 2]
        bullet = BULLET.match(text)
        if bullet and _is_numbered_heading(text, bullet, paragraphs, position):
            yield Block(BlockKind.LINE, text)
        elif bullet:
            yield Block(BlockKind.ITEM, text[bullet.end() :], marker=bullet[0].strip())
        elif is_heading_shaped(text, is_last=not following):
            yield Block(BlockKind.LINE, text)
        else:
            yield Block(BlockKind.PARAGRAPH, text)


def is_heading_shaped(text: str, *, is_last: bool = False) -> bool:
    """Short, begins like a title or a question, does not end like a sentence or lead on to a list."""
    words = text.split()
    if len(text) > MAX_CHARACTERS or not re.search(r"[^\W\d_]", text):
        return False
    if text.endswith("?"):
        return len(words) <= MAX_QUESTION_WORDS and not SENTENCE_INSIDE.search(text)
    if text.endswith(":"):
        return len(words) <= 4 and not is_last and not LEADS_ON.search(text[:-1]) and not POINTS_ON.match(text)
    ends_like_one = not re.search(r"[.!;,…]$", text) and not LEADS_ON.search(text)
    return ends_like_one and len(words) <= MAX_LINE_WORDS and not SENTENCE_INSIDE.search(text)


def _is_numbered_heading(text: str, bullet: re.Match[str], paragraphs: Sequence[str], position: int) -> bool:
    """ "2. Who should not take it?" between prose is a heading; between other items it is an item."""
    neighbours = (*paragraphs[max(0, position - 1) : position], *paragraphs[position + 1 : position + 2])
    stands_alone = not any(BULLET.match(other) for other in neighbours)
    has_prose_after = position + 1 < len(paragraphs) and len(paragraphs[position + 1].split()) > MAX_LINE_WORDS
    is_numbered = text[bullet.start()].isdigit()
    return is_numbered and stands_alone and has_prose_after and is_heading_shaped(text[bullet.end() :])
