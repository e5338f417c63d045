"""Do the sources stand: listed for readers, each once, unquestioned, recent, and not all from one house?"""

from collections.abc import Iterator

from articles.checks import places
from articles.checks.finding import Finding, Severity
from articles.document.draft import Draft, SourceData
from articles.record.vocabulary import SectionKind, SourceStatus

OLD_YEARS = 10
FEWEST_FOR_VARIETY = 3


def sources_section_missing(draft: Draft) -> Iterator[Finding]:
    """Citations without the list that they number. Source: HONcode 4 (attribution); DISCERN, question 4."""
    if not any(draft.of_kind(SectionKind.SOURCES)) and _known(draft, places.citations(draft)):
        message = "Add a Sources section: without it, the number of each citation leads readers nowhere."
        yield Finding(Severity.BLOCKING, "body", message)


def same_work_cited_twice(draft: Draft) -> Iterator[Finding]:
    """Two records with one DOI, PMID or PMCID: readers would count two references where there is one.
    Source: DOI Handbook, section 2 (a DOI names one work); ICMJE Recommendations, section IV.A.3.g (references)."""
    seen: dict[tuple[str, str], SourceData] = {}
    for source, place in _used(draft):
        for name, number in _identifiers(source):
            first = seen.setdefault((name, number), source)
            if first is not source:
                message = (
                    f"Merge the two records of {name} {number} in the library, or cite one of them. {place.name} names "
                    f"“{places.shortened(source.title)}”, and “{places.shortened(first.title)}” is the same work: "
                    f"readers would see two references."
                )
                yield Finding(Severity.BLOCKING, place.path, message)
                break


def questioned_source_cited(draft: Draft) -> Iterator[Finding]:
    """A work about which its journal has expressed concern. Source: ICMJE Recommendations, section III.A."""
    for citation in places.citations(draft):
        for source in (draft.sources[key] for key in citation.sources if key in draft.sources):
            if source.status == SourceStatus.CONCERN:
                message = (
                    f"Check whether {citation.name} still holds without “{places.shortened(source.title)}”: its "
                    "journal has expressed concern about it."
                )
                yield Finding(Severity.WARNING, citation.path, message)


def superseded_source_cited(draft: Draft) -> Iterator[Finding]:
    """A work that a newer version replaces, until somebody decided that no update is needed.
    Source: Cochrane Handbook, chapter IV (updating a review); DISCERN, question 5 (dates of the sources)."""
    for citation in places.citations(draft):
        for source in (draft.sources[key] for key in citation.sources if key in draft.sources):
            if source.status == SourceStatus.SUPERSEDED and not source.needs_no_update:
                newer = f"There is a newer version of “{places.shortened(source.title)}”."
                message = (
                    f"{newer} Check whether {citation.name} still holds, and cite the newer version. "
                    "If nothing changed, an editor says so once for all articles, in Reports, Changed sources."
                )
                yield Finding(Severity.WARNING, citation.path, message)


def unverified_sources(draft: Draft) -> Iterator[Finding]:
    """Works with a DOI or PMID whose details are not known to be those of Crossref or PubMed.
    Source: ICMJE Recommendations, section IV.A.3.g."""
    found = [(row, place) for row, place in _used(draft) if not row.is_verified and (row.doi or row.pmid)]
    if found:
        first, place = found[0]
        others = f" and {len(found) - 1} more" if len(found) > 1 else ""
        message = (
            f"Compare the details of “{places.shortened(first.title)}”{others} with Crossref or PubMed: nobody has "
            "confirmed them yet."
        )
        yield Finding(Severity.ADVICE, place.path, message)


def old_sources(draft: Draft) -> Iterator[Finding]:
    """An evidence section that rests on nothing of the last ten years, as far as its sources are dated.
    Source: DISCERN, question 5 (dates of the sources); the ten years are ours."""
    for section in draft.of_kind(SectionKind.EVIDENCE):
        years = [_year(draft.sources[key]) for key in _known(draft, places.citations_in(section))]
        if draft.gathered_on and years and all(years) and max(years) < draft.gathered_on.year - OLD_YEARS:
            message = f"Look for newer studies for {places.name_of(section)}: its newest source is from {max(years)}."
            yield Finding(Severity.ADVICE, places.path_of(section), message)


def one_publisher_only(draft: Draft) -> Iterator[Finding]:
    """Three sources or more, and one voice. Source: DISCERN, question 6 (balanced and unbiased: a range of sources)."""
    publishers = [_publisher(source) for source, _ in _used(draft)]
    if len(publishers) >= FEWEST_FOR_VARIETY and publishers[0] and len({name.casefold() for name in publishers}) == 1:
        section = next(draft.of_kind(SectionKind.SOURCES), None)
        message = f"Look for a source of another publisher: all {len(publishers)} come from {publishers[0]}."
        yield Finding(Severity.ADVICE, places.path_of(section) if section else "body", message)


def _used(draft: Draft) -> list[tuple[SourceData, places.Place]]:
    """Each source that is there, with the place where it is first cited, or else listed."""
    found: dict[int, places.Place] = {}
    for citation in places.citations(draft):
        for key in citation.sources:
            found.setdefault(key, places.Place(citation.path, _capitalized(citation.name), key))
    for section in draft.of_kind(SectionKind.SOURCES):
        items = places.field(section, "items")
        for index, key in enumerate(items if isinstance(items, list) else []):
            if isinstance(key, int):
                path = places.path_of(section, "items", index)
                found.setdefault(key, places.Place(path, f"Item {index + 1} of {places.name_of(section)}", key))
    used: dict[str, tuple[SourceData, places.Place]] = {}
    for key, place in found.items():
        if source := draft.sources.get(key):
            used.setdefault(source.id, (source, place))
    return list(used.values())


def _known(draft: Draft, citations: Iterator[places.Citation]) -> set[int]:
    """The sources that they cite and that are there."""
    return {key for citation in citations for key in citation.sources if key in draft.sources}


def _identifiers(source: SourceData) -> Iterator[tuple[str, str]]:
    pmcid = places.as_text(source.csl.get("PMCID")).upper()
    for name, number in (("DOI", source.doi.lower()), ("PMID", source.pmid), ("PMCID", pmcid)):
        if number:
            yield name, number


def _year(source: SourceData) -> int:
    """0 where it is not known."""
    parts = (source.csl.get("issued") or {}).get("date-parts")
    return parts[0][0] if parts and parts[0] else 0


def _publisher(source: SourceData) -> str:
    return places.as_text(source.csl.get("publisher")) or places.as_text(source.csl.get("container-title"))


def _capitalized(name: str) -> str:
    return name[:1].upper() + name[1:]


CHECKS = (
    sources_section_missing,
    same_work_cited_twice,
    questioned_source_cited,
    superseded_source_cited,
    unverified_sources,
    old_sources,
    one_publisher_only,
)
