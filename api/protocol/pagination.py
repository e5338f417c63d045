"""Keyset pagination for lists: opaque cursors, row comparison, both directions.

A cursor says where a page starts. It is bound to its order, and signed, so that a forged or edited one is refused.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from api.protocol import cursors
from api.protocol.parameters import Parameter, pairs

NEXT, PREVIOUS = "next", "previous"
SALT = "api.protocol.pagination"
MAX_LENGTH = 3000  # a title of 255 characters of four bytes each, as JSON in base64

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The page after (`next`) or before (`previous`) the row with `key`: (value that is ordered by, id)."""

    order: str
    direction: str
    key: Key


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    next: Cursor | None
    previous: Cursor | None


def cut(rows: list[Any], *, size: int, order: str, cursor: Cursor | None, key: Callable[[Any], Key]) -> Page:
    """A page from at most `size` + 1 rows, fetched in the direction of the cursor."""
    more, rows = len(rows) > size, rows[:size]
    backward = cursor is not None and cursor.direction == PREVIOUS
    if backward:
        rows = rows[::-1]
    first, last = (key(rows[0]), key(rows[-1])) if rows else (cursor and cursor.key,) * 2
    has_next, has_previous = (True, more) if backward else (more, cursor is not None)
    return Page(
        rows,
        Cursor(order, NEXT, last) if has_next and last else None,
        Cursor(order, PREVIOUS, first) if has_previous and first else None,
    )


def write_cursor(cursor: Cursor) -> str:
    """URL-safe text."""
    return cursors.write([cursor.order, cursor.direction, *cursor.key], salt=SALT)


def read_cursor(text: str, *, order: str) -> Cursor:
    """Raises InvalidParameter with the code `invalid-cursor`."""
    given_order, direction, value, identity = cursors.read(text, salt=SALT)
    if given_order != order:
        raise cursors.invalid(f"The cursor belongs to order={given_order}; keep the order, or start without a cursor.")
    return Cursor(order, direction, (value, str(UUID(identity))))


def page_url(request: HttpRequest, cursor: Cursor | None) -> str | None:
    """The same request with another cursor, absolute from PUBLIC_URL; filters stay."""
    return with_cursor(request, write_cursor(cursor)) if cursor else None


def with_cursor(request: HttpRequest, cursor: str) -> str:
    kept = [(name, text) for name, text in pairs(request) if name != "cursor"]
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def page_size(*, largest: int, usual: int) -> Parameter:
    def size(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or not 1 <= int(text) <= largest:
            raise ValueError(f"page_size must be between 1 and {largest}.")
        return int(text)

    schema = {"type": "integer", "minimum": 1, "maximum": largest}
    return Parameter("page_size", "The number of results on a page.", default=usual, read=size, schema=schema)
