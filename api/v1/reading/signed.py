"""Signed bytes, unchanged: the answers of `editions/{n}/parts/{part}/` and `components/…`. Source: RFC 9530."""

import base64

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.protocol.caching import Caching, Representation, respond
from api.protocol.problems import NotFound, Problem

MAX_DIGITS = 9  # an edition's number is a positive 32-bit integer


def edition_number(text: str) -> int:
    """Raises NotFound if the text cannot be an edition's number."""
    if not is_edition_number(text):
        raise NotFound("Editions are numbered 1, 2, 3 …")
    return int(text)


def is_edition_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS and not text.startswith("0")


def require_bytes(digest: str, content: bytes) -> None:
    """410 `erased` where a lawful erasure has emptied them."""
    if not content:
        raise Problem("erased", "These bytes were erased by law; only their digest remains.", more={"digest": digest})


def answer(request: HttpRequest, *, digest: str, content: bytes, published_at, keys: tuple[str, ...]) -> HttpResponse:
    """The bytes. Raises the problem `erased`."""
    require_bytes(digest, content)
    proof = base64.b64encode(bytes.fromhex(digest.removeprefix("sha-256:"))).decode()
    shown = Representation(
        content,
        digest.removeprefix("sha-256:"),
        modified_at=published_at,
        headers={"Repr-Digest": f"sha-256=:{proof}:", "Content-Digest": f"sha-256=:{proof}:"},
        caching=Caching(surrogate_keys=keys),
        is_exact=True,
    )
    return respond(request, shown, now=timezone.now())
