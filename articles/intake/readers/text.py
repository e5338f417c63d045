"""Plain text, as people paste it: bytes -> blocks. Only bullets and underlines are read; `recognize` finds the rest."""

import re
from collections.abc import Iterator

from articles.authoring.characters import clean
from articles.intake.outline import Block, BlockKind, Manuscript
from articles.intake.readers.decoding import decode, decode_any, require_countable
from articles.intake.readers.lines import BULLET, RULE, Paragraph, unwrap

# Word's bullets are characters of a symbol font, or an "o" before a tab.
WORD_BULLET = re.compile(r"\s*(?:[\ue000-\uf8ff]|o(?=\t))[ \t\u00a0]+")
# Control characters are no words, but may stand between two.
CONTROLS = dict.fromkeys((*range(32), 127), " ")


def read(data: bytes) -> Iterator[Manuscript]:
    """One manuscript; in an encoding that is guessed with a warning. Raises Unreadable."""
    written, warnings = decode_any(data)
    yield Manuscript(_read(written), original=data, warnings=warnings)


def read_blocks(data: bytes) -> tuple[Block, ...]:
    """The lines, paragraphs and list items of a file in Unicode, in order. Raises Unreadable."""
    return _read(decode(data))


def _read(written: str) -> tuple[Block, ...]:
    paragraphs = tuple(unwrap(tuple(_lines(written))))
    require_countable(paragraphs)
    return tuple(_blocks(paragraphs))


def _lines(text: str) -> Iterator[str]:
    """Lines without outer white space; '' for a blank one. Form feeds and other separators end a line too."""
    for line in text.splitlines():
        found = WORD_BULLET.match(line)
        words = f"• {line[found.end() :]}" if found else line
        yield clean(words).translate(CONTROLS).strip()


def _blocks(paragraphs: tuple[Paragraph, ...]) -> Iterator[Block]:
    """A rule of dashes below a line that stands directly above it marks that line as a heading; other rules go."""
    for position, (text, apart) in enumerate(paragraphs):
        below = paragraphs[position + 1] if position + 1 < len(paragraphs) else None
        if RULE.fullmatch(text):
            continue
        bullet = BULLET.match(text)
        if below and not below.apart and RULE.fullmatch(below.text) and len(text) <= 200:
            yield Block(BlockKind.HEADING, text, level=1 if below.text[0] == "=" else 2, apart=apart)
        elif bullet:
            yield Block(BlockKind.ITEM, text[bullet.end() :], marker=bullet[0].strip(), apart=apart)
        else:
            yield Block(BlockKind.LINE, text, apart=apart)
