"""Finds reference numbers that somebody typed, pasted or imported: after an edit they lead to the wrong source.

Only the article's own numbering makes numbers that stay right. Intervals, powers, units and years are no references.
The import makes citations of those that match the file's own list (articles.intake.numbered).
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.checks.finding import Finding, Severity
from articles.checks.language import texts
from articles.checks.places import STAND_IN, TAG
from articles.document.draft import Draft

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_BRACKETED = re.compile(rf"\[\s*({_NUMBERS})\s*\]")
_RAISED = re.compile(r"(?<![⁺⁻⁰¹²³⁴-⁹])([⁰¹²³⁴-⁹]+(?:[⁻,–-][⁰¹²³⁴-⁹]+)*)(?![⁺⁻\w])")
_SUP = re.compile(rf"<sup>\s*({_NUMBERS})\s*</sup>", re.IGNORECASE)
_DIGITS, _SMALL = "0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_RAISE, _LOWER = str.maketrans(_DIGITS, _SMALL, " "), str.maketrans(_SMALL, _DIGITS)

# What stands before a power, not before a reference: a number, a short unit or symbol, a length written out.
_POWER = re.compile(r"(?:[\d)\]}/]|(?<![^\W\d_])[^\W\d_]{1,3}|(?:met(?:er|re|ro)|inch|zoll|pulgada)s?)$", re.IGNORECASE)
_REACH = 32  # characters before a number that tell what it is; keeps the time linear
_INTERVAL = re.compile(r"(?:\bCI|\bKI|\bIC|interval\w*|[Ii]ntervall\w*|range)\W{0,3}$")


@dataclass(frozen=True)
class Typed:
    """`text[start:end]` has the form of a reference; `numbers` are those that it names, ranges written out."""

    start: int
    end: int
    numbers: tuple[int, ...]


def typed_reference(draft: Draft) -> Iterator[Finding]:
    """A number in the form of a reference that is no citation: [2], [1,3], or hair.¹
    Source: ICMJE Recommendations, section IV.A.3.g (references)."""
    for place in texts(draft):
        raised = _SUP.sub(lambda match: match[1].translate(_RAISE), STAND_IN.sub(r"\1", str(place.value)))
        text = html.unescape(TAG.sub("", raised))
        for number in dict.fromkeys(text[found.start : found.end] for found in find_typed(text)):
            other = "without brackets" if number.startswith("[") else "in words, such as “square meters”"
            message = (
                f"Replace “{number}” in {place.name} with a citation: it looks like a reference number, and would lead "
                f"readers to the wrong source when the list changes. If it is no reference, write it {other}."
            )
            yield Finding(Severity.BLOCKING, place.path, message)


def find_typed(text: str) -> list[Typed]:
    """Numbers in the form of references, in order: in brackets, or raised behind a word or the end of a sentence."""
    bracketed = [found for found in _BRACKETED.finditer(text) if not _INTERVAL.search(_before(found))]
    raised = [found for found in _RAISED.finditer(text) if _follows_words(_before(found))]
    return [
        Typed(found.start(), found.end(), _numbers(found[1]))
        for found in sorted([*bracketed, *raised], key=lambda found: found.start())
    ]


def _before(found: re.Match[str]) -> str:
    return found.string[max(0, found.start() - _REACH) : found.start()]


def _follows_words(before: str) -> bool:
    return bool(before) and not before[-1].isspace() and not _POWER.search(before)


def _numbers(said: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"[,;]", said.translate(_LOWER)):
        first, *last = (int(number) for number in re.split(r"[–-]", part))
        found += range(first, (last or [first])[-1] + 1)
    return tuple(found)


CHECKS = (typed_reference,)
