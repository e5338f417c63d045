"""How far each key has read the sync feed: noted by the feed, written to the key by the worker.

A key has read up to an event once it has fetched the feed to its end after that event. The note lies in the shared
cache, because the delivery process may write nothing else. Where processes share no cache, a process of the whole
project writes it at once (WRITES_NOTES).
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from api.models import ApiKey, Scopes
from api.protocol import auth, shared
from articles.record import epoch

logger = logging.getLogger(__name__)

KEPT_S = 7 * 24 * 60 * 60
AGAIN = timedelta(minutes=1)  # so often a key that reads nothing new is noted as seen


class Note(NamedTuple):
    """`number` counts in this epoch only: a restored database gives later numbers anew."""

    epoch: str
    number: int
    at: datetime


def note(key: auth.Key | None, *, epoch: str, number: int) -> None:
    """That this key has read everything up to the event. A key without the scope `sync` is not noted."""
    if key is None or auth.SYNC not in key.scopes:
        return
    now = timezone.now()
    shared.keep(_name(key.prefix), tuple(Note(epoch, number, now)), seconds=KEPT_S)
    if settings.WRITES_NOTES:
        try:
            write(now)
        except DatabaseError as error:
            logger.warning("What a key has read was not written: %s", error)


def write(now: datetime) -> None:
    """The worker's part, each minute. It may run twice: it writes the same."""
    rows = {_name(row.prefix): row for row in ApiKey.objects.filter(scopes=Scopes.SYNC, revoked_at=None)}
    found = shared.kept(rows) if rows else {}
    this = epoch.current() if found else ""
    for name, value in found.items():
        noted, row = Note(*value), rows[name]
        if noted.epoch == this and _is_news(row, noted):
            ApiKey.objects.filter(pk=row.pk).update(last_event=noted.number, last_seen_at=noted.at)


def _is_news(row: ApiKey, noted: Note) -> bool:
    if row.last_seen_at is None or noted.number != row.last_event:
        return True
    return noted.at - row.last_seen_at >= AGAIN


def _name(prefix: str) -> str:
    return f"key:{prefix}"
