"""The claims of a section, each with its sources: the quote, the source, its study design, and its support.

Pure; reads the quotes from the medical document. For the sign-off page only: readers see reference numbers.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.record.citations.short import in_short
from articles.record.documents import ITEM_NAMES
from articles.record.vocabulary import StudyDesign, Support

Json = dict[str, Any]
NAMES = ("statement", "name", "group")
SENTENCE = re.compile(r"[.!?…]['\"”’)]*\s+")


@dataclass(frozen=True)
class Rest:
    """One citation. `quote` and `locator` may be empty. `words`: the short source, “Doe 2024, Journal of Scalps”."""

    number: int
    words: str
    design: str
    support: str
    locator: str
    quote: str


@dataclass(frozen=True)
class Claim:
    """`rests` is empty for a claim that names no source."""

    words: str
    rests: tuple[Rest, ...]


def claims_of(section: Json, references: Mapping[int, Json]) -> list[Claim]:
    """The section's claims in the order of the page: sentences with a citation, then each item of its lists."""
    texts = [section["text"], *(row["answer"] for row in section.get("items", []) if "answer" in row)]
    found = [claim for text in texts for claim in _in_text(text, references)]
    for name in ITEM_NAMES.get(section["kind"], {}):
        rows = (row for row in section[name] if isinstance(row, dict) and "citations" in row)
        found += [_of_item(row, references) for row in rows]
    return found


def _of_item(item: Json, references: Mapping[int, Json]) -> Claim:
    step = ": ".join(filter(None, [item.get("target"), item.get("outcome")]))
    words = next((item[name] for name in NAMES if item.get(name)), step)
    rests = (_rest(row["reference"], row, references) for row in item["citations"])
    return Claim(words, tuple(filter(None, rests)))


def _in_text(blocks: Iterable[Json], references: Mapping[int, Json]) -> Iterator[Claim]:
    """A sentence may be cited several times; it is one claim."""
    for block in blocks:
        claims: dict[str, list[Rest]] = {}
        for words, citation in _cited(block):
            rests = (_rest(row["reference"], row, references) for row in citation["citations"])
            claims.setdefault(words, []).extend(filter(None, rests))
        yield from (Claim(words, tuple(rests)) for words, rests in claims.items())


def _cited(block: Json) -> Iterator[tuple[str, Json]]:
    """(sentence, citation) for each citation of a paragraph."""
    citations = {row["_key"]: row for row in block.get("markDefs") or [] if row["_type"] == "citation"}
    text, found = "", []
    for span in block["children"]:
        named = [citations[mark] for mark in span.get("marks") or [] if mark in citations]
        found += [(len(text), citation) for citation in named]
        text += "" if named else span["text"]
    for place, citation in found:
        yield _sentence(text, place), citation


def _sentence(text: str, place: int) -> str:
    """The sentence that a citation at this place belongs to: the one that contains it, or the one before it."""
    head = text[:place].rstrip()
    cuts = [match.end() for match in SENTENCE.finditer(head)]
    start = cuts[-1] if cuts else 0
    is_after_the_end = head.endswith((".", "!", "?", "…"))
    end = SENTENCE.search(text, max(start, len(head) - 1)) if not is_after_the_end else None
    stop = len(head) if is_after_the_end else (end.end() if end else len(text))
    return " ".join(text[start:stop].split()).replace(" .", ".").replace(" ,", ",")


def _rest(number: int, citation: Json, references: Mapping[int, Json]) -> Rest | None:
    reference = references.get(number)
    if reference is None:
        return None
    design, support = reference["design"], citation["support"]
    return Rest(
        number,
        ", ".join(filter(None, in_short(reference["csl"]))),
        str(StudyDesign(design).label) if design in StudyDesign.values else design,
        str(Support(support).label) if support in Support.values else support or "",
        citation.get("locator") or "",
        citation.get("quote") or "",
    )
