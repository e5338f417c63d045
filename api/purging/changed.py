"""What the ledger says has changed, as the keys that answers carry in `Surrogate-Key` (api.protocol.caching).

An answer about one article or component carries its id. Whatever lists, counts or finds carries one of COLLECTIONS,
which every purge names, so that nobody has to work out which list an article has left or entered. An article that
shows a changed component, source or link is recomposed under an event of its own, so it is named by that.
"""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from api.protocol.caching import ALL, MISSING
from articles.record import epoch
from articles.record.events import LEDGER
from articles.record.models import Counter, Event
from articles.record.vocabulary import EventKind

COLLECTIONS = ("addresses", "articles", "changes", "keys", "ledger", MISSING, "people", "topics")
# Above, everything goes by one key: so many changes mean a recompose, which changes nearly everything anyway, and a
# ban is an expression that Varnish compares with each answer that it holds.
MOST = 100


class End(NamedTuple):
    """The last event, and which life of the database its number belongs to (articles.record.epoch)."""

    epoch: str
    number: int


def end() -> End:
    """One query."""
    rows = Counter.objects.in_bulk([LEDGER, epoch.NAME])
    return End(rows[epoch.NAME].hash, rows[LEDGER].value if LEDGER in rows else 0)


def keys(*, after: int, upto: int) -> tuple[str, ...]:
    """Of the events after the one number, up to the other."""
    events = Event.objects.filter(number__gt=after, number__lte=upto).order_by()
    subjects = list(events.values_list("subject", flat=True).distinct()[: MOST + 1])
    if len(subjects) > MOST:
        return (ALL,)
    found = (*COLLECTIONS, *sorted(map(str, subjects)), *sorted(set(_pictures(events))))
    return found if len(found) <= MOST else (ALL,)


def _pictures(events: QuerySet[Event]) -> Iterable[str]:
    """The files of what was taken back, which caches would keep for a day. Others stay as they are for ever."""
    gone = events.filter(kind__in=(EventKind.WITHDRAWN, EventKind.ERASED)).values("subject")
    published = Event.objects.filter(kind=EventKind.PUBLISHED, subject__in=gone).values_list("data", flat=True)
    return (made["image"].removeprefix("sha-256:") for data in published for made in data.get("renditions", ()))
