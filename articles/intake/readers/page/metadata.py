"""What a page says about itself beside its text: address, times, authors, language, title."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml.html import HtmlElement

from articles.authoring.characters import clean
from articles.intake.outline import Origin
from articles.intake.readers.page.tree import elements, first, text_of
from articles.intake.readers.page.words import address

MAX_DATA = 500_000  # characters of JSON in a page
_SEPARATOR = re.compile(r"\s+(?:\||–|—|-|·|::|»|•)\s+")
_CERTAIN = re.compile(r"\s+(?:\||::|»|•)\s+(?!.*\s(?:\||::|»|•)\s)")
_MADE_BY_WORD = re.compile(r"microsoft (?:word|office)|word\.document", re.IGNORECASE)


@dataclass(frozen=True)
class Metadata:
    origin: Origin
    title: str  # of the page, without the site's name; "" where it says nothing of use
    base: str  # what relative addresses begin with


def read_metadata(root: HtmlElement) -> Metadata:
    named = _named(root)
    data = _linked_data(root)
    canonical = first(each for each in elements(root, "link") if "canonical" in each.get("rel", "").lower().split())
    found = (canonical.get("href", "") if canonical is not None else "") or named.get("og:url", "")
    here = address(found, "")
    base = first(elements(root, "base"))
    modified = named.get("article:modified_time") or named.get("og:updated_time") or _text(data.get("dateModified"))
    published = named.get("article:published_time") or named.get("date") or _text(data.get("datePublished"))
    origin = Origin(
        address=here,
        language=root.get("lang", "") or root.get("{http://www.w3.org/XML/1998/namespace}lang", ""),
        published_at=published or _time(root),
        modified_at=modified,
        authors=tuple(dict.fromkeys(_authors(named, data))),
    )
    return Metadata(origin, _title(root, named), address(base.get("href", ""), here) if base is not None else here)


def _named(root: HtmlElement) -> dict[str, str]:
    """`{name or property: content}` of the page's meta elements; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in elements(root, "meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name and (content := " ".join(clean(meta.get("content", "")).split())):
            found.setdefault(name, content)
    return found


def _title(root: HtmlElement, named: dict[str, str]) -> str:
    if given := named.get("og:title"):
        return without_site(given, named.get("og:site_name", ""))
    if _MADE_BY_WORD.search(named.get("generator", "") + named.get("progid", "")):
        return ""  # a property of the file, which nobody looks at
    title = first(elements(root, "title"))
    return (
        without_site(" ".join(clean(title.text or "").split()), named.get("og:site_name", ""))
        if title is not None
        else ""
    )


def without_site(title: str, site: str) -> str:
    """ "Gout | Example Clinic" -> "Gout". A dash may be of the title, and parts it only from a name that is known."""
    parts = _SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    if site and site.casefold() in (parts[0].casefold(), parts[-1].casefold()):
        kept = parts[1:] if parts[0].casefold() == site.casefold() else parts[:-1]
        start = title.index(kept[0])
        return title[start : title.rindex(kept[-1]) + len(kept[-1])]
    found = _CERTAIN.search(title)
    return title[: found.start()].rstrip() if found and not site else title


def _time(root: HtmlElement) -> str:
    found = first(each for each in elements(root, "time") if re.match(r"\d{4}-\d\d", each.get("datetime", "")))
    return found.get("datetime", "") if found is not None else ""


def _authors(named: dict[str, str], data: dict[str, Any]) -> Iterator[str]:
    given = data.get("author")
    for each in given if isinstance(given, list) else [given]:
        name = _text(each.get("name") if isinstance(each, dict) else each)
        if name:
            yield name
    name = named.get("author") or named.get("article:author", "")
    if name and not name.startswith("http"):
        yield name


def _linked_data(root: HtmlElement) -> dict[str, Any]:
    """The first object of the page's JSON-LD that has a date or an author."""
    for script in elements(root, "script"):
        text = script.text or ""
        if script.get("type", "").lower() == "application/ld+json" and len(text) <= MAX_DATA:
            try:
                data = json.loads(text)
            except (ValueError, RecursionError):
                continue
            for each in _objects(data):
                if {"datePublished", "dateModified", "author"} & set(each):
                    return each
    return {}


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    for each in data if isinstance(data, list) else [data]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            yield from (item for item in (graph if isinstance(graph, list) else []) if isinstance(item, dict))


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def heading_text(element: HtmlElement) -> str:
    return " ".join(clean(text_of(element)).split())
