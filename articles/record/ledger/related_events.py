"""Which lines of the ledger are about an article: its own, and those of what it shows, cites or stands under.

Read from the record alone, so that it works when the page is gone. Used by the timeline and the evidence pack.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from articles.record.canonical import values_of
from articles.record.models import Document, Edition, Event, Link
from articles.record.vocabulary import EventKind, SubjectKind

Json = dict[str, Any]
ABOUT_SOURCES = (EventKind.SOURCE_STATUS,)


@dataclass(frozen=True)
class Around:
    """What an article has ever shown (`components`), cited (`sources`) or stood under (`notices`), by id."""

    components: frozenset[UUID]
    sources: frozenset[UUID]
    notices: frozenset[UUID]


def around(article: UUID) -> Around:
    """From all its editions and from what readers get now."""
    digests = [digest for row in Edition.objects.filter(subject=article) for digest in row.digests.values()]
    values = list(documents(digests).values())
    linked = Link.objects.filter(article=article, relation__in=("component", "source"))
    by_relation: dict[str, set[str]] = {"component": set(), "source": set()}
    for relation, target in linked.values_list("relation", "target"):
        by_relation[relation].add(target)
    components = by_relation["component"] | {key for value in values for key in components_named(value)}
    sources = by_relation["source"] | {key for value in values for key in values_of(value, "source_id")}
    noticed = Event.objects.filter(subject=article, kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED))
    notices = {row.data.get("notice") for row in noticed if isinstance(row.data, dict)}
    return Around(_uuids(components), _uuids(sources), _uuids(notices))


def lines_about(article: UUID, known: Around | None = None) -> list[Event]:
    """Every line about the article, its components, its sources' status and its notices, in order."""
    known = known or around(article)
    whole = Q(subject__in={article, *known.components, *known.notices})
    sources = Q(subject__in=known.sources, kind__in=ABOUT_SOURCES)
    return list(Event.objects.filter(whole | sources).order_by("number"))


@dataclass(frozen=True)
class Told:
    """A line with what its sentence needs from elsewhere in the record."""

    kind: str
    subject_kind: str
    data: Json


def told(found: Iterable[Event]) -> list[Told]:
    """The lines with the reason of an emergency (the edition keeps it) and a notice's words (its document does)."""
    found = list(found)
    published = [line.number for line in found if line.kind == EventKind.PUBLISHED]
    reviews = dict(Edition.objects.filter(event__in=published).values_list("event", "review"))
    texts = documents(line.data.get("digest", "") for line in found if line.kind == EventKind.NOTICED)
    return [Told(line.kind, line.subject_kind, _more(line, reviews, texts)) for line in found]


def _more(line: Event, reviews: dict[int, Json], texts: dict[str, Json]) -> Json:
    data = line.data if isinstance(line.data, dict) else {}
    if emergency := (reviews.get(line.number) or {}).get("emergency"):
        return data | {"emergency": emergency}
    if text := texts.get(str(data.get("digest")), {}).get("text"):
        return data | {"text": text} if line.kind == EventKind.NOTICED else data
    return data


def documents(digests: Iterable[str]) -> dict[str, Json]:
    """{digest: what the document says}; one that was erased, or that cannot be read, is not here."""
    rows = Document.objects.filter(digest__in=set(digests))
    return {row.digest: value for row in rows if (value := _read(bytes(row.content))) is not None}


def components_named(value: Json) -> list[str]:
    """Ids of the components that a presentation names; none for another document."""
    if value.get("kind") != "presentation":
        return []
    return [row["offer"] for row in value.get("offers", [])] + [row["id"] for row in value.get("disclaimers", [])]


def is_of_article(line: Event, article: UUID) -> bool:
    return line.subject_kind == SubjectKind.ARTICLE and line.subject == article


def _read(content: bytes) -> Json | None:
    try:
        value = json.loads(content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _uuids(keys: Iterable[Any]) -> frozenset[UUID]:
    found = set()
    for key in keys:
        try:
            found.add(UUID(str(key)))
        except ValueError:
            continue
    return frozenset(found)
