"""Guesses the kind of a section, with the reason: by its heading, then its place, then its text. Pure."""

from articles.intake.outline import Guess
from articles.intake.recognize.cues import read_body
from articles.intake.recognize.headings import Reading
from articles.intake.recognize.signals import CONCLUSION, EVIDENCE, INTRODUCTION, OTHER, RESULTS, Meaning
from articles.record.vocabulary import SectionKind

MIN_DENSITY = 0.8  # of cues, to name a section whose heading says nothing


def guess_kind(heading: str, reading: Reading, body: str, *, is_first: bool, is_paper: bool) -> Guess:
    """The kind of a section. `is_paper`: other headings show the order of a research paper."""
    if not heading:
        return _without_heading(is_first=is_first)
    if reading.meaning and reading.is_strong:
        return _by_heading(_in_context(reading, is_first=is_first, is_paper=is_paper), reading, body)
    return _by_body(heading, reading, body, is_first=is_first)


def _without_heading(*, is_first: bool) -> Guess:
    if is_first:
        return Guess(SectionKind.INTRODUCTION, None, "It is the text before the first heading.", 0.9)
    return _guess(OTHER, "It has no heading.", 0.4)


def _in_context(reading: Reading, *, is_first: bool, is_paper: bool) -> Meaning:
    """ "Summary" and "Key points" open an article or close it; "Results" in a paper are findings."""
    meaning = reading.meaning or OTHER
    if meaning == CONCLUSION and is_first:
        return INTRODUCTION
    return EVIDENCE if meaning == RESULTS and is_paper else meaning


def _by_heading(meaning: Meaning, reading: Reading, body: str) -> Guess:
    agrees = any(found == meaning for found, _ in read_body(body)[:2])
    confidence = 0.55 + 0.05 * min(reading.score, 5) + 0.02 * min(reading.margin, 4) + 0.05 * agrees
    support = " The text agrees." if agrees else ""
    return _guess(meaning, f"The heading (“{reading.words}”) announces {meaning.subject}.{support}", confidence)


def _by_body(heading: str, reading: Reading, body: str, *, is_first: bool) -> Guess:
    cues = read_body(body)
    if cues and cues[0][1] >= MIN_DENSITY:
        meaning, density = cues[0]
        return _guess(
            meaning,
            f"The heading says little; the text is about {meaning.subject}.",
            min(0.35 + 0.1 * density, 0.6),
        )
    if is_first:
        return _guess(INTRODUCTION, "It is the first section, and its heading names no other kind.", 0.5)
    if reading.meaning:
        return _guess(reading.meaning, f"The heading (“{reading.words}”) hints at {reading.meaning.subject}.", 0.4)
    return _guess(OTHER, "Neither the heading nor the text suggests another kind.", 0.35)


def _guess(meaning: Meaning, reason: str, confidence: float) -> Guess:
    return Guess(meaning.kind, meaning.aspect, reason, round(min(confidence, 0.97), 2))
