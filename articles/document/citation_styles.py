"""A CSL-JSON item as a line of a reference list, in AMA's style and in NLM's (Vancouver). Pure plain text.

Titles are printed as they are given: no change of case, no typographic quotes. The number of the line is not
part of it. Sources: AMA Manual of Style, 11th ed., ch. 3; Citing Medicine, 2nd ed.; the CSL styles
`american-medical-association` and `nlm-citation-sequence` are what the tests compare with.
"""

from typing import Any

from articles.document.citation_fields import (
    MONTHS,
    close,
    full_pages,
    join,
    ordinal,
    read,
    read_date,
    short_pages,
)
from articles.document.citation_names import count_names, format_names

Csl = dict[str, Any]

_PARTS_OF_BOOKS = {"chapter", "paper-conference", "entry-dictionary", "entry-encyclopedia"}
_SERIALS = {"article-journal", "article-magazine", "article-newspaper", "review"}


def format_ama(csl: Csl) -> str:
    """Lee DJW, Maier AB. Targeting ageing. Lancet Healthy Longev. 2024;5(2):e152-e162. doi:10.1016/…"""
    lead = format_names(csl, "author", shown=3)
    editors = _ama_editors(csl)
    layout = _AMA_LAYOUTS.get(read(csl, "type"), _ama_article)
    rest = layout(csl, editors if lead else "")
    return join(" ", close(join(". ", lead or editors, read(csl, "title"), rest)), _ama_access(csl))


def format_nlm(csl: Csl) -> str:
    """Lee DJW, Maier AB. Targeting ageing. Lancet Healthy Longev. 2024 Feb;5(2):e152–62. doi:10.1016/…"""
    lead = format_names(csl, "author", shown=6)
    editors = _nlm_editors(csl)
    body = [
        _nlm_title(csl),
        _nlm_container(csl, editors if lead else ""),
        _nlm_imprint(csl),
        _nlm_extent(csl),
    ]
    return join(" ", close(join(". ", lead or editors, *body)), _nlm_access(csl), close(_nlm_notes(csl)))


def _ama_article(csl: Csl, editors: str) -> str:
    publisher = read(csl, "publisher") if read(csl, "type") == "article" else ""
    place = join(
        ":", join(";", _ama_date(csl), _volume(csl)), read(csl, "number") or full_pages(read(csl, "page"))
    )
    return join(". ", editors, _journal(csl), publisher, place)


def _ama_book(csl: Csl, editors: str) -> str:
    editors = f"({editors})" if editors else ""
    book = join(". ", _ama_volume(csl), _edition(csl), editors, _ama_imprint(csl))
    return join(":", book, full_pages(read(csl, "page")))


def _ama_part(csl: Csl, editors: str) -> str:
    series = read(csl, "collection-title")
    book = [editors, read(csl, "container-title"), _ama_volume(csl), _edition(csl), series, _ama_imprint(csl)]
    pages = full_pages(read(csl, "page")) or join(" ", "chap", read(csl, "chapter-number"))
    return join(":", f"In: {join('. ', *book)}", pages if pages != "chap" else "")


def _ama_webpage(csl: Csl, editors: str) -> str:
    return join(". ", read(csl, "container-title"), _long_date(csl, "issued"))


def _ama_thesis(csl: Csl, editors: str) -> str:
    return join(". ", read(csl, "genre"), _ama_imprint(csl))


_AMA_LAYOUTS = {
    "book": _ama_book,
    "report": _ama_book,
    "thesis": _ama_thesis,
    "webpage": _ama_webpage,
    "post-weblog": _ama_webpage,
    **dict.fromkeys(_PARTS_OF_BOOKS, _ama_part),
}


def _ama_editors(csl: Csl) -> str:
    label = "eds." if count_names(csl, "editor") > 1 else "ed."
    names = format_names(csl, "editor", shown=3)
    return f"{names}, {label}" if names else ""


def _ama_date(csl: Csl) -> str:
    """The year for what is in an issue; else the day on which it appeared online."""
    if read(csl, "volume") or read(csl, "issue"):
        return read_date(csl, "issued")[0]
    appeared = {"article": "Preprint posted online", "article-newspaper": ""}
    date = _long_date(csl, "issued")
    return join(" ", appeared.get(read(csl, "type"), "Published online"), date) if date else ""


def _ama_volume(csl: Csl) -> str:
    volume = read(csl, "volume")
    return f"Vol {volume}" if volume.isdecimal() else volume


def _ama_imprint(csl: Csl) -> str:
    return join("; ", read(csl, "publisher"), read_date(csl, "issued")[0])


def _ama_access(csl: Csl) -> str:
    if doi := read(csl, "DOI"):
        return f"doi:{doi}"
    accessed, url = _long_date(csl, "accessed"), read(csl, "URL")
    return join(". ", f"Accessed {accessed}" if accessed else "", url) if url else ""


def _nlm_editors(csl: Csl) -> str:
    label = "editors" if count_names(csl, "editor") > 1 else "editor"
    names = format_names(csl, "editor", shown=6)
    return f"{names}, {label}" if names else ""


def _nlm_title(csl: Csl) -> str:
    """The title, its genre and medium; a page of a site is listed under the site. Source: Citing Medicine, ch. 25."""
    container, kind = read(csl, "container-title"), read(csl, "type")
    title = container if kind == "webpage" and container else read(csl, "title")
    medium = _nlm_internet(csl) if kind == "webpage" or not (container or kind in _PARTS_OF_BOOKS) else ""
    genre = read(csl, "genre")
    return join(
        ". ", join(" ", title, f"[{genre}]" if genre else "", medium), "" if container else _edition(csl)
    )


def _nlm_container(csl: Csl, editors: str) -> str:
    kind, container = read(csl, "type"), read(csl, "container-title")
    if container and kind != "webpage":
        named = join(" ", _journal(csl) if kind in _SERIALS else container, _nlm_internet(csl))
        book = join(". ", editors, named, _edition(csl))
    else:
        volume = read(csl, "volume") if kind not in _SERIALS else ""
        book = join(". ", editors, f"Vol. {volume}" if volume.isdecimal() else volume)
    return f"In: {book}" if book and kind in _PARTS_OF_BOOKS else book


def _nlm_imprint(csl: Csl) -> str:
    """Publisher and date; for a serial the date, volume and pages."""
    if read(csl, "type") in _SERIALS:
        pages = read(csl, "number") or short_pages(read(csl, "page"))
        return join(
            ";", join(" ", _short_date(csl, "issued"), _nlm_cited(csl)), join(":", _volume(csl), pages)
        )
    publisher = join(": ", read(csl, "publisher-place"), read(csl, "publisher"))
    date = _short_date(csl, "issued", 2) if read(csl, "type") == "report" else read_date(csl, "issued")[0]
    return join("; ", publisher, join(" ", date, _nlm_cited(csl)))


def _nlm_extent(csl: Csl) -> str:
    """What part of a work that is no serial: pages, the page of a site, series, number of a report."""
    kind, number = read(csl, "type"), read(csl, "number")
    if kind in _SERIALS:
        return ""
    page, length = short_pages(read(csl, "page")), read(csl, "number-of-pages")
    pages = (length and f"{length} p.") if kind == "book" else (page and f"p. {page}")
    title = read(csl, "title") if kind == "webpage" and read(csl, "container-title") else ""
    series = join("; ", read(csl, "collection-title"), read(csl, "collection-number"))
    report = f"{read(csl, 'genre') or 'Report'}: {number}" if kind == "report" and number else ""
    return join(". ", pages, title, f"({series})" if series else "", report)


def _nlm_access(csl: Csl) -> str:
    url, doi = read(csl, "URL"), read(csl, "DOI")
    return join(
        " ", f"Available from: {url}" if url and not _is_indexed(csl) else "", f"doi:{doi}" if doi else ""
    )


def _nlm_notes(csl: Csl) -> str:
    pmid, pmcid = read(csl, "PMID"), read(csl, "PMCID")
    return join(
        "; ", f"PubMed PMID: {pmid}" if pmid else "", f"PubMed Central PMCID: {pmcid}" if pmcid else ""
    )


def _nlm_internet(csl: Csl) -> str:
    return "[Internet]" if read(csl, "URL") and not _is_indexed(csl) else ""


def _nlm_cited(csl: Csl) -> str:
    accessed = _short_date(csl, "accessed")
    return f"[cited {accessed}]" if accessed and read(csl, "URL") and not _is_indexed(csl) else ""


def _is_indexed(csl: Csl) -> bool:
    """Whether an identifier says where a journal's article is, so that its address need not."""
    identified = any(read(csl, name) for name in ("DOI", "PMID", "PMCID"))
    return read(csl, "type") == "article-journal" and identified


def _journal(csl: Csl) -> str:
    return (read(csl, "container-title-short") or read(csl, "container-title")).replace(".", "")


def _volume(csl: Csl) -> str:
    issue = read(csl, "issue")
    return read(csl, "volume") + (f"({issue})" if issue else "")


def _edition(csl: Csl) -> str:
    edition = read(csl, "edition")
    return f"{ordinal(edition)} ed." if ordinal(edition) else edition


def _long_date(csl: Csl, name: str) -> str:
    year, month, day = read_date(csl, name)
    named = MONTHS[month - 1] if month else ""
    return f"{named} {day}, {year}" if named and day else join(" ", named, year)


def _short_date(csl: Csl, name: str, parts: int = 3) -> str:
    year, month, day = read_date(csl, name)
    named = MONTHS[month - 1][:3] if month else ""
    return join(" ", *[year, named, str(day) if named and day else ""][:parts])
