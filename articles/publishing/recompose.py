"""Brings publications up to date with what they stand on: components, links, sources, topics, addresses, the clock.

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
from articles.record.delivery import laggards, publications
from articles.record.models import Publication
from articles.record.site import this_site
from articles.record.vocabulary import SERVED, EventKind, SubjectKind

BATCH = 100
logger = logging.getLogger(__name__)
ARTICLE, COMPONENT, SOURCE = "article", "component", "source"


def recompose_after(target: UUID, *, relation: str = ARTICLE) -> int:
    """Recompose what stands on a component or article that changed, and its translations. How many changed."""
    waiting = publications.lagging(relation=relation, target=str(target))
    if relation == ARTICLE:
        waiting += _translations(target)
    return recompose(waiting) if waiting else 0


def recompose_all(*, progress: Callable[[int], None] | None = None) -> int:
    """Recompose every publication from the record. How many changed."""
    rows = Publication.objects.filter(state__in=SERVED).order_by("article")
    return recompose(rows.values_list("article", flat=True), progress=progress)


def recompose_due(*, now: datetime | None = None) -> int:
    """Recompose what the clock has changed (`fresh_until`)."""
    due = Publication.objects.filter(state__in=SERVED, fresh_until__lte=now or timezone.now())
    return recompose(due.order_by("article").values_list("article", flat=True))


def recompose_lagging() -> int:
    """Recompose what a crash left behind what it stands on. How many changed."""
    return recompose(laggards.find(), is_settling=True)


def recompose(
    articles: Iterable[UUID], *, progress: Callable[[int], None] | None = None, is_settling: bool = False
) -> int:
    """Recompose these, 100 a transaction. How many changed. `is_settling` notes where nothing had to.

    One that cannot be recomposed stops no other; when all others are done, its exception is raised.
    """
    waiting, changed = iter(list(articles)), 0
    failures: list[Exception] = []
    while batch := list(islice(waiting, BATCH)):
        changed += _recompose_batch(batch, is_settling, failures)
        if progress:
            progress(len(batch))
    if failures:
        raise failures[0]
    return changed


def _recompose_batch(batch: list[UUID], is_settling: bool, failures: list[Exception]) -> int:
    """All in one transaction; where that fails, each in its own, so that one alone is left behind."""
    try:
        with transaction.atomic():
            locked = Publication.objects.select_for_update().filter(article__in=batch).order_by("article")
            list(locked.values_list("article", flat=True))  # all of them before the ledger's counter
            return sum(_recompose_one(article, is_settling) for article in batch)
    except Exception as error:
        if len(batch) == 1:
            logger.exception("The publication of article %s cannot be recomposed", batch[0])
            failures.append(error)
            return 0
    return sum(_recompose_batch([article], is_settling, failures) for article in batch)


def _recompose_one(article: UUID, is_settling: bool) -> bool:
    now = timezone.now()
    row = Publication.objects.select_for_update().get(article=article)
    if row.state not in SERVED:
        return False
    state, composed = publications.current(article, filing=row.filing, site=this_site(), now=now)
    if publications.is_as_stored(row, composed):
        if is_settling:
            Publication.objects.filter(article=article).update(composed_at=now)
        return False
    event = events.append(
        EventKind.REFILED,
        subject_kind=SubjectKind.ARTICLE,
        subject=article,
        actor={},
        data={"edition": row.edition, "components": composed.article["components"], "withheld": composed.is_withheld},
        at=now,
    )
    publications.write(state, composed, event=event.number, now=now)
    return True


def rewrite(
    row: Publication, kind: str, *, actor: Mapping[str, Any], data: Mapping[str, Any], filing: dict | None = None
) -> None:
    """What readers get of an article anew, under an event of this kind; `row` is locked by the caller's transaction."""
    now = timezone.now()
    event = events.append(kind, subject_kind=SubjectKind.ARTICLE, subject=row.article, actor=actor, data=data, at=now)
    state, composed = publications.current(row.article, filing=filing or row.filing, site=this_site(), now=now)
    publications.write(state, composed, event=event.number, now=now)


def _translations(article: UUID) -> list[UUID]:
    row = Publication.objects.filter(article=article).first()
    if row is None:
        return []
    siblings = Publication.objects.filter(translation_key=row.translation_key, state__in=SERVED)
    return list(siblings.exclude(article=article).values_list("article", flat=True))
