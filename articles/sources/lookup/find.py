"""The record of a work, from whatever people paste: an identifier in any form, an address, or a whole reference."""

import hashlib
import html
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from django.core.cache import cache

from articles.sources.identifiers import Identifiers, find_identifiers, normalize_pmcid, normalize_pmid
from articles.sources.lookup import crossref, matching, pubmed
from articles.sources.lookup.client import is_any_on
from articles.sources.lookup.errors import (
    Contradicts,
    CouldNotAsk,
    LookupFailed,
    LookupsOff,
    NoSuchRecord,
    NotCertain,
    NotUnderstood,
)
from articles.sources.lookup.records import CROSSREF, Record, merge

KEPT_S = 24 * 60 * 60
LONGEST = 2000  # characters of what is pasted
LEAST_WORDS = 4  # of a reference
_NATURE = re.compile(r"(?:www\.)?nature\.com/articles/((?:s?[a-z]{2,}|[sd])[0-9][\w.-]*)$")
_PII = re.compile(r"/(?:PII)?(S?[0-9]{4}-?[0-9]{4}\(?[0-9]{2}\)?[0-9]{5}-?[0-9Xx])(?=$|[/?#])", re.IGNORECASE)


def find_record(text: str, *, is_fresh: bool = False) -> Record:
    """The one record that the text names. `is_fresh`: ask again, even if it was found within a day.

    Raises LookupFailed: CouldNotAsk, NoSuchRecord, NotCertain, Contradicts or NotUnderstood.
    """
    text = " ".join(html.unescape(text[:LONGEST]).split())
    if not is_any_on():
        raise LookupsOff
    named = _identifiers(text)
    key = f"lookup:{hashlib.sha256('|'.join([text, *vars(named).values()]).encode(errors='replace')).hexdigest()}"
    if not is_fresh and (kept := cache.get(key)):
        return Record(**kept)
    record = _find(text, named)
    cache.set(key, vars(record), KEPT_S)
    return record


def _find(text: str, named: Identifiers) -> Record:
    if named.doi:
        return _said(text, _by_doi(named.doi))
    if named.pmid:
        return _said(text, _by_pmid(named.pmid))
    if named.pmcid:
        pmid, doi = pubmed.convert_pmcid(named.pmcid)
        return _said(text, _by_doi(doi) if doi else _by_pmid(pmid))
    if named.url and len(text.split()) == 1:
        return _by_address(named.url)
    return _by_reference(text)


def _identifiers(text: str) -> Identifiers:
    """As `find_identifiers`; a bare number is a PMID."""
    if pmid := normalize_pmid(text):
        return Identifiers(pmid=pmid)
    if pmcid := normalize_pmcid(text):
        return Identifiers(pmcid=pmcid)
    return find_identifiers(text)


def _by_doi(doi: str, work: Record | None = None) -> Record:
    """Crossref's record with what PubMed adds, or PubMed's where Crossref has none. Raises LookupFailed."""
    failure: LookupFailed | None = None
    try:
        work = work or crossref.get_work(doi)
    except LookupFailed as error:
        failure = error
    article = _if_found(lambda: _article_of(doi))
    if work:
        return merge(work, article) if article else work
    if article:
        return article
    raise failure if failure and not isinstance(failure, LookupsOff) else NoSuchRecord(f"the DOI {doi}")


def _by_pmid(pmid: str) -> Record:
    """PubMed's record with what Crossref adds. Raises LookupFailed."""
    return _completed(pubmed.get_article(pmid))


def _article_of(doi: str) -> Record | None:
    pmids = pubmed.find_pmids(f'"{doi}"[doi]')
    return next((found for found in pubmed.get_articles(pmids) if found.doi == doi), None) if pmids else None


def _by_address(url: str) -> Record:
    """A publisher's page, by the DOI or the publisher's number in its address. Raises LookupFailed."""
    where = urlsplit(url)
    if match := _NATURE.match(f"{where.netloc}{where.path}".lower().rstrip("/")):
        return _by_doi(f"10.1038/{match[1]}")
    if match := _PII.search(where.path):
        records = crossref.works_with_number(re.sub("[^0-9SX]", "", match[1].upper()))
        if len(records) == 1:
            return _by_doi(records[0].doi)
    raise NoSuchRecord("this address")


def _by_reference(text: str) -> Record:
    """What the words name, searched in Crossref, then in PubMed. Raises LookupFailed."""
    if len(text.split()) < LEAST_WORDS:
        raise NoSuchRecord("so few words")
    failure: LookupFailed | None = None
    for search in (crossref.search_works, _articles_in_place):
        try:
            found = matching.accepted(text, search(text))
        except (CouldNotAsk, NotUnderstood) as error:
            failure = failure or error
            continue
        if len(found) > 1:
            raise NotCertain(tuple(found))
        if found:
            return _completed(found[0])
    raise failure or NoSuchRecord("this reference")


def _completed(record: Record) -> Record:
    """What a search found, with what the other service adds."""
    if record.origin == CROSSREF:
        return _by_doi(record.doi, record)
    work = _if_found(lambda: crossref.get_work(record.doi)) if record.doi else None
    return merge(work, record) if work else record


def _articles_in_place(text: str) -> list[Record]:
    """PubMed's articles at the volume and page that the reference says."""
    author = matching.first_author_in(text)
    for place in matching.places_in(text)[:1]:
        terms = [f"{place.volume}[vi]", f"{place.page}[pg]", *([f"{author}[1au]"] if author else [])]
        pmids = pubmed.find_pmids(" AND ".join(terms))
        return pubmed.get_articles(pmids) if pmids else []
    return []


def _said(text: str, record: Record) -> Record:
    """The record, unless the words beside the identifier name another work. Raises Contradicts."""
    if len(text.split()) >= 2 * LEAST_WORDS and matching.says_otherwise(text, record):
        raise Contradicts(record)
    return record


def _if_found(ask: Callable[[], Record | None]) -> Record | None:
    """What a second service adds: nothing where it cannot be asked. `Record.asked` says who answered."""
    try:
        return ask()
    except LookupFailed:
        return None
