"""Is each claim tied to a source that exists and was not retracted?"""

from collections.abc import Iterator

from articles.checks import places
from articles.checks.content import has_content
from articles.checks.finding import Finding, Severity
from articles.document.draft import Draft
from articles.record.vocabulary import Certainty, Frequency, SectionKind, SourceStatus, Support


def no_source(draft: Draft) -> Iterator[Finding]:
    """Readers cannot see what the article rests on. Source: HONcode 4 (attribution); DISCERN, question 4."""
    if not draft.sources:
        sections = draft.of_kind(SectionKind.SOURCES)
        path = next((places.path_of(section) for section in sections), "body")
        yield Finding(Severity.BLOCKING, path, "Cite at least one source, or list one in the sources section.")


def claim_without_citation(draft: Draft) -> Iterator[Finding]:
    """A finding of the evidence section, or the section's text where it lists none, that names no source.
    Source: HONcode 4 (attribution)."""
    cited = {citation.path for citation in places.citations(draft)}
    for section in draft.of_kind(SectionKind.EVIDENCE):
        claims = list(places.rows(section, "findings"))
        for row in claims:
            if not places.is_cited(row, draft.sources):
                message = f"Name the source of {row.name}{_said(row.value.get('statement'))}."
                yield Finding(Severity.BLOCKING, row.path, message)
        if not claims and has_content(section) and places.path_of(section, "text") not in cited:
            message = f"Cite a source in {places.name_of(section)}, or list its findings with a source for each."
            yield Finding(Severity.BLOCKING, places.path_of(section, "text"), message)


def citation_without_source(draft: Draft) -> Iterator[Finding]:
    """A citation that chooses no source, or one that was deleted: readers would see a number that leads nowhere.
    Source: HONcode 4 (attribution)."""
    for citation in places.citations(draft):
        if not citation.sources or any(key not in draft.sources for key in citation.sources):
            message = (
                f"Choose a source for the citation in {citation.name}, or remove the citation. Its source is missing."
            )
            yield Finding(Severity.BLOCKING, citation.path, message)


def retracted_source_cited(draft: Draft) -> Iterator[Finding]:
    """A retracted work cannot carry a claim (blocking); as background the reviewer weighs it (warning).
    Source: ICMJE Recommendations, section III.A (retractions)."""
    for citation in places.citations(draft):
        severity = Severity.WARNING if citation.support == Support.BACKGROUND else Severity.BLOCKING
        for title in _retracted(draft, citation.sources):
            message = f"Replace the source “{places.shortened(title)}” in {citation.name}. It was retracted."
            yield Finding(severity, citation.path, message)


def certainty_without_basis(draft: Draft) -> Iterator[Finding]:
    """A GRADE rating that does not say whose it is. Source: GRADE handbook, section 5."""
    for row in places.claims(draft, "evidence", "findings"):
        certainty = places.as_text(row.value.get("certainty"))
        if certainty not in ("", Certainty.NOT_ASSESSED) and not places.as_text(row.value.get("certainty_basis")):
            message = f"Say where the certainty of {row.name} comes from: quoted from a review, or your own judgment."
            yield Finding(Severity.WARNING, f"{row.path}/certainty_basis", message)


def risk_without_citation(draft: Draft) -> Iterator[Finding]:
    """A risk without a source: a warning where it states how often, which is a number, else advice.
    Source: SmPC guideline rev. 2, section 4.8; HONcode 4 (attribution)."""
    for name in places.LISTS["risks"]:
        for row in places.claims(draft, "risks", name):
            if not places.is_cited(row, draft.sources):
                frequency = places.as_text(row.value.get("frequency"))
                is_number = frequency not in ("", Frequency.NOT_KNOWN)
                what = "the frequency of " if is_number else ""
                said = _said(row.value.get("name") or row.value.get("group"))
                message = f"Name the source of {what}{row.name}{said}."
                yield Finding(Severity.WARNING if is_number else Severity.ADVICE, row.path, message)


def _retracted(draft: Draft, keys: tuple[int, ...]) -> Iterator[str]:
    found = (draft.sources[key] for key in keys if key in draft.sources)
    return (source.title for source in found if source.status == SourceStatus.RETRACTED)


def _said(value: object) -> str:
    text = places.as_text(value).rstrip(".")
    return f" (“{places.shortened(text)}”)" if text else ""


CHECKS = (
    no_source,
    claim_without_citation,
    citation_without_source,
    retracted_source_cited,
    certainty_without_basis,
    risk_without_citation,
)
