"""Loads what was: the history that determines the review status of an article or component, and signed documents."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from articles.record.documents import read_document
from articles.record.models import Document, Edition, Event, SignOff
from articles.record.standing import History
from articles.record.vocabulary import OF_SOURCES, EventKind

TELLING = (
    EventKind.SIGNED,
    EventKind.WITHDRAWN,
    EventKind.RETURNED,
    EventKind.COMPONENT_WITHDRAWN,
    EventKind.VOIDED,
    EventKind.REAFFIRMED,
    EventKind.NOTICED,
    EventKind.NOTICE_LIFTED,
)


def load(subject: UUID) -> History:
    """The history of the subject, oldest first, without the events of its sources."""
    editions = list(Edition.objects.filter(subject=subject).order_by("number"))
    events = list(Event.objects.filter(subject=subject, kind__in=TELLING).order_by("number"))
    keys = {key for edition in editions for key in edition.signoffs}
    keys |= {key for event in events for key in event.data.get("signoffs", ())}
    return History(editions, events, SignOff.objects.in_bulk(keys) if keys else {})


def find_signed(digest: str | None) -> dict[str, Any] | None:
    """The signed document; None if it was never signed or was erased by law."""
    row = Document.objects.filter(digest=digest).first() if digest else None
    return read_document(bytes(row.content)) if row and row.content else None


def noticed(article: UUID, others: Any) -> list[Event]:
    """All events of safety notices added to or removed from the article or the `others` (a query), oldest first."""
    kinds = (EventKind.NOTICED, EventKind.NOTICE_LIFTED)
    about = Q(subject=article) | Q(subject__in=others)
    return list(Event.objects.filter(about, kind__in=kinds).order_by("number"))


def with_sources(history: History, sources: Iterable[str]) -> History:
    """The history with what became of these sources (ids)."""
    named = [UUID(source) for source in sources]
    rows = Event.objects.filter(subject__in=named, kind__in=OF_SOURCES).order_by("number")
    return replace(history, sources=list(rows) if named else [])
