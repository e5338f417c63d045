"""Fixed SQL on Django's persistent connection, the same on SQLite and PostgreSQL. Delivery uses nothing else.

The driver of the engine is asked directly: Django's cursors cost as much as the query (DECISIONS 98). The engines'
differences are handled in this file: on SQLite, UUIDs are 32 hex digits and instants are text or naive.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX

Row = tuple[Any, ...]


def fetch(sql: str, parameters: Sequence[Any], *, is_planned_once: bool = False) -> list[Row]:
    """On another connection if this one turns out to be lost: nothing is written here, so that asking twice is safe.

    `is_planned_once`: a look-up by keys, for which PostgreSQL need not plan anew with each request's values.
    """
    try:
        return _fetch(sql, parameters, is_planned_once)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _fetch(sql, parameters, is_planned_once)


def fetch_one(sql: str, parameters: Sequence[Any]) -> Row | None:
    """The first row of a look-up by keys."""
    rows = fetch(sql, parameters, is_planned_once=True)
    return rows[0] if rows else None


def _fetch(sql: str, parameters: Sequence[Any], is_planned_once: bool) -> list[Row]:
    here: Any = connections[DEFAULT_DB_ALIAS]
    if here.queries_logged or here.execute_wrappers:  # somebody wants to see what is asked
        with here.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()
    if here.connection is None:
        here.ensure_connection()
    with here.wrap_database_errors:
        if is_postgresql():
            return here.connection.reader.execute(sql, parameters, prepare=is_planned_once, binary=True).fetchall()
        return here.connection.execute(_for_sqlite(sql), parameters).fetchall()


@lru_cache(maxsize=512)
def _for_sqlite(sql: str) -> str:
    """With the placeholders of its driver, as Django's own cursor writes them."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%")


@cache
def is_postgresql() -> bool:
    """A process has one database, of one engine."""
    return connection.vendor == "postgresql"


def places(values: Collection[Any]) -> str:
    """`%s, %s`, for as many values."""
    return ", ".join(["%s"] * len(values))


def uuid_parameter(value: UUID) -> UUID | str:
    return value if is_postgresql() else value.hex


def instant_parameter(value: datetime) -> datetime | str:
    """On SQLite as Django writes it: naive, in UTC, compared as text."""
    return value if is_postgresql() else str(value.astimezone(UTC).replace(tzinfo=None))


def as_uuid(expression: str) -> str:
    """SQL that turns a UUID's usual text into what the engine keeps."""
    return f"CAST({expression} AS uuid)" if is_postgresql() else f"REPLACE({expression}, '-', '')"


def read_uuid(value: UUID | str) -> str:
    """With dashes, as it travels in JSON."""
    if isinstance(value, UUID):
        return str(value)
    digits = value.replace("-", "")  # `UUID` takes ten times as long, and a page has a hundred
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def read_moment(value: datetime | str | None) -> datetime | None:
    return None if value is None else read_instant(value)


def read_instant(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
