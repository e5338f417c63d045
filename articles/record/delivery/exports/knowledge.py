"""Composed articles as the answer to an HL7 Infobutton request: an Atom feed, or the same as JSON. Pure.

An entry is an article, or a section where the request names a sub-topic. Its summary holds what readers must see: the
notices, the review, who paid, the disclaimers, and for a section the sources that it cites. Sources: RFC 4287; HL7
Context-Aware Knowledge Retrieval (Infobutton), SOA Implementation Guide; the JSON is that of NLM's MedlinePlus Connect.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5
from xml.etree import ElementTree as ET

from articles.record.delivery.content.portable_text import Shown, text_as_html, to_html
from articles.record.delivery.content.section_media import references_html
from articles.record.delivery.exports.seen_first import seen_first
from articles.record.delivery.forms import HTML, shown_of
from articles.record.delivery.passages import passages
from articles.record.vocabulary import Aspect, SectionKind

Json = dict[str, Any]
ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 §2.2 has no characters for.
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Place(NamedTuple):
    """The sections that a sub-topic is about: of this kind, on this aspect, with something in this list."""

    kind: str
    aspect: str | None = None
    filled: str | None = None


# MeSH qualifiers and headings of HL7's sub-topics (value set 2.16.840.1.113883.11.77).
SUB_TOPICS = {
    "Q000209": Place(SectionKind.CAUSES),  # etiology
    "Q000494": Place(SectionKind.MECHANISM),  # pharmacology
    "Q000009": Place(SectionKind.RISKS),  # adverse effects
    "Q000744": Place(SectionKind.RISKS),  # contraindications
    "D004347": Place(SectionKind.RISKS, filled="interactions"),  # drug interactions
    "Q000628": Place(SectionKind.PROSE, aspect=Aspect.TREATMENT),  # therapy
    "D011379": Place(SectionKind.PROSE, aspect=Aspect.PROGNOSIS),  # prognosis
}


@dataclass(frozen=True, slots=True)
class Entry:
    """`summary` is HTML; `href` is the page for readers, or the section's place on it."""

    id: UUID
    language: str
    title: str
    page: str
    href: str
    json: str
    updated_at: datetime
    authors: tuple[str, ...]
    reviewers: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Feed:
    """`asked`: (parameter, value) of what the request was about."""

    id: UUID
    url: str
    base: str
    name: str
    updated_at: datetime
    asked: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]


def entries_of(article: Json, topics: Collection[str], *, updated_at: datetime) -> Iterator[Entry]:
    """The article, or its sections on these sub-topics; none where it has none. Sub-topics that we do not know
    have no effect."""
    places = [SUB_TOPICS[topic] for topic in topics if topic in SUB_TOPICS]
    if not places:
        yield _whole(article, updated_at)
    for section in article["content"]["sections"]:
        if any(_is_about(section, place) for place in places):
            yield _part(article, section, updated_at)


def _is_about(section: Json, place: Place) -> bool:
    return (
        section["kind"] == place.kind
        and (place.aspect is None or section["aspect"] == place.aspect)
        and (place.filled is None or bool(section[place.filled]))
    )


def _whole(article: Json, updated_at: datetime) -> Entry:
    shown = shown_of(article)
    summary = _told(article, shown, f"<p>{text_as_html(article['content']['summary'])}</p>")
    return _entry(article, updated_at, UUID(article["id"]), article["content"]["title"], article["web_url"], summary)


def _part(article: Json, section: Json, updated_at: datetime) -> Entry:
    """The section's own HTML, with the sources that it cites."""
    shown, alone = shown_of(article), passages(article, [section], form=HTML)
    html = "".join(row["html"] for row in alone["results"]) + references_html(alone["references"], shown)
    title = ": ".join(filter(None, (article["content"]["title"], section["heading"])))
    key = uuid5(UUID(article["id"]), section["id"])
    href = f"{article['web_url']}#section-{section['id']}"
    return _entry(article, updated_at, key, title, href, _told(article, shown, html))


def _told(article: Json, shown: Shown, html: str) -> str:
    """Between what readers must see first and the disclaimers."""
    first = to_html(list(seen_first(article, shown)), shown)
    disclaimers = "".join(row["html"] for row in article["content"]["disclaimers"])
    return f'<div lang="{text_as_html(shown.language)}">{first}{html}{disclaimers}</div>'


def _entry(article: Json, updated_at: datetime, key: UUID, title: str, href: str, summary: str) -> Entry:
    content = article["content"]
    return Entry(
        id=key,
        language=content["language"],
        title=title,
        page=article["web_url"],
        href=href,
        json=article["url"],
        updated_at=updated_at,
        authors=tuple(_name(row) for row in content["authors"]),
        reviewers=tuple(_name(row) for row in article["review"]["reviewed_by"]),
        summary=summary,
    )


def _name(row: Json) -> str:
    return ", ".join(filter(None, (row["name"], row["credentials"])))


def as_atom(feed: Feed) -> bytes:
    """The feed's author is the author of entries that name none. Source: RFC 4287 §4.1.1."""
    root = ET.Element("feed", {"xmlns": ATOM, "xml:base": feed.base})
    _add(root, "title", feed.name, type="text")
    _add(root, "id", feed.id.urn)
    _add(root, "updated", _instant(feed.updated_at))
    _add(ET.SubElement(root, "author"), "name", feed.name)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.url)
    for scheme, term in feed.asked:
        _add(root, "category", scheme=scheme, term=term)
    for entry in feed.entries:
        _add_entry(root, entry)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_entry(root: ET.Element, entry: Entry) -> None:
    element = ET.SubElement(root, "entry", {"xml:lang": entry.language, "xml:base": entry.page})
    _add(element, "title", entry.title, type="text")
    _add(element, "link", rel="alternate", type="text/html", href=entry.href, hreflang=entry.language)
    _add(element, "link", rel="alternate", type="application/json", href=entry.json, hreflang=entry.language)
    _add(element, "id", entry.id.urn)
    _add(element, "updated", _instant(entry.updated_at))
    for kind, names in (("author", entry.authors), ("contributor", entry.reviewers)):
        for name in names:
            _add(ET.SubElement(element, kind), "name", name)
    _add(element, "summary", entry.summary, type="html")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> None:
    element = ET.SubElement(parent, name, {key: _legal(value) for key, value in attributes.items()})
    element.text = None if text is None else _legal(text)


def _legal(text: str) -> str:
    return NO_XML.sub("\ufffd", text)


def as_json(feed: Feed) -> Json:
    """`{"feed": {"title": {"_value": …}, "entry": [{"title": {"_value": …}, "link": [{"href": …}], …}]}}`."""
    return {
        "feed": {
            "base": feed.base,
            "title": {"_value": feed.name, "type": "text"},
            "author": {"name": {"_value": feed.name}},
            "updated": {"_value": _instant(feed.updated_at)},
            "category": [{"scheme": scheme, "term": term} for scheme, term in feed.asked],
            "id": {"_value": feed.id.urn},
            "link": [{"rel": "self", "type": "application/json", "href": feed.url}],
            "entry": [_entry_json(entry) for entry in feed.entries],
        }
    }


def _entry_json(entry: Entry) -> Json:
    links = (("text/html", entry.href), ("application/json", entry.json))
    return {
        "lang": entry.language,
        "base": entry.page,
        "title": {"_value": entry.title, "type": "text"},
        "link": [
            {"title": entry.title, "rel": "alternate", "type": kind, "href": href, "hreflang": entry.language}
            for kind, href in links
        ],
        "id": {"_value": entry.id.urn},
        "updated": {"_value": _instant(entry.updated_at)},
        "author": _people(entry.authors),
        "contributor": _people(entry.reviewers),
        "summary": {"_value": entry.summary, "type": "html"},
    }


def _people(names: Iterable[str]) -> list[Json]:
    return [{"name": {"_value": name}} for name in names]


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
