"""Finds the ledger lines about an article: its own, and those about everything that it ever showed or cited.

Reads the append-only tables alone, so it works for deleted pages, too. Used by the timeline and the evidence pack.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from articles.record.canonical import values_of
from articles.record.documents import read_document
from articles.record.models import Document, Edition, Event
from articles.record.vocabulary import OF_SOURCES, DocumentKind, EventKind, SubjectKind

Json = dict[str, Any]


def lines_about(article: UUID) -> list[Event]:
    """All lines about the article, its components, the status of its sources, and its safety notices, in order."""
    digests = [digest for row in Edition.objects.filter(subject=article) for digest in row.digests.values()]
    values = documents(digests).values()
    components = {key for value in values for key in components_named(value)}
    sources = {key for value in values for key in values_of(value, "source_id")}
    noticed = Event.objects.filter(subject=article, kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED))
    notices = {row.data["notice"] for row in noticed}
    about = Q(subject__in={article, *map(UUID, components | notices)})
    cited = Q(subject__in=set(map(UUID, sources)), kind__in=OF_SOURCES)
    return list(Event.objects.filter(about | cited).order_by("number"))


def documents(digests: Iterable[str]) -> dict[str, Json]:
    """{digest: content of the document}, without erased documents."""
    rows = Document.objects.filter(digest__in=set(digests))
    return {row.digest: read_document(bytes(row.content)) for row in rows if row.content}


def components_named(value: Json) -> list[str]:
    """Ids of the components that a presentation names; none for other documents."""
    if value.get("kind") != DocumentKind.PRESENTATION:
        return []
    return [row["offer"] for row in value.get("offers", ())] + [row["id"] for row in value.get("disclaimers", ())]


def notice_texts(lines: Iterable[Event]) -> dict[str, str]:
    """{digest: text} of the safety notices that these lines added."""
    values = documents(line.data["digest"] for line in lines if line.kind == EventKind.NOTICED)
    return {digest: value["text"] for digest, value in values.items()}


def is_of_article(line: Event, article: UUID) -> bool:
    return line.subject_kind == SubjectKind.ARTICLE and line.subject == article
