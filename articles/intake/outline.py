"""The content of a file, in order and with nothing lost: blocks (as read) and parts (as classified).

Every reader, whatever its format, returns `Block`s; `classify.outline` makes an `Outline` of them; the report
and the draft are made from the Outline alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from articles.record.vocabulary import Aspect, Purpose, SectionKind, TargetType


class BlockKind(StrEnum):
    TITLE = "title"  # markup says that it is the title
    HEADING = "heading"  # markup says that it is a heading, of `level`
    LINE = "line"  # a short line of its own: perhaps a heading; its shape alone cannot tell
    PARAGRAPH = "paragraph"
    ITEM = "item"  # one item of a list, `marker` as written
    CAPTION = "caption"  # markup says that it describes a picture


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list item. `marker` is the text before an item: "-", "•", "1."."""

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""

    @property
    def written(self) -> str:
        """The text as the file shows it, its list marker included."""
        return f"{self.marker} {self.text}" if self.marker else self.text


class Role(StrEnum):
    TITLE = "title"
    CAPTION = "caption"
    SECTION = "section"
    SOURCE = "source"
    LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Guess:
    """How a part was classified, why (a sentence for editors), and how certain that is (0 to 1)."""

    kind: SectionKind
    aspect: Aspect | None
    reason: str
    confidence: float


@dataclass(frozen=True)
class Call:
    """The offer that a call to action proposes: {purpose, label, target_type, target}; '' means unknown."""

    purpose: Purpose
    label: str
    target_type: TargetType
    target: str


@dataclass(frozen=True)
class Reference:
    """One line of a source list, read: {publisher, title, url, doi, pmid, pmcid}; '' means unknown."""

    title: str
    publisher: str = ""
    url: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""


@dataclass(frozen=True)
class Part:
    """One part of the file. `blocks` are its text without its heading; sub-headings are among them."""

    role: Role
    blocks: tuple[Block, ...]
    reason: str
    confidence: float
    heading: str = ""
    kind: SectionKind | None = None
    aspect: Aspect | None = None
    call: Call | None = None
    reference: Reference | None = None

    @property
    def text(self) -> str:
        """Plain text: paragraphs separated by a blank line, the items of one list by a line break."""
        return "".join(_separated(self.blocks))


@dataclass(frozen=True)
class Outline:
    """The parts of one file in file order, and what an editor should check first."""

    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()

    def of(self, role: Role) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.role is role)

    @property
    def title(self) -> str:
        return next((part.text for part in self.of(Role.TITLE)), "")

    @property
    def hero_alt(self) -> str:
        return next((part.text for part in self.of(Role.CAPTION)), "")

    @property
    def sections(self) -> tuple[Part, ...]:
        return self.of(Role.SECTION)

    @property
    def words(self) -> Counter[str]:
        """Every word in the outline; always equal to the words of the file."""
        return count_words(text for part in self.parts for text in (part.heading, part.text))


def count_words(texts: Iterable[str]) -> Counter[str]:
    r"""Words, counted as for the promise that none is lost: `\w+` of the NFKC form, case folded."""
    return Counter(word for text in texts for word in _words(text))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _separated(blocks: tuple[Block, ...]) -> Iterable[str]:
    for position, block in enumerate(blocks):
        if position:
            both_items = block.kind is blocks[position - 1].kind is BlockKind.ITEM
            yield "\n" if both_items else "\n\n"
        yield block.written
