"""Fixed SQL on Django's persistent connection, the same on SQLite and PostgreSQL. Delivery uses nothing else.

A raw cursor costs a sixth of the ORM here (see docs/operators.md). The engines' differences are handled in this file:
on SQLite, UUIDs are 32 hex digits and instants are text or naive.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection

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
    with connection.cursor() as cursor:
        if connection.settings_dict["OPTIONS"].get("server_side_binding"):
            connection.connection.prepare_threshold = 0 if is_planned_once else None
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def places(values: Collection[Any]) -> str:
    """`%s, %s`, for as many values."""
    return ", ".join(["%s"] * len(values))


def uuid_parameter(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def instant_parameter(value: datetime) -> datetime | str:
    """On SQLite as Django writes it: naive, in UTC, compared as text."""
    return value if connection.features.has_native_uuid_field else str(value.astimezone(UTC).replace(tzinfo=None))


def as_uuid(expression: str) -> str:
    """SQL that turns a UUID's usual text into what the engine keeps."""
    native = connection.features.has_native_uuid_field
    return f"CAST({expression} AS uuid)" if native else f"REPLACE({expression}, '-', '')"


def read_uuid(value: UUID | str) -> str:
    """With dashes, as it travels in JSON."""
    return str(value if isinstance(value, UUID) else UUID(value))


def read_moment(value: datetime | str | None) -> datetime | None:
    return None if value is None else read_instant(value)


def read_instant(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
