"""Word by word: the original against the outline, and against the draft as it is by now. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from typing import Any

from articles.intake.outline import Block, Outline, Role, count_words
from articles.record.compare.differences import Change, Run, mark_words

Json = dict[str, Any]

MOST_NAMED = 40


@dataclass(frozen=True)
class Comparison:
    """`missing` and `added`: words, with how often, if more than once. `runs`: both texts in one, marked."""

    missing: tuple[str, ...]
    added: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def is_same(self) -> bool:
        return not self.missing and not self.added

    @property
    def excerpt(self) -> tuple[Run, ...]:
        """The changed lines alone."""
        return Change("", "changed", self.runs).excerpt


def compare(before: str, after: str) -> Comparison:
    was, now = count_words([before]), count_words([after])
    return Comparison(_named(was - now), _named(now - was), tuple(_marked(_lines(before), _lines(after))))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _marked(was: list[str], now: list[str]) -> Iterator[Run]:
    """Line by line, and word by word in lines that differ: a whole article by words takes too long."""
    for op, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        before, after = ("\n".join(lines) for lines in (was[i1:i2], now[j1:j2]))
        yield from (Run("same", before),) if op == "equal" else mark_words(before, after)
        yield Run("same", "\n")


def text_of_blocks(blocks: Sequence[Block]) -> str:
    """As the reader found it in the file."""
    return "\n\n".join(block.written for block in blocks)


def text_of_outline(outline: Outline, *, only_article: bool = False) -> str:
    """Every part in order; with `only_article`, without what is left out, the sources and the title."""
    roles = (Role.SECTION,) if only_article else tuple(Role)
    return "\n\n".join(
        text for part in outline.parts if part.role in roles for text in (part.heading, part.text) if text
    )


def text_of_draft(body: Iterable[Json], names: dict[int, str]) -> str:
    """The words of a stored body, section by section; `names` are the texts of offers, by their keys."""
    return "\n\n".join(text for block in body for text in _texts(block["value"], names) if text)


def draft_offers(body: Iterable[Json]) -> list[int]:
    """Keys of the offers that the body shows."""
    return [block["value"]["offer"] for block in body if block["value"].get("offer")]


def _texts(value: Any, offers: dict[int, str]) -> Iterator[str]:
    """In the order of the form. Choices of closed lists, keys and codes are no words of the article."""
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item.get("value", item) if isinstance(item, dict) else item, offers)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "offer" and item:
                yield offers.get(item, "")
            elif name not in CHOICES:
                yield from _texts(item, offers)


# Fields of blocks that hold no words of the article.
CHOICES = {"aspect", "level", "purposes", "subjects", "certainty", "certainty_basis", "severity", "frequency", "route"}
CHOICES |= {"citations", "codes", "support", "table_header_choice", "table_caption_choice", "id", "type"}
_BREAK = re.compile(r"</(?:p|li|h\d|tr)>|<br\s*/?>", re.I)
_CELL = re.compile(r"</t[dh]>", re.I)
_TAG = re.compile(r"<[^>]+>")


def _plain(html: str) -> str:
    text = _TAG.sub("", _CELL.sub(" | ", _BREAK.sub("\n\n", html)))
    return unescape(text).strip()


def _named(words: Counter[str]) -> tuple[str, ...]:
    named = [f"{word} ({count} times)" if count > 1 else word for word, count in words.items()]
    return (*named[:MOST_NAMED], *([f"and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []))
