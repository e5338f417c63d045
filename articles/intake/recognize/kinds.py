"""Guesses the kind of each section from heading, text and place, with the reason and how sure that is. Pure.

Below `UNSURE` a section becomes prose, and the editor is asked to check it.
"""

from collections.abc import Sequence

from articles.intake.outline import Guess
from articles.intake.recognize import chain
from articles.intake.recognize.block_features import MOST, is_question, repeat_the_topic, shared_topic
from articles.intake.recognize.headings import STRONG, read_heading
from articles.intake.recognize.meanings import INTRODUCTION, MEANINGS, OTHER, Meaning
from articles.intake.recognize.section_features import Seen, features

CUE = 1.0  # how much a heading's score counts, and that it has one
BASE = 1.5
OF_A_TEMPLATE = 4.0
UNSURE = 0.33
LEADS = 0.6  # of what speaks for a kind: from this share on, one thing alone is the reason


def guess_kinds(sections: Sequence[Seen], title: str) -> list[Guess]:
    """A guess for each section of one article, all judged together."""
    model = chain.load("kinds")
    title = title or shared_topic([section.heading for section in sections if is_question(section.heading)])
    seen = features(sections, title)
    emissions = [model.emissions(each) for each in seen]
    weight = OF_A_TEMPLATE if _is_template(sections, title) else 1.0
    for section, row in zip(sections, emissions, strict=True):
        _add_cues(model, section.heading, title, row, weight)
    found = []
    for position, (label, row) in enumerate(
        zip(chain.best(model, emissions), chain.probabilities(model, emissions), strict=True)
    ):
        meaning = MEANINGS[model.labels[label]]
        confidence = round(model.calibrated(row[label]), 2)
        reason = _reason(model, seen[position], label, meaning, sections[position], is_first=position == 0)
        found.append(_guess(meaning, reason, confidence))
    return found


def _is_template(sections: Sequence[Seen], title: str) -> bool:
    """Whether nearly every heading is a question that repeats the title: such headings say what they mean."""
    asked = [section.heading for section in sections if is_question(section.heading)]
    repeating = sum(repeat_the_topic(asked, title))
    return repeating >= 2 and repeating >= MOST * len(sections)


def _add_cues(model: chain.Model, heading: str, title: str, row: list[float], weight: float) -> None:
    """What an English heading says outright counts, whatever the text is like."""
    reading = read_heading(heading, title=title)
    if reading.meaning and reading.is_strong:
        row[model.labels.index(reading.meaning.label)] += weight * (CUE * (reading.score - STRONG) + BASE)


def _guess(meaning: Meaning, reason: str, confidence: float) -> Guess:
    if confidence >= UNSURE:
        return Guess(meaning.kind, meaning.aspect, reason, confidence)
    kept = meaning if meaning.aspect else OTHER
    return Guess(kept.kind, kept.aspect, f"{reason} This is too unsure to decide. Please check the kind.", confidence)


def _reason(
    model: chain.Model, seen: chain.Groups, label: int, meaning: Meaning, section: Seen, *, is_first: bool
) -> str:
    if is_first and meaning is INTRODUCTION and not section.heading:
        return "It is the text before the first heading."
    heading, text, _ = _shares(model, seen, label)
    if not section.heading:
        return f"It has no heading; the text is about {meaning.subject}."
    if heading >= LEADS:
        return f"The heading “{_short(section.heading)}” suggests {meaning.subject}."
    if text >= LEADS:
        return f"The heading says little; the text is about {meaning.subject}."
    if heading + text >= LEADS:
        return f"The heading “{_short(section.heading)}” suggests {meaning.subject}. The text agrees."
    return f"Its place in the article suggests {meaning.subject}."


def _shares(model: chain.Model, seen: chain.Groups, label: int) -> list[float]:
    """How much of what speaks for the label is in the heading, in the text and in the place."""
    rows = [model.emissions([group]) for group in seen]
    sums = [max(row[label] - sum(row) / len(row), 0.0) for row in rows]
    total = sum(sums) or 1.0
    return [value / total for value in sums]


def _short(heading: str) -> str:
    return heading if len(heading) <= 60 else f"{heading[:59]}…"
