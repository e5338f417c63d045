"""Is the article in words that its readers know, and that label nobody? English only; advice."""

import re
from collections.abc import Iterator

from articles.checks.finding import Finding, Severity
from articles.checks.language import texts
from articles.checks.places import Place, name_of, path_of, plain_text, rich_texts, rich_texts_of
from articles.checks.wording.reading import WORD, grade
from articles.document.draft import Draft
from articles.record.vocabulary import Audience

HIGHEST_GRADE = 9  # a reading age of 14
FEWEST_WORDS = 150  # of an article whose grade means something; of a section, a fifth

ABBREVIATION = re.compile(r"(?<![\w@/.-])[A-Z]{2,6}(?=s?(?![\w@/]))")  # not mTOR: names of molecules are names
EXPLAINED = re.compile(
    r"\(\s*(?:\w+ ){0,2}([A-Z]{2,6})s?\b|\b([A-Z]{2,6})(?=s?\s*\()|\b(?:called|named) ([A-Z]{2,6})s?\b"
)
KNOWN = re.compile(
    r"AIDS|AM|CDC|CM|COVID|CT|DNA|ECG|EKG|EU|FAQ|FDA|GP|HIV|ID|IQ|IU|KG|MD|MG|ML|MM|MRI|NHS|OK|PDF|PM|RNA|SMS|TV|UK|UN|"
    r"USA?|UV|WHO|[IVX]+[ABC]?"
)

# {what not to write: what to write}. Sources: see stigmatizing_term.
_BETTER = {
    r"[Aa]fflicted (?:by|with)": "who have",
    r"(?:[Ss]uffer(?:s|ing)?|[Ss]ufferers) (?:from|of)": "have",
    r"(?:[Ss]troke|[Cc]ancer|[Bb]urns?) victims?": "people who have had it",
    r"[Cc]onfined to (?:a |their |his |her )?wheelchairs?|[Ww]heelchair[- ]bound": "who uses a wheelchair",
    r"[Hh]andicapped": "disabled",
    r"[Dd]iabetic (?:people|persons?|patients?)|[Dd]iabetics": "people with diabetes",
    r"(?:the )?[Mm]entally ill": "with a mental health condition",
    r"[Aa]ddicts?": "person with an addiction",
    r"(?:[Dd]rug|[Ss]ubstance) abusers?": "person with a substance use disorder",
    r"(?:[Dd]rug|[Ss]ubstance|[Aa]lcohol) abuse": "use or misuse",
}
TERMS = [(re.compile(rf"\b(?:{term})\b"), better) for term, better in _BETTER.items()]
STEMS = ("afflict", "suffer", "victim", "wheelchair", "handicap", "diabetic", "mentally", "addict", "abuse")


def hard_to_read(draft: Draft) -> Iterator[Finding]:
    """A text for patients that asks for more than nine years of school (grade of Flesch and Kincaid). English only.
    Source: NHS digital service manual (a reading age of 9 to 11, or of 14 where medical words make that hard)."""
    if not _is_for_patients(draft):
        return
    read = [
        (section, "\n".join(plain_text(text.value) for text in rich_texts_of(section))) for section in draft.sections
    ]
    whole = "\n".join(text for _, text in read)
    if _length(whole) < FEWEST_WORDS or grade(whole) < HIGHEST_GRADE + 1:
        return
    section = max(read, key=lambda pair: grade(pair[1]) if _length(pair[1]) >= FEWEST_WORDS // 5 else 0.0)[0]
    message = (
        f"Write shorter sentences and plainer words, first in {name_of(section)}: the article asks for about "
        f"{int(grade(whole))} years of school, and patients should need no more than {HIGHEST_GRADE}."
    )
    yield Finding(Severity.ADVICE, path_of(section), message)


def undefined_abbreviation(draft: Draft) -> Iterator[Finding]:
    """Abbreviations in the running text for patients that it never writes out. One that stands in brackets, or before
    them, counts as explained; one that is also an ordinary word of the text is none. English only.
    Source: WCAG 2.2, success criterion 3.1.4 (abbreviations); PIF TICK 7 (content and design)."""
    if not _is_for_patients(draft):
        return
    read = [(place, plain_text(place.value)) for place in (Place("summary", "", draft.summary), *rich_texts(draft))]
    whole = "\n".join((draft.title, *draft.synonyms, *(text for _, text in read)))
    words = {word for word in WORD.findall(whole) if word.islower()}
    explained = {short for found in EXPLAINED.findall(whole) for short in found}
    unknown: dict[str, Place] = {}
    for place, text in read:
        for short in ABBREVIATION.findall(text):
            if not KNOWN.fullmatch(short) and short.lower() not in words and short not in explained:
                unknown.setdefault(short, place)
    if unknown:
        first = next(iter(unknown.values()))
        message = f"Write out {', '.join(unknown)} where it first appears, with the abbreviation in brackets."
        yield Finding(Severity.ADVICE, first.path, message)


def stigmatizing_term(draft: Draft) -> Iterator[Finding]:
    """Words that make a label of a condition. English only.
    Source: NHS digital service manual (inclusive content: disabilities and conditions); NIDA, Words Matter."""
    for place in texts(draft) if draft.locale.startswith("en") else ():
        stored = str(place.value).lower()
        text = plain_text(place.value) if any(stem in stored for stem in STEMS) else ""
        for found, better in ((found, better) for term, better in TERMS if (found := term.search(text))):
            message = f"Replace “{found[0]}” in {place.name}, for example by “{better}”: it labels people."
            yield Finding(Severity.ADVICE, place.path, message)


def _is_for_patients(draft: Draft) -> bool:
    return draft.locale.startswith("en") and draft.audience == Audience.PATIENT


def _length(text: str) -> int:
    return len(WORD.findall(text))


CHECKS = (hard_to_read, undefined_abbreviation, stigmatizing_term)
