"""Django's PostgreSQL, whose connections give up in delivery's requests what takes too long (api.protocol.patience).

A server that hangs still acknowledges packets, and its own timeouts hang with it: only the client can end the wait.
"""

from collections.abc import Generator
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Self, TypeVar

import psycopg
from django.db.backends.postgresql import base
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from api.protocol import patience

T = TypeVar("T")
Steps = Generator[Any, Any, T]  # yields what to wait for, gets what is ready


class Connection(psycopg.Connection[Any]):
    """One that gave up is closed: the answer that was on its way would be read as that of the next query."""

    def wait(self, gen: Steps[T], *args: Any, **options: Any) -> T:
        try:
            return super().wait(_limited(gen), *args, **options)
        except GivenUp:
            self.close()
            raise

    @cached_property
    def reader(self) -> psycopg.Cursor[Any]:
        """For queries of delivery, whose values are bound by the server. What they find may come as bytes (`binary`):
        articles are large, and hexadecimal digits are twice as many. JSON stays text, as with Django's own cursors."""
        self.prepare_threshold = 0  # Django switches it off; its own cursors never prepare
        cursor = psycopg.Cursor(self)
        cursor.adapters.register_loader("jsonb", JsonText)
        return cursor

    @classmethod
    def connect(cls, *args: Any, **options: Any) -> Self:
        if patience.is_limited():
            _require_no_pause()  # before names are resolved
        return super().connect(*args, **options)

    @classmethod
    def _connect_gen(cls, conninfo: str = "") -> Steps[Self]:
        """One attempt. `connect_timeout` is for each address of a name; here the first that hangs ends them all."""
        return _limited(super()._connect_gen(conninfo))


class JsonText(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data[1:]).decode()  # the first byte is the version of the format


class GivenUp(psycopg.OperationalError):
    """The answer did not come in time, or another one did not a moment ago."""


class DatabaseWrapper(base.DatabaseWrapper):
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})  # type: ignore[assignment]


def _limited(steps: Steps[T]) -> Steps[T]:
    return _until_given_up(steps) if patience.is_limited() else steps


def _until_given_up(steps: Steps[T]) -> Steps[T]:
    _require_no_pause()
    until, ready = patience.begin(), None
    while True:
        try:
            wanted = steps.send(ready)
        except StopIteration as done:
            return done.value
        if patience.is_over(until):
            raise GivenUp(f"The database did not answer within {patience.WAIT_S} s.")
        ready = yield wanted


def _require_no_pause() -> None:
    if not patience.may_ask():
        raise GivenUp(patience.LEFT_ALONE)
