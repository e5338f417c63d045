"""PubMed: articles by PMID, the PMIDs that a DOI or a place in a journal has, and how its XML reads as a record.

Source: NCBI E-utilities, `efetch`, `esearch`; PMC ID Converter API; PubMed DTD 2025.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings

from articles.record.vocabulary import StudyDesign
from articles.sources.dates import date_of_parts
from articles.sources.identifiers import normalize_doi, normalize_pmcid, normalize_pmid
from articles.sources.lookup.client import ask
from articles.sources.lookup.errors import NoSuchRecord, NotUnderstood
from articles.sources.lookup.records import PUBMED, Record, author_lines, text_of
from articles.sources.names import Name
from articles.sources.watch import standing_of_article

WHO = "PubMed"
MOST = 5
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DESIGN_OF = {
    "Systematic Review": StudyDesign.SYSTEMATIC_REVIEW,
    "Meta-Analysis": StudyDesign.SYSTEMATIC_REVIEW,
    "Practice Guideline": StudyDesign.GUIDELINE,
    "Guideline": StudyDesign.GUIDELINE,
    "Randomized Controlled Trial": StudyDesign.RANDOMIZED_TRIAL,
    "Case Reports": StudyDesign.CASE_REPORT,
}
_SCRIPTS = {
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}


def get_article(pmid: str) -> Record:
    """The article with this PMID. Raises LookupFailed."""
    record = next((record for record in get_articles([pmid]) if record.pmid == pmid), None)
    if record is None:
        raise NoSuchRecord(f"the PMID {pmid} in PubMed")
    return record


def get_articles(pmids: Sequence[str]) -> list[Record]:
    """Those of the articles that PubMed has and that can be read. Raises LookupFailed."""
    query = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids)} | _polite()
    body = ask("PUBMED", "efetch.fcgi", query, who=WHO, types=("text/xml", "application/xml"))
    return read_articles(body)


def find_pmids(term: str) -> list[str]:
    """The PMIDs of at most five articles that a search finds; a DOI is `"10.…"[doi]`. Raises LookupFailed."""
    query = {"db": "pubmed", "retmode": "json", "retmax": str(MOST), "term": term} | _polite()
    answer = _json(ask("PUBMED", "esearch.fcgi", query, who=WHO, types=("application/json",)))
    result = answer.get("esearchresult")
    found = result.get("idlist") if isinstance(result, dict) else None
    if not isinstance(found, list):
        raise NotUnderstood(WHO, "it has no list of PMIDs")
    return [pmid for each in found[:MOST] if isinstance(each, str) and (pmid := normalize_pmid(each))]


def convert_pmcid(pmcid: str) -> tuple[str, str]:
    """(PMID, DOI) of the article with this PMCID, "" for one that it does not have. Raises LookupFailed."""
    query = {"ids": pmcid, "format": "json"} | _polite()
    answer = _json(ask("PMC", "", query, who="PubMed Central", types=("application/json",)))
    records = answer.get("records")
    record = records[0] if isinstance(records, list) and records else None
    if not isinstance(record, dict):
        raise NotUnderstood("PubMed Central", "it has no list of records")
    found = normalize_pmid(str(record.get("pmid") or "")), normalize_doi(str(record.get("doi") or ""))
    if not any(found) or normalize_pmcid(str(record.get("pmcid") or "")) != pmcid:
        raise NoSuchRecord(f"{pmcid} in PubMed Central")
    return found


def read_articles(body: bytes) -> list[Record]:
    """The records of an answer of efetch, [] if it has none. Raises NotUnderstood."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotUnderstood(WHO, "it is no XML without entities of its own") from error
    if root.tag != "PubmedArticleSet":
        raise NotUnderstood(WHO, f"it is <{root.tag[:40]}>")
    return [record for article in root.iterfind("PubmedArticle") if (record := _read(article))]


def _read(article: Element) -> Record | None:
    """None for an article without a PMID or title."""
    pmid = normalize_pmid(article.findtext("MedlineCitation/PMID") or "")
    content = article.find("MedlineCitation/Article")
    title = text_of("title", _text(content, "ArticleTitle") or _text(content, "VernacularTitle"))
    if content is None or not pmid or not title:
        return None
    standing = standing_of_article(article)
    types = [element.text for element in content.iterfind("PublicationTypeList/PublicationType")]
    return Record(
        title=_without_stop(title),
        authors=author_lines([_name(author) for author in content.iterfind("AuthorList/Author")]),
        container_title=text_of("container_title", _text(content, "Journal/ISOAbbreviation")).replace(".", "")
        or text_of("container_title", _text(content, "Journal/Title")),
        issued=_date(content.find("Journal/JournalIssue/PubDate")),
        volume=text_of("volume", _text(content, "Journal/JournalIssue/Volume")),
        issue=text_of("issue", _text(content, "Journal/JournalIssue/Issue")),
        pages=text_of(
            "pages", _text(content, "Pagination/MedlinePgn") or _text(content, "ELocationID[@EIdType='pii']")
        ),
        doi=_doi(article, content),
        pmid=pmid,
        pmcid=normalize_pmcid(_identifier(article, "pmc")),
        design=next((design for kind, design in DESIGN_OF.items() if kind in types), StudyDesign.OTHER),
        status=standing.status,
        status_notice=standing.notice,
        is_reinstated=standing.is_reinstated,
        asked=(PUBMED,),
    )


def _polite() -> dict[str, str]:
    return {"tool": "vetted", "email": settings.LOOKUP["CONTACT"]}


def _json(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood(WHO, "it is no JSON") from error
    if not isinstance(answer, dict):
        raise NotUnderstood(WHO, "it is no JSON object")
    return answer


def _text(element: Element | None, path: str) -> str:
    """All text of the element at the path; raised and lowered digits as characters of their own (10², H₂O)."""
    found = element.find(path) if element is not None else None
    if found is None:
        return ""
    return (found.text or "") + "".join(_script(child) + (child.tail or "") for child in found)


def _script(element: Element) -> str:
    text = "".join(element.itertext())
    is_number = element.tag in _SCRIPTS and re.fullmatch("[0-9+-]+", text)
    return text.translate(_SCRIPTS[element.tag]) if is_number else text


def _without_stop(title: str) -> str:
    """References put the full stop themselves; of a translated title the brackets stay."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def _name(author: Element) -> Name:
    names = {"family": "LastName", "given": "ForeName", "suffix": "Suffix", "literal": "CollectiveName"}
    return {key: text for key, tag in names.items() if (text := _text(author, tag))}


def _date(element: Element | None) -> str:
    """2015, 2015-10 or 2015-10-13; of a season or a range, such as “1998 Dec-1999 Jan”, the first year."""
    year = _text(element, "Year") or _text(element, "MedlineDate")[:4]
    month = _text(element, "Month").lower()
    number = str(MONTHS.index(month[:3]) + 1) if month[:3] in MONTHS else month
    parts = [int(part) for part in (year, number, _text(element, "Day")) if re.fullmatch("[0-9]{1,4}", part)]
    return date_of_parts(parts) if re.fullmatch("[0-9]{4}", year) else ""


def _doi(article: Element, content: Element) -> str:
    return normalize_doi(_identifier(article, "doi") or _text(content, "ELocationID[@EIdType='doi']"))


def _identifier(article: Element, kind: str) -> str:
    """Of the article itself, not of those in its list of references."""
    return article.findtext(f"PubmedData/ArticleIdList/ArticleId[@IdType='{kind}']") or ""
