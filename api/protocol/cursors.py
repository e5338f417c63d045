"""Opaque cursors: URL-safe text that only we can write, so that a forged or edited one is refused."""

import base64
import binascii
import json
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

from api.protocol.problems import InvalidParameter

MARK_BYTES = 9


def write(values: list[Any], *, salt: str) -> str:
    """`values`: what JSON can hold. `salt`: what the cursor is for."""
    payload = json.dumps(values, ensure_ascii=False).encode()
    return _text(_mark(payload, salt) + payload)


def read(text: str, *, salt: str) -> list[Any]:
    """Raises InvalidParameter with the code `invalid-cursor`."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid("This API did not issue the cursor; start without one.") from error
    mark, payload = raw[:MARK_BYTES], raw[MARK_BYTES:]
    is_ours = constant_time_compare(mark, _mark(payload, salt))
    if not is_ours or _text(raw) != text:  # the last letter has bits that count for nothing
        raise invalid("This API did not issue the cursor; start without one.")
    return json.loads(payload)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def invalid(detail: str) -> InvalidParameter:
    return InvalidParameter("cursor", "cursor", detail, code="invalid-cursor")


def _mark(payload: bytes, salt: str) -> bytes:
    return salted_hmac(salt, payload, algorithm="sha256").digest()[:MARK_BYTES]
