"""Formats a reference, a CSL-JSON item, as a line of text in AMA or NLM (Vancouver) style. Pure.

A work's title is printed as it is given. The number of the line is not part of it.
Sources: AMA Manual of Style, 11th ed., ch. 3; Citing Medicine, 2nd ed.; the tests compare with the CSL styles
`american-medical-association` and `nlm-citation-sequence`.
"""

from typing import Any

from articles.record.citations.fields import (
    capitalize_title,
    close,
    full_pages,
    join,
    long_date,
    read,
    read_edition,
    read_journal,
    read_volume_and_issue,
    read_year,
    short_date,
    short_pages,
    surround,
)
from articles.record.citations.names import format_editors, format_names

Csl = dict[str, Any]

_PARTS_OF_BOOKS = {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
_SERIALS = {"article-journal", "article-magazine", "article-newspaper", "review"}


def format_ama(csl: Csl) -> str:
    """Lee DJW, Maier AB. Targeting ageing. Lancet Healthy Longev. 2024;5(2):e152-e162. doi:10.1016/…"""
    authors = format_names(csl, "author", shown=3)
    editors = format_editors(csl, shown=3, one="ed.", many="eds.")
    layout = _AMA_LAYOUTS.get(read(csl, "type"), _ama_article)
    published = layout(csl, editors if authors else "")
    return join(" ", close(join(". ", authors or editors, read(csl, "title"), published)), _ama_access(csl))


def format_nlm(csl: Csl) -> str:
    """Lee DJW, Maier AB. Targeting ageing. Lancet Healthy Longev. 2024 Feb;5(2):e152–62. doi:10.1016/…"""
    authors = format_names(csl, "author", shown=6)
    editors = format_editors(csl, shown=6, one="editor", many="editors")
    published = join(". ", _nlm_container(csl, editors if authors else ""), _nlm_imprint(csl), _nlm_extent(csl))
    line = close(join(". ", authors or editors, _nlm_title(csl), published))
    return join(" ", line, _nlm_access(csl), close(_nlm_notes(csl)))


def _ama_article(csl: Csl, editors: str) -> str:
    publisher = read(csl, "publisher") if read(csl, "type") == "article" else ""
    pages = read(csl, "number") or full_pages(read(csl, "page"))
    issue = join(":", join(";", _ama_date(csl), read_volume_and_issue(csl)), pages)
    return join(". ", editors, read_journal(csl), publisher, issue)


def _ama_book(csl: Csl, editors: str) -> str:
    book = join(". ", _ama_volume(csl), read_edition(csl), surround("({})", editors), _ama_imprint(csl))
    return join(":", book, full_pages(read(csl, "page")))


def _ama_part(csl: Csl, editors: str) -> str:
    title = capitalize_title(read(csl, "container-title"))
    book = join(". ", editors, title, _ama_volume(csl), read_edition(csl), _ama_imprint(csl))
    return join(":", surround("In: {}", book), full_pages(read(csl, "page")))


def _ama_thesis(csl: Csl, editors: str) -> str:
    return join(". ", read(csl, "genre"), _ama_imprint(csl))


def _ama_webpage(csl: Csl, editors: str) -> str:
    return join(". ", read(csl, "container-title"), long_date(csl, "issued"))


_AMA_LAYOUTS = {
    "book": _ama_book,
    "report": _ama_book,
    "thesis": _ama_thesis,
    "webpage": _ama_webpage,
    "post-weblog": _ama_webpage,
    **dict.fromkeys(_PARTS_OF_BOOKS, _ama_part),
}


def _ama_date(csl: Csl) -> str:
    """The year for works in an issue; otherwise the day of online publication."""
    if read(csl, "volume") or read(csl, "issue"):
        return read_year(csl)
    patterns = {"article": "Preprint posted online {}", "article-newspaper": "{}"}
    return surround(patterns.get(read(csl, "type"), "Published online {}"), long_date(csl, "issued"))


def _ama_volume(csl: Csl) -> str:
    volume = read(csl, "volume")
    return f"Vol {volume}" if volume.isdecimal() else volume


def _ama_imprint(csl: Csl) -> str:
    return join("; ", read(csl, "publisher"), read_year(csl))


def _ama_access(csl: Csl) -> str:
    if doi := read(csl, "DOI"):
        return f"doi:{doi}"
    url = read(csl, "URL")
    return join(". ", surround("Accessed {}", long_date(csl, "accessed")), url) if url else ""


def _nlm_title(csl: Csl) -> str:
    """Title, genre, medium and edition; a page is listed under its site. Source: Citing Medicine, ch. 25."""
    if _is_page_of_site(csl):
        return join(" ", read(csl, "container-title"), surround("[{}]", read(csl, "genre")), _nlm_medium(csl))
    title = join(" ", read(csl, "title"), surround("[{}]", read(csl, "genre")))
    if read(csl, "container-title") or read(csl, "type") in _PARTS_OF_BOOKS:
        return title
    return join(". ", join(" ", title, _nlm_medium(csl)), read_edition(csl))


def _nlm_container(csl: Csl, editors: str) -> str:
    """The container of the work: editors, title, edition; for a standalone book its volume."""
    kind, container = read(csl, "type"), read(csl, "container-title")
    if container and not _is_page_of_site(csl):
        title = join(" ", read_journal(csl) if kind in _SERIALS else container, _nlm_medium(csl))
        carrier = join(". ", editors, title, read_edition(csl))
    else:
        volume = read(csl, "volume") if kind not in _SERIALS else ""
        carrier = join(". ", editors, f"Vol. {volume}" if volume.isdecimal() else volume)
    return surround("In: {}" if kind in _PARTS_OF_BOOKS else "{}", carrier)


def _nlm_imprint(csl: Csl) -> str:
    """Publisher and date; of a serial the date, volume and pages."""
    if read(csl, "type") in _SERIALS:
        date = join(" ", short_date(csl, "issued"), _nlm_cited(csl))
        pages = read(csl, "number") or short_pages(read(csl, "page"))
        return join(";", date, join(":", read_volume_and_issue(csl), pages))
    publisher = join(": ", read(csl, "publisher-place"), read(csl, "publisher"))
    is_report = read(csl, "type") == "report"
    date = short_date(csl, "issued", with_day=False) if is_report else read_year(csl)
    return join("; ", publisher, join(" ", date, _nlm_cited(csl)))


def _nlm_extent(csl: Csl) -> str:
    """The location in a work that is not a serial: pages, the page of a site, the number of a report."""
    kind = read(csl, "type")
    pages = short_pages(read(csl, "page")) if kind not in _SERIALS | {"book"} else ""
    title = read(csl, "title") if _is_page_of_site(csl) else ""
    number = read(csl, "number") if kind == "report" else ""
    report = surround("Report no.: {}" if number.isdecimal() else "Report {}", number)
    return join(". ", surround("p. {}", pages), title, report)


def _nlm_medium(csl: Csl) -> str:
    return "[Internet]" if _is_found_by_address(csl) else ""


def _nlm_cited(csl: Csl) -> str:
    return surround("[cited {}]", short_date(csl, "accessed")) if _is_found_by_address(csl) else ""


def _nlm_access(csl: Csl) -> str:
    url = read(csl, "URL") if _is_found_by_address(csl) else ""
    return join(" ", surround("Available from: {}", url), surround("doi:{}", read(csl, "DOI")))


def _nlm_notes(csl: Csl) -> str:
    pmid, pmcid = read(csl, "PMID"), read(csl, "PMCID")
    return join("; ", surround("PubMed PMID: {}", pmid), surround("PubMed Central PMCID: {}", pmcid))


def _is_page_of_site(csl: Csl) -> bool:
    return read(csl, "type") == "webpage" and bool(read(csl, "container-title"))


def _is_found_by_address(csl: Csl) -> bool:
    """Whether the address is printed; journal articles with an identifier do not need it."""
    is_identified = any(read(csl, name) for name in ("DOI", "PMID", "PMCID"))
    return bool(read(csl, "URL")) and not (read(csl, "type") == "article-journal" and is_identified)
