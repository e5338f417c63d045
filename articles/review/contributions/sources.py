"""What is printed of a source, without what may be corrected. Pure.

Dates, volume, issue, pages and the number in PubMed Central may be corrected, in forms that have no room for words.
Everything else that readers are shown says something: title, authors, journal, publisher, and by its DOI, PMID or
address which work it is.
"""

import re
from typing import Any

from articles.record.citations.styles import format_ama, format_nlm
from articles.sources.models import Source

_NUMBER = r"(?:[A-Za-z]{0,2}[0-9]{1,8}[A-Za-z]?|suppl?|pt|part)"
LOCATED = re.compile(rf"{_NUMBER}(?:[\s.,;:/()‐–-]{{1,3}}{_NUMBER})*\)?\.?", re.IGNORECASE)
VALID = {
    "volume": LOCATED,
    "issue": LOCATED,
    "page": LOCATED,
    "PMCID": re.compile(r"(?:PMC)?[0-9]{1,9}", re.IGNORECASE),
}
DATES = ("issued", "accessed")  # CSL holds valid ones only


def printed(source: Source) -> dict[str, Any]:
    """The reference as readers get it, and how the source stands, without what may be corrected: a document of its own.

    Needs the fields of a source only, so that migrations can ask for their own kind of row.
    """
    csl = {key: value for key, value in Source.csl.fget(source).items() if not _may_be_corrected(key, value)}  # type: ignore[attr-defined]
    reference = {
        "number": 1,
        "source_id": str(source.source_id),
        "design": source.design,
        "text": {"ama": format_ama(csl), "nlm": format_nlm(csl)},
        "csl": csl,
        "doi": source.doi,
        "pmid": source.pmid,
        "url": source.url,
    }
    return {"references": [reference], "status": source.status}


def _may_be_corrected(key: str, value: Any) -> bool:
    return key in DATES or (key in VALID and bool(VALID[key].fullmatch(str(value))))
