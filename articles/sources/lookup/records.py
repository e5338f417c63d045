"""A record as it was found, in the fields of a source, and the plain text that is made of whatever an answer holds."""

import html
import re
import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Any

from articles.record.citations.fields import read
from articles.record.vocabulary import SourceStatus, StudyDesign
from articles.sources.names import Name, tidy_authors, write_name
from articles.sources.watch import gravest

LONGEST = {"title": 1000, "container_title": 500, "publisher": 500, "volume": 32, "issue": 32, "pages": 64, "doi": 255}
MOST_AUTHORS, LONGEST_NAME = 1000, 200
CROSSREF, PUBMED = "crossref", "pubmed"

_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_WORD_BEFORE_TAG = re.compile(
    r"(?<=\w)(?=<(?:i|em|mml:math)\b)|(?<=</i>)(?=\w)|(?<=</em>)(?=\w)|(?<=</mml:math>)(?=\w)"
)


@dataclass(frozen=True)
class Record:
    """A work as Crossref or PubMed describes it, in the fields of `Source`: plain text of at most the model's lengths.

    `status` is the gravest that those in `asked` know of; who is not in `asked` may know worse. `status_notice` is the
    DOI or PMID of what says so, of a superseded work that of the newer version.
    """

    title: str
    csl_type: str = "article-journal"
    authors: str = ""
    container_title: str = ""
    publisher: str = ""
    issued: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    design: str = StudyDesign.OTHER
    status: str = SourceStatus.STANDING
    status_notice: str = ""
    is_reinstated: bool = False
    asked: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Who the details come from: "crossref" or "pubmed"."""
        return self.asked[0] if self.asked else ""

    @property
    def source_fields(self) -> dict[str, str]:
        """What a `Source` of this record has, by the names of its fields."""
        return {name: value for name, value in vars(self).items() if name not in ("is_reinstated", "asked")}


def merge(record: Record, other: Record) -> Record:
    """The record, with what only the other one knows: identifiers, empty fields, the design, the graver status."""
    names = [field.name for field in fields(Record) if field.name != "asked"]
    filled = {name: getattr(record, name) or getattr(other, name) for name in names}
    filled["title"] = other.title if record.title.isupper() and not other.title.isupper() else record.title
    filled["design"] = other.design if record.design == StudyDesign.OTHER else record.design
    filled["status"] = gravest([SourceStatus(record.status), SourceStatus(other.status)])
    if record.status != other.status:
        filled["status_notice"] = (record if record.status == filled["status"] else other).status_notice
    return replace(record, **filled, asked=(*record.asked, *other.asked))


def plain(value: Any, longest: int = 1000) -> str:
    """Text on one line without control characters, cut with “…” where it is longer; "" for what is no text."""
    text = _as_text(value)[: 20 * longest]
    shown = (character for character in text if unicodedata.category(character) not in ("Cf", "Cs", "Co", "Cn"))
    words = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in shown).split()
    line = " ".join(words)
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def without_markup(value: Any) -> str:
    """The text of a piece of HTML, JATS or MathML: raised and lowered digits become characters of their own (10², H₂O),
    other tags go, entities are decoded once."""
    marked = _WORD_BEFORE_TAG.sub(" ", _as_text(value)[:20_000])
    return html.unescape(_TAG.sub("", read({"text": marked}, "text")))


def text_of(name: str, value: Any) -> str:
    """The value for this field of a source."""
    return plain(value, LONGEST[name])


def _as_text(value: Any) -> str:
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**12
    return str(value) if is_number else value if isinstance(value, str) else ""


def author_lines(names: list[Name]) -> str:
    """One author per line, each as the form accepts it where it can be."""
    cleaned = ({key: plain(part, LONGEST_NAME) for key, part in name.items()} for name in names[:MOST_AUTHORS])
    return "\n".join(line for name in cleaned if (line := _accepted(name)))


def _accepted(name: Name) -> str:
    line = write_name(name)
    try:
        return tidy_authors(line)
    except ValueError:
        return line
