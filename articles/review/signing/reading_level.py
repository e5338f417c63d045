"""The reading level of a text by LIX, from long words and long sentences. Needs no dictionary of syllables.

LIX = words / sentences + 100 · words of more than six letters / words.
Source: C. H. Björnsson, Läsbarhet, 1968. Measured in the languages below, else “not measured”.
"""

import re
from dataclasses import dataclass

from articles.document.draft import Draft
from articles.review.passages import passages_of

LANGUAGES = {
    "da",
    "de",
    "en",
    "es",
    "fr",
    "it",
    "nb",
    "pt",
    "sv",
}  # LIX has been compared across these; others are not measured
LONG = 6  # letters; longer words count as long
FEWEST_WORDS = 100  # below that, one long sentence decides
WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?…:]+(?=\s|$)|\n+")
BANDS = ((30, "very easy"), (40, "easy"), (50, "of middling difficulty"), (60, "hard"))


@dataclass(frozen=True)
class Level:
    """`score` is None if nothing was measured; `words` is the result as a phrase."""

    score: int | None
    words: str


def level_of(draft: Draft) -> Level:
    """The level of the sections' own words, without sources, codes and labels of choices."""
    language = draft.locale.partition("-")[0].lower()
    if language not in LANGUAGES:
        return Level(None, f"not measured: LIX is not used for the language “{draft.locale}”")
    score = lix("\n".join(_words(draft)))
    if score is None:
        return Level(None, f"not measured: the text has fewer than {FEWEST_WORDS} words")
    band = next((name for limit, name in BANDS if score < limit), "very hard")
    return Level(score, f"LIX {score}: {band}")


def lix(text: str) -> int | None:
    """The rounded LIX score; None for a text that is too short."""
    words = WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = sum(1 for part in SENTENCE_END.split(text) if WORD.search(part))
    long = sum(len(word) > LONG for word in words)
    return round(len(words) / max(1, sentences) + 100 * long / len(words))


def _words(draft: Draft):
    for section in draft.sections:
        if section.is_known and isinstance(section.value, dict):
            yield from (passage.text for passage in passages_of(section.kind, section.value))
