"""Keyset pagination for lists: opaque cursors, row comparison, both directions.

A cursor says where a page starts. It is bound to its order, and signed, so that a forged or edited one is refused.
"""

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from api.protocol.parameters import pairs
from api.protocol.problems import InvalidParameter

NEXT, PREVIOUS = "next", "previous"
SALT = "api.protocol.pagination"
MARK_BYTES = 9
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
    payload = json.dumps([cursor.order, cursor.direction, *cursor.key], ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_mark(payload) + payload).rstrip(b"=").decode()


def read_cursor(text: str, *, order: str) -> Cursor:
    """Raises InvalidParameter with the code `invalid-cursor`."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid("This API did not issue the cursor; start without one.") from error
    mark, payload = raw[:MARK_BYTES], raw[MARK_BYTES:]
    if not constant_time_compare(mark, _mark(payload)):
        raise _invalid("This API did not issue the cursor; start without one.")
    given_order, direction, value, identity = json.loads(payload)
    if given_order != order:
        raise _invalid(f"The cursor belongs to order={given_order}; keep the order, or start without a cursor.")
    return Cursor(order, direction, (value, str(UUID(identity))))


def page_url(request: HttpRequest, cursor: Cursor | None) -> str | None:
    """The same request with another cursor, absolute from PUBLIC_URL; filters stay."""
    if cursor is None:
        return None
    kept = [(name, text) for name, text in pairs(request) if name != "cursor"]
    return f"{settings.PUBLIC_URL}{request.path}?{urlencode([*kept, ('cursor', write_cursor(cursor))])}"


def _mark(payload: bytes) -> bytes:
    return salted_hmac(SALT, payload, algorithm="sha256").digest()[:MARK_BYTES]


def _invalid(detail: str) -> InvalidParameter:
    return InvalidParameter("cursor", "cursor", detail, code="invalid-cursor")
