"""Reads what composing needs from the append-only part: all about some articles, and what they show or link to.

The number of queries does not depend on how many articles are asked for, nor on how many they link to.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from articles.record.delivery.content.mentions import articles_named, claim_sources, components_named, sources_named
from articles.record.delivery.state import Json
from articles.record.documents import read_document
from articles.record.event_data import Filing
from articles.record.models import Document, Edition, Event, SignOff
from articles.record.standing import History, terms_of
from articles.record.vocabulary import (
    OF_SOURCES,
    SHOWING,
    TAKING_BACK,
    AfterGrace,
    DocumentKind,
    EventKind,
    SubjectKind,
)

MEDICAL, PRESENTATION = DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value
IN_FORCE = (EventKind.PUBLISHED, EventKind.RETURNED)


class Moment(NamedTuple):
    """Up to the line of this number, and to what was written until then."""

    number: int
    at: datetime


@dataclass
class Record:
    """What was read. Editions and events by subject, oldest first; sign-offs by id; documents by digest.

    `events` are those that change the published state, and the changes of sources' status. Erased documents are not in
    `documents`. `voided`: voided sign-offs on explanations of withdrawals. With `until`, nothing that was written after
    that moment is included.
    """

    editions: dict[UUID, list[Edition]] = field(default_factory=lambda: defaultdict(list))
    events: dict[UUID, list[Event]] = field(default_factory=lambda: defaultdict(list))
    signoffs: dict[int, SignOff] = field(default_factory=dict)
    documents: dict[str, Json] = field(default_factory=dict)
    voided: set[int] = field(default_factory=set)
    until: Moment | None = None

    def latest(self, subject: UUID) -> Edition | None:
        editions = self.editions.get(subject)
        return editions[-1] if editions else None

    def value(self, edition: Edition, part: str) -> Json | None:
        """The document of a part of the edition; None if it was erased or not read."""
        return self.documents.get(edition.digests[part])

    def last_event(self, subject: UUID) -> int:
        """Number of the last event that may have changed the published state of a subject or source; 0 if none did."""
        events = self.events.get(subject)
        return events[-1].number if events else 0

    def filing(self, article: UUID) -> Filing:
        """How readers find the article, by the last event that filed it."""
        return self.filings(article)[-1]

    def filings(self, article: UUID) -> list[Filing]:
        return [event.data["filing"] for event in self.events[article] if event.data.get("filing")]

    def withdrawal(self, subject: UUID) -> Event | None:
        """The event that withdrew the subject; None if it was published again or returned since."""
        decisive = [event for event in self.events[subject] if event.kind in (*IN_FORCE, *TAKING_BACK)]
        return decisive[-1] if decisive and decisive[-1].kind in TAKING_BACK else None

    def translations(self, article: UUID) -> list[UUID]:
        """Every other published article, withdrawn or not, that has the same translation key."""
        key = self.editions[article][-1].translation_key
        return [
            other for other in self.editions if other != article and self.editions[other][-1].translation_key == key
        ]

    def history(self, subject: UUID) -> History:
        return History(self.editions.get(subject, []), self.events.get(subject, []), self.signoffs)

    def whole_history(self, article: UUID) -> History:
        """With what happened to the sources that the latest edition cites, and to the disclaimers that it shows."""
        edition = self.editions[article][-1]
        medical, presentation = self.value(edition, MEDICAL) or {}, self.value(edition, PRESENTATION) or {}
        events = [event for key in set(sources_named(medical)) for event in self.events.get(UUID(key), [])]
        shown = [UUID(row["id"]) for row in presentation.get("disclaimers") or []]
        return replace(
            self.history(article),
            sources=sorted(events, key=lambda event: event.number),
            claim_sources=claim_sources(medical),
            disclaimers=[self.history(key) for key in sorted(set(shown)) if self.editions.get(key)],
        )


def load(subjects: Collection[UUID], *, until: Moment | None = None) -> Record:
    """All that projecting these articles and components needs; with `until`, as it was at that moment."""
    record = Record(until=until)
    _load_editions(record, _with_translations(subjects))
    asked = [subject for subject in subjects if subject in record.editions]
    _load_documents(record, asked)
    return _load_around(record, [value for subject in asked for value in _values(record, subject)])


def load_beside(*values: Json, translation_key: UUID) -> Record:
    """What documents that are no edition yet show or link to: components, articles that they link to, translations."""
    record = Record()
    _load_editions(record, Q(translation_key=translation_key))
    return _load_around(record, values)


def _load_around(record: Record, values: Iterable[Json]) -> Record:
    """Adds what `values` and components that they show name; then events and sign-offs of all that was read."""
    values, sources = list(values), set[UUID]()
    while values:
        sources |= {UUID(key) for value in values for key in sources_named(value)}
        named = {UUID(key) for value in values for key in (*components_named(value), *articles_named(value))}
        unknown = named - set(record.editions)
        if unknown:
            _load_editions(record, _with_translations(unknown))
        _load_documents(record, _and_translations(record, named))
        components = [key for key in unknown if key in record.editions and not _is_article(record, key)]
        values = [value for key in components for value in _values(record, key)]
    _load_events(record, {*record.editions, *sources})
    _load_signoffs(record)
    _load_what_withholds(record)
    return record


def _load_what_withholds(record: Record) -> None:
    """A link to an article that its policy may withhold leads nowhere then: for these, sources and disclaimers too."""
    strict = [key for key in record.editions if _is_article(record, key) and _may_be_withheld(record, key)]
    _load_documents(record, strict)
    values = [value for key in strict for value in _values(record, key)]
    shown = {UUID(row["id"]) for value in values for row in value.get("disclaimers") or []} - set(record.editions)
    sources = {UUID(key) for value in values for key in sources_named(value)} - set(record.events)
    if shown:
        _load_editions(record, Q(subject__in=shown))
    if shown or sources:
        _load_events(record, shown | sources)
        _load_signoffs(record)


def _may_be_withheld(record: Record, article: UUID) -> bool:
    return terms_of(record.history(article)).get("after_grace") == AfterGrace.WITHHOLD


def _is_article(record: Record, subject: UUID) -> bool:
    return record.editions[subject][-1].subject_kind == SubjectKind.ARTICLE


def _values(record: Record, subject: UUID) -> Iterator[Json]:
    edition = record.editions[subject][-1]
    yield from (value for part in edition.digests if (value := record.value(edition, part)) is not None)


def _with_translations(subjects: Collection[UUID]) -> Q:
    keys = Edition.objects.filter(subject__in=subjects, translation_key__isnull=False).values("translation_key")
    return Q(subject__in=subjects) | Q(translation_key__in=keys)


def _and_translations(record: Record, named: Collection[UUID]) -> list[UUID]:
    """Those of these subjects that were published, and the translations of the articles among them."""
    keys = {record.editions[key][-1].translation_key for key in named if key in record.editions} - {None}
    latest = {key: editions[-1] for key, editions in record.editions.items()}
    return [key for key, edition in latest.items() if key in named or edition.translation_key in keys]


def _load_editions(record: Record, condition: Q) -> None:
    if record.until:
        condition &= Q(event__lte=record.until.number, published_at__lte=record.until.at)
    found = Edition.objects.filter(condition).exclude(subject__in=[*record.editions])
    for edition in found.order_by("subject", "number"):
        record.editions[edition.subject].append(edition)


def _load_documents(record: Record, subjects: Iterable[UUID]) -> None:
    digests = {digest for key in subjects for digest in record.editions[key][-1].digests.values()}
    if missing := digests - set(record.documents):
        for row in Document.objects.filter(digest__in=missing):
            if content := bytes(row.content):
                record.documents[row.digest] = read_document(content)


def _load_events(record: Record, subjects: Collection[UUID]) -> None:
    condition = Q(subject__in=subjects, kind__in=(*SHOWING, *OF_SOURCES))
    for event in Event.objects.filter(condition & _until(record)).order_by("number"):
        record.events[event.subject].append(event)
    digests = {event.data["digest"] for key in subjects for event in _noticed(record, key)}
    for row in Document.objects.filter(digest__in=digests) if digests else ():
        if content := bytes(row.content):
            record.documents[row.digest] = read_document(content)
    if explained := {event.data["signoff"] for key in subjects for event in _explained(record, key)}:
        voided = Event.objects.filter(_until(record), kind=EventKind.VOIDED, data__signoff__in=explained)
        record.voided |= {event.data["signoff"] for event in voided}


def _until(record: Record) -> Q:
    return Q(number__lte=record.until.number, at__lte=record.until.at) if record.until else Q()


def _explained(record: Record, subject: UUID) -> Iterator[Event]:
    """Withdrawals with words that a clinician signed."""
    events = record.events.get(subject, ())
    return (event for event in events if event.kind == EventKind.WITHDRAWN and event.data.get("signoff"))


def _noticed(record: Record, subject: UUID) -> Iterator[Event]:
    return (event for event in record.events.get(subject, ()) if event.kind == EventKind.NOTICED)


def _load_signoffs(record: Record) -> None:
    keys = {key for editions in record.editions.values() for edition in editions for key in edition.signoffs}
    keys |= {key for events in record.events.values() for event in events for key in event.data.get("signoffs", ())}
    record.signoffs |= SignOff.objects.in_bulk(keys - set(record.signoffs))
