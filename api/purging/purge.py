"""Tells the caches in front what has changed: at once after each commit, and again by the worker until it succeeds.

One row holds the number of the last event whose purge succeeded, and the worker purges all that the ledger says has
changed since. So nothing is forgotten when a process dies, when a cache is down for a day, or when nobody purged at
once.

Everything is purged twice, AGAIN_S apart: an answer that was being made during the commit may come in after the first
purge.
"""

import logging
import threading
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.signals import post_save

from api.models import Purged
from api.protocol.caching import ALL
from api.purging import changed
from api.purging.caches import CacheInFront, NotPurged, cache_in_front
from articles.record.models import Event

logger = logging.getLogger(__name__)

WAIT_S = 1.0  # for a cache to answer
AGAIN_S = 1.2  # longer than a delivery process repeats an answer (api.protocol.warm), and than making one should take
MOST_WAIT_S = 60  # between two tries of the worker

_begun = 0  # the last event that this process has begun to purge at once


def connect() -> None:
    """Called once, in ApiConfig.ready."""
    post_save.connect(note, sender=Event, dispatch_uid="purge-caches")


def note(instance: Event, raw: bool = False, **signal: Any) -> None:
    if settings.PURGE and not raw:
        transaction.on_commit(lambda: purge_at_once(instance.number), robust=True)


def purge_at_once(number: int) -> None:
    """Purge what the transaction that wrote this event changed, once for all its events.

    In a thread, so that nobody waits for a cache. What fails is left to the worker.
    """
    global _begun
    if number <= _begun:
        return
    upto = _begun = changed.end().number
    keys = changed.keys(after=number - 1, upto=upto)
    threading.Thread(target=_twice, args=(cache_in_front(), keys), name=f"purge-{number}").start()


def purge(now: datetime) -> None:
    """The worker's part, each second: everything since the last purge that succeeded. Any number of workers may run."""
    if not settings.PURGE:
        return
    end, row = changed.end(), Purged.objects.get_or_create(pk=Purged.ONLY)[0]
    if (row.epoch, row.number) == end or _is_resting(row, now):
        return
    mine = Purged.objects.filter(pk=row.pk, tried_at=row.tried_at)
    if not mine.update(tried_at=now):
        return  # another worker was faster
    keys = changed.keys(after=row.number, upto=end.number) if row.epoch == end.epoch else (ALL,)
    _record(row, end, _failure(keys))


def _is_resting(row: Purged, now: datetime) -> bool:
    """AGAIN_S after a success; after a failure a second, then twice as long each time, up to a minute."""
    if row.tried_at is None:
        return False
    wait_s = min(2 ** min(row.failures - 1, 10), MOST_WAIT_S) if row.failures else AGAIN_S
    return row.tried_at <= now < row.tried_at + timedelta(seconds=wait_s)


def _failure(keys: tuple[str, ...]) -> str:
    try:
        cache_in_front().purge(keys, timeout_s=WAIT_S)
    except Exception as error:  # whatever it is, the worker has other work, and tries again
        return str(error) or type(error).__name__
    return ""


def _record(row: Purged, end: changed.End, failure: str) -> None:
    """The log says what an operator should look at: each failure, and that it is over."""
    rows = Purged.objects.filter(pk=row.pk)
    if failure:
        rows.update(failures=F("failures") + 1, failure=failure[:500])
        logger.warning("The caches in front were not purged, since event %s: %s", row.number, failure)
        return
    once = row.sent if row.epoch == end.epoch else 0
    rows.update(epoch=end.epoch, number=once, sent=end.number, failures=0, failure="")
    if row.failures:
        logger.warning("The caches in front were purged up to event %s, after %s failures", end.number, row.failures)


def _twice(cache: CacheInFront, keys: tuple[str, ...]) -> None:
    for wait_s in (0, AGAIN_S):
        time.sleep(wait_s)
        try:
            cache.purge(keys, timeout_s=WAIT_S)
        except NotPurged as error:
            logger.info("The caches in front were not purged at once: %s", error)
