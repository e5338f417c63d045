"""Brings publications up to date with what they stand on: components, links, sources, addresses, the clock.

The change itself has committed before; here at most 100 publications a transaction follow, each under a
`refiled` event of its own, so that a reader of the sync feed sees every one. A second run finds nothing to do.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from articles.record import events
from articles.record.delivery import laggards, projection, publications, rows
from articles.record.delivery.loading import Record, load
from articles.record.delivery.project import shared
from articles.record.delivery.rows import OWNED, SHARED, Difference
from articles.record.models import ComponentPublication, Edition, Event, Publication
from articles.record.vocabulary import SERVED, EventKind, PublicationState, SubjectKind

BATCH = 100
logger = logging.getLogger(__name__)
ARTICLE, COMPONENT, SOURCE = "article", "component", "source"
SETTLED = ("read_to",)  # columns that no reader sees


def rewrite(article: UUID, kind: str, *, actor: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """What readers get of an article anew, under an event of this kind; the caller's transaction has locked it."""
    now = timezone.now()
    events.append(kind, subject_kind=SubjectKind.ARTICLE, subject=article, actor=actor, data=data, at=now)
    projection.write(article, now=now)


def recompose_after(target: UUID, *, relation: str = ARTICLE) -> int:
    """Recompose the articles that show or link to a component or article that changed, and its translations. How many
    changed."""
    waiting = publications.lagging(relation=relation, target=str(target))
    if relation == ARTICLE:
        waiting += publications.translations(target)
    return recompose(waiting) if waiting else 0


def recompose_due(*, now: datetime | None = None) -> int:
    """Recompose what the clock has changed (`fresh_until`)."""
    due = Publication.objects.filter(state__in=SERVED, fresh_until__lte=now or timezone.now())
    return recompose(due.order_by("article").values_list("article", flat=True))


def recompose_lagging() -> int:
    """Recompose the articles that a crash left older than what they show. How many changed."""
    return recompose(laggards.find())


def recompose_all(*, progress: Callable[[int], None] | None = None) -> int:
    """Write every derived row anew, from the append-only part alone. How many articles changed."""
    with transaction.atomic():
        subjects = _remove_strays()
    components = [key for key, kind in subjects.items() if kind != SubjectKind.ARTICLE]
    for start in range(0, len(components), BATCH):
        with transaction.atomic():
            projection.write(*components[start : start + BATCH], now=timezone.now())
    return recompose([key for key, kind in subjects.items() if kind == SubjectKind.ARTICLE], progress=progress)


def recompose(articles: Iterable[UUID], *, progress: Callable[[int], None] | None = None) -> int:
    """Recompose these, 100 a transaction. How many changed.

    One that cannot be recomposed stops no other; when all others are done, its exception is raised.
    """
    waiting, changed = iter(list(articles)), 0
    failures: list[Exception] = []
    while batch := list(islice(waiting, BATCH)):
        changed += _recompose_batch(batch, failures)
        if progress:
            progress(len(batch))
    if failures:
        raise failures[0]
    return changed


def _remove_strays() -> dict[UUID, str]:
    """Deletes rows of what was never published; writes topics and picture files, which all articles share.

    {subject: kind} of what was. Nobody writes to the ledger meanwhile, so that nothing new looks like a stray.
    """
    events.hold()
    subjects = dict(Edition.objects.order_by("subject").values_list("subject", "subject_kind").distinct())
    for model in OWNED:
        is_article = model is not ComponentPublication
        owners = [key for key, kind in subjects.items() if (kind == SubjectKind.ARTICLE) == is_article]
        rows.delete(model, rows.strays(model, owners))
    filed = Event.objects.filter(kind__in=(EventKind.PUBLISHED, EventKind.REFILED)).order_by("number")
    named = shared(filed.iterator(chunk_size=rows.BATCH)).values()
    for model in SHARED:
        wanted = [row for row in named if isinstance(row, model)]
        rows.write(rows.compare(model, wanted, rows.read(model)))
    return subjects


def _recompose_batch(batch: list[UUID], failures: list[Exception]) -> int:
    """All in one transaction; where that fails, each in its own, so that one alone is left behind."""
    try:
        with transaction.atomic():
            locked = Publication.objects.select_for_update().filter(article__in=batch).order_by("article")
            list(locked.values_list("article", flat=True))  # all of them before the ledger's counter
            record = load(batch)
            return sum(_recompose_one(record, article) for article in batch)
    except Exception as error:
        if len(batch) == 1:
            logger.exception("The publication of article %s cannot be recomposed", batch[0])
            failures.append(error)
            return 0
    return sum(_recompose_batch([article], failures) for article in batch)


def _recompose_one(record: Record, article: UUID) -> bool:
    """Whether readers get something else now, or the rows did not say what the record says."""
    now = timezone.now()
    found = projection.differences(record, article, now=now)
    is_told = article in record.editions and any(_is_seen(item) for item in found)
    if is_told:
        record.events[article].append(_refiled(article, found, now))
        found = projection.differences(record, article, now=now)
        projection.make_room(found)
    rows.write(found)
    return is_told


def _is_seen(found: Difference) -> bool:
    return found.model in OWNED and found.columns != SETTLED


def _refiled(article: UUID, found: list[Difference], now: datetime) -> Event:
    row = next((item.wanted for item in found if isinstance(item.wanted, Publication)), None)
    row = row or Publication.objects.get(article=article)
    withheld = row.state == PublicationState.WITHHELD
    return events.append(
        EventKind.REFILED,
        subject_kind=SubjectKind.ARTICLE,
        subject=article,
        actor={},
        data={"edition": row.edition, "components": row.components, "withheld": withheld},
        at=now,
    )
