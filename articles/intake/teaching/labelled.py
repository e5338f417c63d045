"""Reads labelled articles: the words of an article with, line by line, what they are. For teaching and for tests.

A file begins with `key: value` lines and `---`; then each line is a letter, `| ` and its words, or empty:
T title · K kind; other kinds that are fair · H heading · h sub-heading · P paragraph · I list item · C caption
· X heading of the source list · S source · F words of the page that are not the article's.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LETTERS = frozenset("TKHhPICXSF")
IDENTIFIERS = {"doi": re.compile(r"\b10\.\d{4,9}/\S+[^\s.,;)\]]"), "pmid": re.compile(r"\bPMID:? *(\d+)")}
# A caption may become the caption of a picture, or stay among the words.
CAPTION_KINDS = ["other", "introduction", "figure", "hero", "caption", "unplaced", "(lost)"]


@dataclass(frozen=True)
class Line:
    letter: str  # "" for an empty line
    text: str = ""


@dataclass
class Section:
    kind: str
    fair: list[str] = field(default_factory=list)
    heading: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Labelled:
    """{name, head: {"language": "en", …}, lines}"""

    name: str
    head: dict[str, str]
    lines: tuple[Line, ...]

    @property
    def language(self) -> str:
        return self.head["language"]

    @property
    def title(self) -> str:
        return next(line.text for line in self.lines if line.letter == "T")

    def of(self, letter: str) -> list[str]:
        return [line.text for line in self.lines if line.letter == letter]

    @property
    def sections(self) -> list[Section]:
        found: list[Section] = []
        for line in self.lines:
            if line.letter == "K":
                kind, *fair = (each.strip() for each in re.split("[;,]", line.text))
                found.append(Section(kind, [each for each in fair if each]))
            elif line.letter == "H":
                found[-1].heading = line.text
            elif line.letter in ("h", "P", "I") and line.text:
                if not found:  # a standfirst above the first kind
                    found.append(Section("introduction"))
                found[-1].lines.append(line)
        return found


def read_labelled(path: Path) -> Labelled:
    """Raises ValueError, with the line, for what is not in the form above."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines() if line.strip())
    return Labelled(path.stem, {key.strip(): value.strip() for key, _, value in pairs}, tuple(_lines(path, body)))


def _lines(path: Path, body: str) -> Iterator[Line]:
    for number, line in enumerate(body.splitlines(), start=1):
        letter, bar, text = line.partition("|")
        if not line.strip():
            yield Line("")
        elif bar and letter.strip() in LETTERS:
            yield Line(letter.strip(), text.strip())
        else:
            raise ValueError(f"{path}, line {number} of the body: “{line}” begins with no known letter.")


def as_text(article: Labelled) -> str:
    """The article as a plain text file; `wrap: 70` in its head breaks the lines there."""
    width = int(article.head.get("wrap", 0))
    shown = (line.text for line in article.lines if line.letter != "K")
    return "\n".join(part for text in shown for part in wrapped(text, width)) + "\n"


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text, broken at this column; 0 for no break."""
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""] if width else [text]


def as_case(article: Labelled, where: str) -> dict[str, Any]:
    """A case for the scorer: {id, format, input, title, sections, sources, furniture, forbidden}."""
    sections = [
        {
            "heading": section.heading,
            "type": section.kind,
            "accept": list(dict.fromkeys([section.kind, *section.fair])),
            "paragraphs": [line.text for line in section.lines],
        }
        for section in article.sections
    ]
    captions = [
        {"heading": "", "type": "other", "accept": CAPTION_KINDS, "paragraphs": [text]} for text in article.of("C")
    ]
    return {
        "id": article.name,
        "format": "text",
        "input": where,
        "title": article.title,
        "sections": captions + sections,
        "sources": [_source(text) for text in article.of("S")],
        "sources_heading": next(iter(article.of("X")), ""),
        "furniture": article.of("F"),
        "forbidden": [],
        "style": article.head.get("style", ""),
    }


def _source(text: str) -> dict[str, str]:
    found = {name: pattern.search(text) for name, pattern in IDENTIFIERS.items()}
    return {"raw": text} | {name: match[match.lastindex or 0] for name, match in found.items() if match}


def write_cases(articles: list[Labelled], folder: Path) -> Path:
    """The text files and `cases.jsonl` beside them; returns the latter."""
    (folder / "text").mkdir(parents=True, exist_ok=True)
    rows = []
    for article in articles:
        where = f"text/{article.name}.txt"
        (folder / where).write_text(as_text(article), encoding="utf-8")
        rows.append(json.dumps(as_case(article, where), ensure_ascii=False))
    cases = folder / "cases.jsonl"
    cases.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return cases
