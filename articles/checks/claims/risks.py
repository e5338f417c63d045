"""Are harms given with how often they happen, and does the article warn whom a medicine may harm?"""

import re
from collections.abc import Iterator
from fractions import Fraction

from articles.checks import places
from articles.checks.claims.numbers import RESULT
from articles.checks.finding import Finding, Severity
from articles.checks.language import texts
from articles.document.draft import Draft
from articles.record.vocabulary import Frequency, RegulatoryStatus, SectionKind

# {band: the lowest share in it}; each reaches up to the next. Source: SmPC guideline rev. 2, section 4.8.
BANDS = {
    Frequency.VERY_COMMON: Fraction(1, 10),
    Frequency.COMMON: Fraction(1, 100),
    Frequency.UNCOMMON: Fraction(1, 1000),
    Frequency.RARE: Fraction(1, 10_000),
    Frequency.VERY_RARE: Fraction(0),
}
_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}|\d{1,9}"
SHARE = re.compile(
    rf"\b(?P<few>{_NUMBER}) (?:in|out of|of) (?:every )?(?P<many>{_NUMBER})\b(?! ?%)"
    r"|\b(?P<percent>\d{1,3}(?:\.\d{1,6})?) ?(?:%|percent\b|per cent\b)",
    re.IGNORECASE,
)
BAND = re.compile(
    r"\b(?<!less )(?<!more )(?<!most )(?<!not )(very common|common|uncommon|very rare|rare)(?:ly)?\b", re.I
)
RANGE_BEFORE = re.compile(r"(?:\bbetween|\bfrom|\d ?%? ?(?:to|and|[–-]))\s*$", re.IGNORECASE)
RANGE_AFTER = re.compile(r"\s*(?:to|and|[–-])\s*(?:up to )?\d", re.IGNORECASE)
BELOW = re.compile(r"\b(?:up to|(?:less|fewer) than|under|below|at most)\s*$", re.IGNORECASE)
REACH = 90  # characters before a number that tell what it is
CLAUSE_END = re.compile(r"[.,;!?\n](?!\d)")

MENTIONS = {
    "pregnancy": {"en": "pregnan", "de": "schwanger", "es": "embaraz"},
    "breastfeeding": {"en": "breast[- ]?fe|lactat|nursing", "de": r"\bstill(?:en|zeit)", "es": "lactancia|amamant"},
}
OFF_LABEL = {
    "en": r"off[- ]label|\b(?:not|never|un)[- ]?(?:been )?(?:licen[cs]ed|approved|authori[sz]ed)",
    "de": r"off[- ]label|nicht (?:\w+ ){0,5}zugelassen|zulassung",
    "es": r"off[- ]label|fuera de (?:ficha|indicaci)|no (?:\w+ ){0,3}(?:autorizad|aprobad)",
}


def effects_without_frequency(draft: Draft) -> Iterator[Finding]:
    """Side effects, and nowhere in the section how often any of them happens.
    Source: SmPC guideline rev. 2, section 4.8; DISCERN, question 11 (risks of each treatment)."""
    for section in draft.of_kind(SectionKind.RISKS):
        bands = [places.as_text(row.value.get("frequency")) for row in places.rows(section, "effects")]
        is_said = any(band not in ("", Frequency.NOT_KNOWN) for band in bands)
        if bands and not is_said and not RESULT.search(places.plain_text(places.field(section, "text"))):
            message = (
                f"Look in the product label or a trial for how often the side effects of {places.name_of(section)} "
                "happen: none has a frequency."
            )
            yield Finding(Severity.ADVICE, places.path_of(section, "effects"), message)


def frequency_against_number(draft: Draft) -> Iterator[Finding]:
    """“Rare (1 in 50)”: the word and its number belong to different bands. Running text in English only.
    Source: SmPC guideline rev. 2, section 4.8; CIOMS III (frequency of adverse reactions)."""
    for row in places.claims(draft, SectionKind.RISKS, "effects"):
        name, band = places.as_text(row.value.get("name")), places.as_text(row.value.get("frequency"))
        if band in BANDS:
            for share in _single(name):
                yield from _against(band, share, f"{row.path}/frequency", row.name)
    for section in draft.of_kind(SectionKind.RISKS) if draft.locale.startswith("en") else ():
        for place in places.rich_texts_of(section):
            for share in _single(places.plain_text(place.value)):
                if band := _word_before(share):
                    yield from _against(band, share, place.path, place.name)


def pregnancy_not_mentioned(draft: Draft) -> Iterator[Finding]:
    """A medicine or supplement, and not a word on pregnancy or breastfeeding. English, German and Spanish.
    Source: SmPC guideline rev. 2, section 4.6 (fertility, pregnancy and lactation)."""
    if draft.substances and (said := _everything(draft)):
        missing = [name for name, words in MENTIONS.items() if not _says(draft, said, words)]
        if missing:
            message = f"Mention {' and '.join(missing)} in the risks section: the article names {_names(draft)}."
            yield Finding(Severity.WARNING, _risks(draft), message)


def off_label_not_said(draft: Draft) -> Iterator[Finding]:
    """A medicine that is off-label for this use, and the text does not tell readers. English, German and Spanish.
    Source: MHRA, Drug Safety Update 2(9), April 2009 (off-label use: tell patients)."""
    names = ", ".join(_off_label(draft))
    if names and not _says(draft, _everything(draft), OFF_LABEL):
        message = f"Tell readers in the text that this use of {names} is off-label: the article's substances say so."
        yield Finding(Severity.WARNING, _risks(draft), message)


def _single(text: str) -> Iterator[re.Match[str]]:
    """Shares that stand alone, not as an end of a range."""
    for share in SHARE.finditer(text):
        before, after = text[max(0, share.start() - REACH) : share.start()], text[share.end() : share.end() + REACH]
        if not RANGE_BEFORE.search(before) and not RANGE_AFTER.match(after):
            yield share


def _word_before(share: re.Match[str]) -> str:
    """The band that the same sentence names shortly before the share."""
    before = share.string[max(0, share.start() - REACH) : share.start()]
    words = BAND.findall(CLAUSE_END.split(before)[-1])
    return words[-1].lower().replace(" ", "-") if words else ""


def _against(band: str, share: re.Match[str], path: str, name: str) -> Iterator[Finding]:
    if (right := _band_of(share)) and right != band:
        message = (
            f"Correct the number or the frequency in {name}: {share[0]} is {right.replace('-', ' ')}, not "
            f"{band.replace('-', ' ')}."
        )
        yield Finding(Severity.WARNING, path, message)


def _band_of(share: re.Match[str]) -> str:
    """“Up to 1 in 10” is the end of the band below it."""
    if share["percent"]:
        part = Fraction(share["percent"]) / 100
    else:
        few, many = (int(share[name].replace(",", "")) for name in ("few", "many"))
        part = Fraction(few, many) if many else Fraction(2)
    is_below = bool(BELOW.search(share.string[max(0, share.start() - REACH) : share.start()]))
    fitting = (band for band, lowest in BANDS.items() if (part > lowest if is_below else part >= lowest))
    return str(next(fitting, "")) if part <= 1 else ""


def _everything(draft: Draft) -> str:
    return "\n".join(str(place.value) for place in texts(draft))


def _says(draft: Draft, text: str, words: dict[str, str]) -> bool:
    """True in languages that have no words here: they are not judged."""
    pattern = words.get(draft.locale.partition("-")[0])
    return pattern is None or bool(re.search(pattern, text, re.IGNORECASE))


def _off_label(draft: Draft) -> Iterator[str]:
    for substance in draft.substances:
        markets = substance.get("status")
        rows = [row for row in markets if isinstance(row, dict)] if isinstance(markets, list) else []
        if any(row.get("status") == RegulatoryStatus.OFF_LABEL for row in rows):
            yield places.as_text(substance.get("name"))


def _names(draft: Draft) -> str:
    return ", ".join(places.as_text(substance.get("name")) for substance in draft.substances)


def _risks(draft: Draft) -> str:
    section = next(draft.of_kind(SectionKind.RISKS), None)
    return places.path_of(section) if section else "body"


CHECKS = (effects_without_frequency, frequency_against_number, pregnancy_not_mentioned, off_label_not_said)
