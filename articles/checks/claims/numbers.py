"""Which numbers say how many people something happens to? Each needs its source in the same paragraph. English only."""

import re
from collections.abc import Iterator

from articles.checks import places
from articles.checks.finding import Finding, Severity
from articles.document import stored
from articles.document.draft import Draft, Section
from articles.record.vocabulary import SectionKind

CLAIMING = (
    SectionKind.PROSE,
    SectionKind.CAUSES,
    SectionKind.MECHANISM,
    SectionKind.EVIDENCE,
    SectionKind.RISKS,
    SectionKind.FAQ,
)
_YEAR = r"(?:19|20)\d\d\b"
_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9}(?:\.\d{1,6})?)"  # bounded, which keeps the time linear
_PERCENT = rf"{_NUMBER} ?(?:%|percent|per cent)"
_PEOPLE = r"people|patients|adults|women|men|children|babies|participants|cases|them|those"
RESULT = re.compile(
    rf"\b(?!{_YEAR}){_NUMBER} (?:in|out of) (?:every )?(?!{_YEAR}){_NUMBER}\b(?! ?%)"
    rf"|\b{_NUMBER} of (?:every )?{_NUMBER} (?:{_PEOPLE})\b"
    rf"|\b{_PERCENT} (?:of (?:all |the )?(?:{_PEOPLE})|more|fewer|less|lower|higher|greater|reduction|increase)\b"
    rf"|\bby (?:about |around |up to )?{_PERCENT}"
    r"|\b(?:twice|(?:two|three|four|five|ten|\d[\d.]*)(?: times|-?fold)) "
    r"(?:as (?:likely|many|often|high|common)|more|less|higher|lower)\b"
    r"|\b(?:better|worse|more \w+|less \w+) than (?:a )?placebo\b|\b(?:more|less|as) effective (?:than|as)\b"
    r"|\b95 ?% ?CI\b|\bP ?[=<] ?0?\.\d+",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"(?=<(?:p|h[34])\b)", re.IGNORECASE)  # a list belongs to the paragraph above it
NAMED = 3


def number_without_citation(draft: Draft) -> Iterator[Finding]:
    """A result in running text (“1 in 10”, “twice as likely”, “better than placebo”) without a citation in its
    paragraph. A section whose lists cite sources, an introduction and a conclusion repeat what is cited elsewhere.
    English only. Source: HONcode 4 (attribution)."""
    if not draft.locale.startswith("en"):
        return
    for section in draft.of_kind(*CLAIMING):
        for place in () if _lists_cite(section, draft) else places.rich_texts_of(section):
            if found := [number for paragraph in _paragraphs(place) for number in _uncited(paragraph)]:
                numbers = ", ".join(f"“{number}”" for number in dict.fromkeys(found[:NAMED]))
                message = f"Cite the source of {numbers} in {place.name}, in the same paragraph."
                yield Finding(Severity.WARNING, place.path, message)


def _lists_cite(section: Section, draft: Draft) -> bool:
    lists = places.LISTS.get(section.kind, {})
    return any(places.is_cited(row, draft.sources) for name in lists for row in places.rows(section, name))


def _paragraphs(place: places.Place) -> list[str]:
    """An answer is short: one citation is enough for it."""
    return [place.value] if place.path.endswith("/answer") else _PARAGRAPH.split(place.value)


def _uncited(paragraph: str) -> list[str]:
    if stored.CITED.search(paragraph):
        return []
    return [found[0] for found in RESULT.finditer(places.plain_text(paragraph))]


CHECKS = (number_without_citation,)
