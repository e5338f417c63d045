"""What became of a work after it was published, as Crossref and PubMed say: is it retracted, questioned, corrected or
superseded? Pure; used by lookup.

Both say the same thing twice where the publisher and Retraction Watch report it: it counts once. Sources: Crossref REST
API, `updated-by` and `relation`; PubMed DTD, `CommentsCorrections` and `PublicationType`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from articles.record.vocabulary import SourceStatus
from articles.sources.dates import date_of_parts
from articles.sources.identifiers import normalize_doi, normalize_pmid

RETRACTION, CONCERN, CORRECTION = "retraction", "concern", "correction"
REINSTATEMENT, NEW_VERSION = "reinstatement", "new-version"

KIND_OF_CROSSREF = {
    **dict.fromkeys(("retraction", "withdrawal", "removal"), RETRACTION),
    **dict.fromkeys(("expression_of_concern", "partial_retraction"), CONCERN),
    **dict.fromkeys(("correction", "corrigendum", "erratum", "err", "addendum", "clarification"), CORRECTION),
    **dict.fromkeys(("new_version", "new_edition"), NEW_VERSION),
    "reinstatement": REINSTATEMENT,
}
KIND_OF_PUBMED = {
    **dict.fromkeys(("RetractionIn", "PartialRetractionIn", "RetractedandRepublishedIn"), RETRACTION),
    "ExpressionOfConcernIn": CONCERN,
    **dict.fromkeys(("ErratumIn", "CorrectedandRepublishedIn"), CORRECTION),
    "UpdateIn": NEW_VERSION,
}
STATUS_OF = {
    RETRACTION: SourceStatus.RETRACTED,
    CONCERN: SourceStatus.CONCERN,
    NEW_VERSION: SourceStatus.SUPERSEDED,
    CORRECTION: SourceStatus.CORRECTED,
}
GRAVEST_FIRST = (*STATUS_OF.values(), SourceStatus.STANDING)
LONGEST_NOTICE = 255  # characters, as `Source.status_notice`
_COCHRANE = re.compile(r"(10\.1002/14651858\.[a-z]{2}[0-9]+)(?:\.pub([0-9]+))?")


@dataclass(frozen=True)
class Update:
    """Something that was published about a work.

    `notice`: the DOI or PMID of the notice; of a new version, its own. `on`: a partial date. Each is "" if unknown.
    """

    kind: str
    notice: str = ""
    on: str = ""


@dataclass(frozen=True)
class Standing:
    """`status` is the gravest that applies today; `notice` the DOI or PMID of what says so, "" if it is not known."""

    status: SourceStatus = SourceStatus.STANDING
    updates: tuple[Update, ...] = ()

    @property
    def notice(self) -> str:
        """The latest notice of that status; of newer versions of a Cochrane review, the highest."""
        said = [
            update
            for update in self.updates
            if 0 < len(update.notice) <= LONGEST_NOTICE and STATUS_OF.get(update.kind) == self.status
        ]
        order = {update: (cochrane_version(update.notice)[1], update.on, place) for place, update in enumerate(said)}
        return max(said, key=order.__getitem__).notice if said else ""

    @property
    def is_reinstated(self) -> bool:
        return any(update.kind == REINSTATEMENT for update in self.updates)


def standing_of_work(work: dict[str, Any]) -> Standing:
    """Of Crossref's record of the work itself. That it is a notice about another work (`update-to`) says nothing."""
    own = normalize_doi(str(work.get("DOI") or ""))
    return standing_of([*_crossref_updates(work, own), *_replacements(work, own)])


def standing_of_article(article: Element) -> Standing:
    """Of a `PubmedArticle`."""
    return standing_of(_pubmed_updates(article))


def standing_of(updates: Iterable[Update]) -> Standing:
    """A reinstatement ends the retractions and concerns that are known to have come before it."""
    once = _each_once(updates)
    reinstated = max((update.on for update in once if update.kind == REINSTATEMENT), default="")
    holds = [update for update in once if not _is_over(update, reinstated)]
    statuses = {STATUS_OF[update.kind] for update in holds if update.kind in STATUS_OF}
    status = next((each for each in GRAVEST_FIRST if each in statuses), SourceStatus.STANDING)
    return Standing(status, tuple(once))


def gravest(statuses: Iterable[SourceStatus]) -> SourceStatus:
    """What counts where two records of one work disagree."""
    return min(statuses, key=GRAVEST_FIRST.index, default=SourceStatus.STANDING)


def cochrane_version(doi: str) -> tuple[str, int]:
    """("10.1002/14651858.cd001869", 4) for …CD001869.pub4; the first version is 1; ("", 0) for other works."""
    match = _COCHRANE.fullmatch(doi.lower())
    return (match[1], int(match[2] or 1)) if match else ("", 0)


def next_cochrane_version(doi: str) -> str:
    """The DOI that the next version of this Cochrane review would have; "" for other works."""
    review, version = cochrane_version(doi)
    return f"{review}.pub{version + 1}" if review else ""


def _crossref_updates(work: dict[str, Any], own: str) -> Iterator[Update]:
    for update in _dicts(work.get("updated-by")):
        kind = KIND_OF_CROSSREF.get(re.sub(r"[\s-]+", "_", str(update.get("type") or "").strip().lower()))
        notice = normalize_doi(str(update.get("DOI") or ""))
        if kind and not (kind == NEW_VERSION and notice == own):
            yield Update(kind, notice, _crossref_date(update.get("updated")))


def _replacements(work: dict[str, Any], own: str) -> Iterator[Update]:
    relation = work.get("relation")
    for other in _dicts(relation.get("is-replaced-by") if isinstance(relation, dict) else None):
        if (doi := normalize_doi(str(other.get("id") or ""))) and doi != own:
            yield Update(NEW_VERSION, doi)


def _pubmed_updates(article: Element) -> Iterator[Update]:
    types = [element.text for element in article.iterfind("MedlineCitation/Article/PublicationTypeList/*")]
    if "Retracted Publication" in types:
        yield Update(RETRACTION)
    for link in article.iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        if kind := KIND_OF_PUBMED.get(link.get("RefType", "")):
            year = re.search(r"\b(?:1[89]|20)[0-9]{2}\b", link.findtext("RefSource") or "")
            yield Update(kind, normalize_pmid(link.findtext("PMID") or ""), year[0] if year else "")


def _each_once(updates: Iterable[Update]) -> list[Update]:
    """One for each kind and notice, with its first date; without those of unknown notice where a known one is."""
    found: dict[tuple[str, str], Update] = {}
    for update in updates:
        seen = found.setdefault((update.kind, update.notice), update)
        if update.on and (not seen.on or update.on < seen.on):
            found[update.kind, update.notice] = replace(seen, on=update.on)
    known = {kind for kind, notice in found if notice}
    return [update for (kind, notice), update in found.items() if notice or kind not in known]


def _is_over(update: Update, reinstated: str) -> bool:
    return update.kind in (RETRACTION, CONCERN) and bool(update.on) and update.on <= reinstated


def _crossref_date(value: Any) -> str:
    parts = value.get("date-parts") if isinstance(value, dict) else None
    return date_of_parts(parts[0]) if isinstance(parts, list) and parts else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
