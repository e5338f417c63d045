"""What a database says of itself: the ledger's head and the applied migrations. Read by SQL, as any version can."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from articles.record.events import instant
from articles.record.ledger.anchors import FIRST, Json

Ask = Callable[[str], Iterable[tuple[Any, ...]]]
HEAD = "SELECT number, hash, at FROM record_event ORDER BY number DESC LIMIT 1"
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"


@dataclass(frozen=True)
class State:
    """`head`: {number, hash, at}, as `ledger head` prints it. `migrations`: ["app.name", …], in order."""

    head: Json
    migrations: list[str]


def read(ask: Ask) -> State:
    """`ask` runs a statement and gives its rows."""
    head: Json = {"number": 0, "hash": FIRST, "at": None}
    for number, mark, at in ask(HEAD):
        head = {"number": number, "hash": mark, "at": instant(_moment(at))}
    return State(head, sorted(f"{app}.{name}" for app, name in ask(MIGRATIONS)))


def _moment(value: str | datetime) -> datetime:
    """SQLite stores instants as text, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)
