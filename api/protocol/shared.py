"""What processes share for a while: the cache at REDIS_URL, or else this process's memory.

It may be down at any time, and delivery must not be: what it does not count is let through, and what it does not keep
is lost. After a failure it is left alone for PAUSE_S, so that few requests wait for it.
"""

import logging
import time
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.utils.functional import cached_property

logger = logging.getLogger(__name__)

PAUSE_S, SAID_S = 5.0, 60.0

T = TypeVar("T")
_next = {"asked": 0.0, "said": 0.0}
_counts: dict[str, dict[str, tuple[float, int]]] = {}  # by cache, {name: (until when, how many)}, the stalest first


class SharedCache(RedisCache):
    """The cache at REDIS_URL. It counts in one round trip; Django's `incr` takes two, and a new client each time."""

    @cached_property
    def client(self) -> Any:
        return self._cache.get_client(write=True)

    def count(self, name: str, seconds: int) -> int:
        key = self.make_and_validate_key(name)
        number: int = self.client.incr(key)
        if number == 1:
            self.client.expire(key, seconds)
        return number


class LocalCache(LocMemCache):
    """The memory of this process. Its counters stand beside Django's cache, which would pickle each number."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self.counts = _counts.setdefault(name, {})

    def count(self, name: str, seconds: int) -> int:
        now = time.monotonic()
        until, number = self.counts.pop(name, (0.0, 0))
        if now >= until:
            until, number = now + seconds, 0
        self.counts[name] = (until, number + 1)
        if len(self.counts) > self._max_entries:
            self.counts.pop(next(iter(self.counts)), None)
        return number + 1

    def clear(self) -> None:
        super().clear()
        self.counts.clear()


def count(name: str, *, seconds: int) -> int | None:
    """The number of calls for this name, this one included, within the time from the first one; None if it is down."""
    return _ask(lambda: _cache().count(name, seconds), None)


def keep(name: str, value: Any, *, seconds: int) -> None:
    _ask(lambda: _cache().set(name, value, seconds), None)


def kept(names: Iterable[str]) -> dict[str, Any]:
    """{name: value} of those that are kept; none if it is down."""
    return _ask(lambda: _cache().get_many(names), {})


@cache
def _cache() -> Any:
    """One for all threads, whose counters and connections may be shared; Django would look for the thread's own."""
    return caches["default"]


def _ask(act: Callable[[], T], otherwise: T) -> T:
    now = time.monotonic()
    if now < _next["asked"]:
        return otherwise
    try:
        return act()
    except Exception as error:  # the failures of caches have nothing in common but that requests are let through
        _next["asked"] = now + PAUSE_S
        if now >= _next["said"]:
            _next["said"] = now + SAID_S
            logger.error("The cache at REDIS_URL does not answer; requests are not limited meanwhile: %r", error)
        return otherwise
