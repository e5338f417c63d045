"""Finds reference numbers that somebody typed, pasted or imported: after an edit they lead to the wrong source.

Only the article's own numbering makes numbers that stay right. Intervals, powers, units and years are no references.
"""

import html
import re
from collections.abc import Iterator

from articles.checks.finding import Finding, Severity
from articles.checks.language import texts
from articles.checks.places import STAND_IN, TAG
from articles.document.draft import Draft

_NUMBERS = r"\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*"
_BRACKETED = re.compile(rf"\[\s*{_NUMBERS}\s*\]")
_RAISED = re.compile(r"(?<![⁺⁻⁰¹²³⁴-⁹])[⁰¹²³⁴-⁹]+(?:[⁻,–-][⁰¹²³⁴-⁹]+)*(?![⁺⁻\w])")
_SUP = re.compile(rf"<sup>\s*({_NUMBERS})\s*</sup>", re.IGNORECASE)
_TO_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", " ")

# What stands before a power, not before a reference: a number, a short unit or symbol, a length written out.
_POWER = re.compile(r"(?:[\d)\]}/]|(?<![^\W\d_])[^\W\d_]{1,3}|(?:met(?:er|re|ro)|inch|zoll|pulgada)s?)$", re.IGNORECASE)
_INTERVAL = re.compile(r"(?:\bCI|\bKI|\bIC|interval\w*|[Ii]ntervall\w*|range)\W{0,3}$")


def typed_reference(draft: Draft) -> Iterator[Finding]:
    """A number in the form of a reference that is no citation: [2], [1,3], or hair.¹
    Source: ICMJE Recommendations, section IV.A.3.g (references)."""
    for place in texts(draft):
        for number in dict.fromkeys(_typed(str(place.value))):
            message = (
                f"Replace “{number}” in {place.name} with a citation: it looks like a reference number, and would lead "
                "readers to the wrong source when the list changes. If it is no reference, write it without brackets."
            )
            yield Finding(Severity.BLOCKING, place.path, message)


def _typed(value: str) -> Iterator[str]:
    rich = STAND_IN.sub(r"\1", value)
    text = html.unescape(TAG.sub("", _SUP.sub(lambda match: match[1].translate(_TO_RAISED), rich)))
    for found in _BRACKETED.finditer(text):
        if not _INTERVAL.search(text[: found.start()]):
            yield found[0]
    for found in _RAISED.finditer(text):
        before = text[: found.start()]
        if before and not before[-1].isspace() and not _POWER.search(before):
            yield found[0]


CHECKS = (typed_reference,)
