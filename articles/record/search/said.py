"""What search reads of an article: its names, its summary, the text of its sections; as plain text and as words. Pure.

`words` holds each word with the level at which it counts: 1 in a name, 2 in a name or the summary, 3 anywhere; and the
language by whose rules it was stemmed: `1enalopecia 2enalopecia 3enalopecia 3enhair`. So a search for all words at a
level is a search for words, and needs no weights. What stands beside the text (notices, disclaimers, who paid) is at a
level of its own, for those who check a quotation. Whole words, not stems, are what a beginning is compared with: at the
levels 4 to 6, together with their first two and three letters, by which too many words begin to look at each.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from articles.record.documents import RICH_TEXT, SECTION, SECTIONS, Maybe
from articles.record.search.stems import analyzer, letters, stem, words_of

Json = dict[str, Any]

NAMES, SUMMARY, TEXT = LEVELS = (1, 2, 3)
WHOLE = 3  # to add to a level: whole words, not stems
BESIDE = 7
SHORT = (2, 3)  # beginnings that are words of the index themselves
# Texts of a section that are not words for readers, or not ours: `quote` is a source's.
NOT_READ = {"id", "kind", "importance", "system", "code", "sha256", "credit", "citations", "purposes", "references"}
MARKS = re.compile(r" ?\0+(?=[.,;:!?)]|$)|\0")  # of citations, with the space before
MOST_BYTES = 900_000  # PostgreSQL's tsvector ends at 2^20


class Said(NamedTuple):
    """`names`: title and synonyms, `text`: headings and paragraphs, each on a line."""

    names: str
    summary: str
    text: str
    words: str


def said_in(medical: Json, beside: Iterable[str] = ()) -> Said:
    """Of a medical part, with all its members. `beside`: the texts that are shown beside it."""
    names = "\n".join([medical["title"], *medical["synonyms"]])
    text = "\n".join(
        line for section in medical["sections"] for line in _lines(section, SECTION | SECTIONS.get(section["kind"], {}))
    )
    by = analyzer(medical["language"])
    found = [*_tokens((names, medical["summary"], text), by)]
    found += [token(BESIDE, by, stem(word, by)) for line in beside for word in words_of(line)]
    return Said(names, medical["summary"], text, " ".join(_bounded(sorted(dict.fromkeys(found)))))


def token(level: int, by: str, word: str) -> str:
    """`word`: a stem; a whole word is the same in each language, and `by` is ""."""
    return f"{level}{by}{word}"


def _tokens(texts: tuple[str, str, str], by: str) -> Iterator[str]:
    """Each word of a text at its level and all below, as a stem, whole, and by its first letters."""
    for first, text in zip(LEVELS, texts, strict=True):
        said = dict.fromkeys(words_of(text))
        stems = dict.fromkeys(stem(word, by) for word in said)
        whole = dict.fromkeys(letters(each) for word in said for each in (word, *(word[:most] for most in SHORT)))
        for level in LEVELS[first - 1 :]:
            yield from (token(level, by, each) for each in stems)
            yield from (token(level + WHOLE, "", each) for each in whole)


def _bounded(tokens: Iterable[str]) -> Iterator[str]:
    left = MOST_BYTES
    for each in tokens:
        left -= len(each)
        if left < 0:
            return
        yield each


def _lines(value: Any, shape: Any) -> Iterator[str]:
    """The texts of a value, in its order. A shape says "" where people write; closed lists have None."""
    match shape:
        case "" | []:
            yield from (line for text in _strings(value) for line in text.splitlines() if line.strip())
        case Maybe(inner):
            yield from _lines(value, inner) if value else ()
        case [inner] if inner is RICH_TEXT[0]:
            yield from (line for block in value if (line := paragraph(block).replace("\n", " ").strip()))
        case [inner]:
            for item in value:
                yield from _lines(item, inner)
        case dict():
            for name, inner in shape.items():
                if name not in NOT_READ:
                    yield from _lines(value[name], inner)


def _strings(value: Any) -> Iterator[str]:
    yield from (str(item) for item in value) if isinstance(value, list) else [value]


def paragraph(block: Json) -> str:
    """The words of a block of rich text, without the numbers that stand for citations."""
    cited = {mark["_key"] for mark in block["markDefs"] if mark["_type"] == "citation"}
    spans = (span["text"] if cited.isdisjoint(span["marks"]) else "\0" for span in block["children"])
    return MARKS.sub("", "".join(spans))
