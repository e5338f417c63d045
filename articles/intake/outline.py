"""The content of a file, in order and with nothing lost: blocks (as read) and parts (as classified).

Every reader, whatever its format, returns `Manuscript`s of `Block`s, one for each article of the file;
`classify.outline` makes an `Outline` of the blocks; the report and the draft are made from the Outline alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from articles.record.vocabulary import Aspect, Purpose, SectionKind, TargetType


class BlockKind(StrEnum):
    TITLE = "title"  # markup says that it is the title
    HEADING = "heading"  # markup says that it is a heading, of `level`
    LINE = "line"  # what a file without marks has: a heading or a paragraph; its shape alone cannot tell
    PARAGRAPH = "paragraph"
    ITEM = "item"  # one item of a list, `marker` as written
    CAPTION = "caption"  # markup says that it describes a picture
    TABLE = "table"  # `rows` are its cells; the text has a line for each row, with " | " between the cells
    PICTURE = "picture"  # `picture` is the name or address of the image file; the text is its alternative text
    NOTE = "note"  # a footnote or endnote; `marker` is its number
    FURNITURE = "furniture"  # markup says that it belongs to the page and not to the article


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item, table, picture or note.

    `marker` is the text before an item: "-", "•", "1.". `html` holds the same words as inline rich text, as an article
    stores it (b, i, sup, sub, a); it is "" where the file has no such marks. `level` of an item is its depth, from 0.
    `apart`: a blank line stands before it, or the format separates blocks anyway.
    `header` says which cells of a table name the others: "row" (the first), "column" (the first), "both" or "".
    """

    kind: BlockKind
    text: str
    level: int = 0
    marker: str = ""
    html: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    picture: str = ""
    apart: bool = True
    header: str = ""

    @property
    def written(self) -> str:
        """The text as the file shows it, its list marker included."""
        return f"{self.marker} {self.text}" if self.marker else self.text


@dataclass(frozen=True)
class Origin:
    """What the file says about the article beside its text. "", () or {} where it says nothing.

    `key` names the article within its system and is the same in every later export: "https://blog.example/?p=12".
    Instants are ISO 8601. `fields` are the custom fields of the system: {"reviewer": "Dr. …"}.
    """

    key: str = ""
    address: str = ""  # as readers know it
    slug: str = ""
    language: str = ""  # as the file states it: "de", "pt-BR"
    status: str = ""  # in that system: "publish", "draft"
    published_at: str = ""
    modified_at: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Picture:
    """An image that the file contains. `name` is what `Block.picture` says."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Manuscript:
    """One article of a file, as its reader found it. With an `error` (a sentence), it could not be read."""

    blocks: tuple[Block, ...] = ()
    origin: Origin = field(default_factory=Origin)
    pictures: tuple[Picture, ...] = ()
    warnings: tuple[str, ...] = ()
    original: bytes = b""  # of this article alone: the file, or its own part of it
    error: str = ""


class Role(StrEnum):
    TITLE = "title"
    CAPTION = "caption"
    SECTION = "section"
    SOURCE = "source"
    LEFT_OUT = "left-out"


@dataclass(frozen=True)
class Taught:
    """The kind that an editor gave to the sections under one heading."""

    kind: SectionKind
    aspect: Aspect | None = None


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
