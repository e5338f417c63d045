"""The automated checks of the checklist. Pure functions: draft -> holds, does not hold, or does not apply."""

from collections.abc import Callable
from dataclasses import dataclass

from articles.checks import places
from articles.checks.content import has_content
from articles.checks.structure import TREATING_KINDS, TREATING_TYPES
from articles.document.draft import Draft
from articles.record.citations.fields import read_year
from articles.record.vocabulary import Audience, Certainty, SectionKind
from articles.review.signing.reading_level import level_of

HOLDS, FAILS, DOES_NOT_APPLY = "holds", "does-not-hold", "does-not-apply"
EASY_ENOUGH = 40  # LIX; popular magazines are below, newspapers above


@dataclass(frozen=True)
class Decision:
    """`verdict`: holds, does-not-hold or does-not-apply; `detail` says why, in a few words."""

    verdict: str
    detail: str


Decide = Callable[[Draft], Decision]


def sources_dated(draft: Draft) -> Decision:
    """Every source states its year, so that readers see how old the evidence is."""
    sources = {source.id: source for source in draft.sources.values()}
    years = [read_year(source.csl) for source in sources.values()]
    dated = sorted(filter(None, years))
    newest = f"; the newest is of {dated[-1]}" if dated else ""
    return _all(len(dated), len(years), f"sources state a year{newest}")


def sources_cited(draft: Draft) -> Decision:
    """Every finding of the evidence names its source."""
    claims = list(places.claims(draft, "evidence", "findings"))
    return _all(sum(places.is_cited(row, draft.sources) for row in claims), len(claims), "findings name a source")


def quotes_given(draft: Draft) -> Decision:
    """Every claim quotes the passage of its source, for comparison."""
    given = [
        citation
        for kind, lists in places.LISTS.items()
        for name in lists
        for row in places.claims(draft, kind, name)
        for citation in row.value.get("citations") or []
        if isinstance(citation, dict)
    ]
    quoted = sum(bool(places.as_text(citation.get("quote"))) for citation in given)
    return _all(quoted, len(given), "citations of claims quote their source")


def uncertainty_stated(draft: Draft) -> Decision:
    """Every finding says how certain it is."""
    claims = list(places.claims(draft, "evidence", "findings"))
    unsaid = ("", Certainty.NOT_ASSESSED.value)
    rated = sum(places.as_text(row.value.get("certainty")) not in unsaid for row in claims)
    return _all(rated, len(claims), "findings say how certain they are")


def risks_stated(draft: Draft) -> Decision:
    """An article on a treatment has a section on its risks."""
    sections = [section for section in draft.of_kind(SectionKind.RISKS) if has_content(section)]
    if sections:
        return Decision(HOLDS, "a section on risks is there")
    if draft.article_type in TREATING_TYPES or any(draft.of_kind(*TREATING_KINDS)):
        return Decision(FAILS, "no section on risks")
    return Decision(DOES_NOT_APPLY, "nothing is taken or undergone")


def help_named(draft: Draft) -> Decision:
    """A section says where to turn next: signs that need help, or whom to ask."""
    sections = [section for section in draft.of_kind(SectionKind.SEEK_HELP, SectionKind.CTA) if has_content(section)]
    found = "a section says where to turn" if sections else "no section says where to turn"
    return Decision(HOLDS if sections else FAILS, found)


def easy_to_read(draft: Draft) -> Decision:
    """The text is as easy to read as a popular magazine (LIX below 40)."""
    level = level_of(draft)
    if draft.audience == Audience.CLINICIAN:
        return Decision(DOES_NOT_APPLY, f"it is for clinicians ({level.words})")
    if level.score is None:
        return Decision(DOES_NOT_APPLY, level.words)
    return Decision(HOLDS if level.score < EASY_ENOUGH else FAILS, level.words)


def _all(have: int, count: int, what: str) -> Decision:
    if not count:
        return Decision(DOES_NOT_APPLY, f"no {what.partition(' ')[0]} there")
    return Decision(HOLDS if have == count else FAILS, f"{have} of {count} {what}")
