"""Asks Crossref and PubMed once a day what became of each source that has a DOI or a PMID.

What they say counts if it is new and graver than what is known, or a reinstatement; so an editor's word holds until
they say something else. A failure says nothing about a work: its status stays as it is. What one service alone says
while the other fails counts only if it is graver, since the other may have named a better notice.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q, QuerySet

from articles.record.models import Event
from articles.record.vocabulary import EventKind, SourceStatus
from articles.sources.lookup import crossref, pubmed
from articles.sources.lookup.client import is_any_on, is_on
from articles.sources.lookup.errors import CouldNotAsk, LookupFailed, NoSuchRecord
from articles.sources.lookup.records import Record, merge
from articles.sources.models import Source
from articles.sources.watch import gravest, next_cochrane_version

EVERY = timedelta(days=1)
PAUSE_S = 15 * 60  # after a service could not be asked
PAUSED = "sources:paused"
MOST_VERSIONS = 30
MOST_AT_ONCE = 100


@dataclass
class Report:
    """`changed`: sources with a new status or notice. `failed`: (source, why)."""

    asked: int = 0
    changed: list[Source] = field(default_factory=list)
    failed: list[tuple[Source, str]] = field(default_factory=list)


def watched() -> QuerySet[Source]:
    """Those that a service can be asked about that is on; of records that were merged, the one that is kept."""
    named = [~Q(**{identifier: ""}) for service, identifier, _ in SERVICES if is_on(service)]
    return Source.objects.filter(reduce(or_, named, Q(pk__in=[])), merged_into=None)


def due(now: datetime) -> QuerySet[Source]:
    """Those that nobody was asked about within a day, the longest waiting first."""
    waits = Q(asked_at=None) | Q(asked_at__lte=now - EVERY)
    return watched().filter(waits).order_by(F("asked_at").asc(nulls_first=True), "pk")


def check_a_few(now: datetime, *, within_s: float) -> Report:
    """Check what is due for about so many seconds, unless a service could not be asked a short while ago."""
    if not is_any_on() or cache.get(PAUSED):
        return Report()
    end = time.monotonic() + within_s
    return check(list(due(now)[:MOST_AT_ONCE]), now=now, is_over=lambda: time.monotonic() >= end)


def check(
    sources: Iterable[Source],
    *,
    now: datetime,
    is_over: Callable[[], bool] = lambda: False,
    tell: Callable[[Source, str], None] = lambda source, said: None,
) -> Report:
    """Check these sources. Stops where a service cannot be asked: it would fail for the others too."""
    report = Report()
    for source in sources:
        if is_over():
            break
        report.asked += 1
        failure = _check_one(source, now, report)
        tell(source, failure.detail if failure else str(source.get_status_display()))
        if isinstance(failure, CouldNotAsk):
            cache.set(PAUSED, True, PAUSE_S)
            break
    return report


def ask_about(source: Source) -> tuple[Record | None, LookupFailed | None]:
    """What the services say of the work, and the first failure: one of them may know worse than the other said."""
    records: list[Record] = []
    failure: LookupFailed | None = None
    for service, identifier, ask in SERVICES:
        if (named := getattr(source, identifier)) and is_on(service):
            try:
                records.append(ask(named))
            except LookupFailed as error:
                failure = failure or error
    return reduce(merge, records) if records else None, failure


def take(source: Source, record: Record | None, *, now: datetime, is_complete: bool = True) -> bool:
    """Store when it was asked about, whether its details are the record's, and the status if that counts. Updates
    `source`. Returns whether the status changed."""
    asked: dict[str, datetime] = {"asked_at": now}
    is_changed = False
    with transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        if record:
            asked |= {"answered_at": now} if is_complete else {}
            is_changed = _counts(record, row, is_complete=is_complete)
            if is_changed:
                row.say(record)
            is_verified = row.verified_at is None and row.verify(record, at=now)
            if is_changed or is_verified:
                row.save()
        Source.objects.filter(pk=row.pk).update(**asked)  # nobody searches for it, so nothing is indexed
    source.refresh_from_db()
    return is_changed


def _check_one(source: Source, now: datetime, report: Report) -> LookupFailed | None:
    record, failure = ask_about(source)
    if take(source, record, now=now, is_complete=failure is None):
        report.changed.append(source)
    if failure:
        report.failed.append((source, failure.detail))
    return failure


def _counts(record: Record, source: Source, *, is_complete: bool) -> bool:
    said, known = (record.status, record.status_notice), (source.status, source.status_notice)
    if said in (known, _last_said(source)):
        return False
    if gravest([SourceStatus(source.status), SourceStatus(record.status)]) == record.status:
        return is_complete or record.status != source.status
    return is_complete and record.is_reinstated


def _last_said(source: Source) -> tuple[str, str]:
    """(status, notice) that a service gave when it last changed something."""
    events = Event.objects.filter(subject=source.source_id, kind=EventKind.SOURCE_STATUS, data__has_key="said_by")
    last = events.order_by("number").last()
    return (last.data["status"], last.data.get("notice", "")) if last else (SourceStatus.STANDING.value, "")


def _ask_crossref(doi: str) -> Record:
    """Cochrane reviews get a DOI for each version, and not every older one says so. Raises LookupFailed."""
    record = crossref.get_work(doi)
    if gravest([SourceStatus(record.status), SourceStatus.SUPERSEDED]) != SourceStatus.SUPERSEDED:
        return record  # there is worse to say
    newest = _newest_version(doi)
    return replace(record, status=SourceStatus.SUPERSEDED, status_notice=newest) if newest else record


def _newest_version(doi: str) -> str:
    newest = ""
    for _ in range(MOST_VERSIONS):
        if not (following := next_cochrane_version(newest or doi)):
            break
        try:
            crossref.get_work(following)
        except NoSuchRecord:
            break
        newest = following
    return newest


# (service, the identifier by which it knows a work, how it is asked)
SERVICES: tuple[tuple[str, str, Callable[[str], Record]], ...] = (
    ("CROSSREF", "doi", _ask_crossref),
    ("PUBMED", "pmid", pubmed.get_article),
)
