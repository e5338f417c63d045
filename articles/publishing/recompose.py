"""Updates publications after changes of components, links, sources or addresses, and when the clock requires it.

The change itself is committed already. Up to 100 publications are updated per transaction, each with its own `refiled`
event, so that the sync feed shows every one. A second run finds nothing to do.
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
from articles.record.tree import growth
from articles.record.vocabulary import SERVED, EventKind, PublicationState, SubjectKind

BATCH = 100
logger = logging.getLogger(__name__)
ARTICLE, COMPONENT, SOURCE = "article", "component", "source"
# Events that name rows which all articles share.
KEYS = (EventKind.KEY_ISSUED, EventKind.KEY_REVOKED, EventKind.KEY_ROTATED)
NAMING = (EventKind.PUBLISHED, EventKind.REFILED, EventKind.IMPORTED, *KEYS)
SETTLED = ("read_to",)  # columns that no reader sees


def rewrite(article: UUID, kind: str, *, actor: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Rewrite an article's publication under an event of this kind. The caller's transaction has locked it."""
    now = timezone.now()
    events.append(kind, subject_kind=SubjectKind.ARTICLE, subject=article, actor=actor, data=data, at=now)
    projection.write(article, now=now)


def recompose_after(target: UUID, *, relation: str = ARTICLE) -> int:
    """Recompose the articles that show or link to a changed component or article, and its translations.

    Returns how many changed.
    """
    waiting = publications.lagging(relation, target)
    return recompose(waiting) if waiting else 0


def recompose_due(*, now: datetime | None = None) -> int:
    """Recompose the articles that are due by the clock (`fresh_until`). Returns how many changed."""
    due = Publication.objects.filter(state__in=SERVED, fresh_until__lte=now or timezone.now())
    return recompose(due.order_by("article").values_list("article", flat=True))


def recompose_lagging() -> int:
    """Recompose the articles that a crash left outdated. Returns how many changed."""
    return recompose(laggards.find())


def recompose_all(*, progress: Callable[[int], None] | None = None) -> int:
    """Rewrite all derived rows and the log from the append-only part alone. Returns how many articles changed."""
    growth.rebuild(now=timezone.now())
    with transaction.atomic():
        subjects = _remove_strays()
    components = [key for key, kind in subjects.items() if kind != SubjectKind.ARTICLE]
    for start in range(0, len(components), BATCH):
        with transaction.atomic():
            projection.write(*components[start : start + BATCH], now=timezone.now())
    return recompose([key for key, kind in subjects.items() if kind == SubjectKind.ARTICLE], progress=progress)


def recompose(articles: Iterable[UUID], *, progress: Callable[[int], None] | None = None) -> int:
    """Recompose these articles, 100 per transaction. Returns how many changed.

    An article that cannot be recomposed does not stop the others; the first exception is raised at the end.
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
    """Delete rows of subjects that were never published; write topics and picture files, which all articles share.

    Returns {subject: kind} of the published ones. Holds the ledger, so that no new row looks like a stray.
    """
    events.hold()
    subjects = dict(Edition.objects.order_by("subject").values_list("subject", "subject_kind").distinct())
    for model in OWNED:
        is_article = model is not ComponentPublication
        owners = [key for key, kind in subjects.items() if (kind == SubjectKind.ARTICLE) == is_article]
        rows.delete(model, rows.strays(model, owners))
    naming = Event.objects.filter(kind__in=NAMING)
    named = shared(naming.order_by("number").iterator(chunk_size=rows.BATCH)).values()
    for model in SHARED:
        wanted = [row for row in named if isinstance(row, model)]
        rows.write(rows.compare(model, wanted, rows.read(model)))
    return subjects


def _recompose_batch(batch: list[UUID], failures: list[Exception]) -> int:
    """Recompose the batch in one transaction or, if that fails, each article in its own. Returns how many changed."""
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
    """Recompose one article. Returns whether its publication changed or differed from the record."""
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
