"""ETag, Last-Modified, Surrogate-Key, Cache-Control and 304: set here, nowhere else. Source: RFC 9110, RFC 9111.

Views say what the answer is (`Representation`) and how long it may be cached (`Caching`).
"""

import gzip
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from api.protocol import compression, tomorrow

MAX_AGE_S = 60  # how long a withdrawn article may still be shown by a cache
MISSING_S = 5  # how long an address may be said to lead nowhere, once an article stands there


@dataclass(frozen=True, slots=True)
class Caching:
    """How long an answer may be cached, and by which keys a CDN purges it. If `max_age_s` is None, it is not cached.
    What is immutable is the same for ever at its address."""

    max_age_s: int | None = MAX_AGE_S
    is_immutable: bool = False
    fresh_until: datetime | None = None
    surrogate_keys: tuple[str, ...] = ()


NOT_STORED = Caching(max_age_s=None)


@dataclass(frozen=True, slots=True)
class Representation:
    """Bytes with their strong validators. `etag` is these bytes'; `siblings` are those of the same content in
    another coding, which a client may have instead."""

    content: bytes
    etag: str
    siblings: tuple[str, ...] = ()
    modified_at: datetime | None = None
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    caching: Caching = Caching()


def respond(request: HttpRequest, shown: Representation, *, now: datetime) -> HttpResponse:
    """200 with the bytes, compressed if they are large and the client wants it, or 304 if the client has them."""
    shown = _coded(request, _of_tomorrow(request, shown))
    if is_held(request, shown):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(shown.content, content_type=shown.content_type)
    headers = response.headers
    for name, value in shown.headers.items():
        headers[name] = value
    headers["ETag"] = f'"{shown.etag}"'
    if shown.modified_at:
        headers["Last-Modified"] = http_date(shown.modified_at.timestamp())
    set_caching(response, shown.caching, now=now)
    return response


def _of_tomorrow(request: HttpRequest, shown: Representation) -> Representation:
    """For a client that tests itself; such an answer is its own and is not stored."""
    if not tomorrow.is_wanted(request):
        return shown
    headers = shown.headers | {"Preference-Applied": "vetted=tomorrow", "Vary": "Prefer"}
    is_stored_compressed = headers.pop("Content-Encoding", None) == "gzip"
    content = tomorrow.from_tomorrow(gzip.decompress(shown.content) if is_stored_compressed else shown.content)
    return replace(shown, content=content, etag=digest(content), siblings=(), headers=headers, caching=NOT_STORED)


def _coded(request: HttpRequest, shown: Representation) -> Representation:
    """In the coding that the client asks for, if it has not one already. Both have an ETag of their own."""
    if "Content-Encoding" in shown.headers or not compression.is_worth_it(shown.content, shown.content_type):
        return shown
    varied = [name.strip() for name in shown.headers.get("Vary", "").split(",") if name.strip()]
    varies = ", ".join(dict.fromkeys([*varied, "Accept-Encoding"]))
    zipped, siblings = f"{shown.etag}-gzip", (*shown.siblings, shown.etag, f"{shown.etag}-gzip")
    shown = replace(shown, siblings=siblings, headers=shown.headers | {"Vary": varies})
    if not accepts_gzip(request):
        return shown
    content = compression.compressed(zipped, shown.content)
    return replace(shown, content=content, etag=zipped, headers=shown.headers | {"Content-Encoding": "gzip"})


def is_held(request: HttpRequest, shown: Representation) -> bool:
    """Weak comparison, lists and `*`; If-Modified-Since counts only without If-None-Match (RFC 9110 §13.2.2)."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return _is_unmodified(request.META.get("HTTP_IF_MODIFIED_SINCE"), shown.modified_at)
    return holds(request, shown.etag, *shown.siblings)


def set_caching(response: HttpResponse, caching: Caching, *, now: datetime | None = None) -> None:
    response.headers["Cache-Control"] = _cache_control(caching, now)
    if caching.surrogate_keys:
        response.headers["Surrogate-Key"] = " ".join(caching.surrogate_keys)


def _cache_control(caching: Caching, now: datetime | None) -> str:
    if caching.max_age_s is None:
        return "no-store"
    seconds = caching.max_age_s
    if caching.fresh_until:
        left = int((caching.fresh_until - (now or datetime.now(UTC))).total_seconds())
        seconds = min(seconds, max(0, left))
    return f"public, max-age={seconds}{', immutable' if caching.is_immutable else ''}"


def holds(request: HttpRequest, *etags: str) -> bool:
    """Whether the client says that it has one of these."""
    held = {tag.removeprefix("W/").strip('"') for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))}
    return "*" in held or not held.isdisjoint(etags)


def seconds_of(response: HttpResponse) -> int:
    """How long Cache-Control lets anybody keep it; 0 for not at all."""
    name, _, seconds = response.headers.get("Cache-Control", "").partition("max-age=")
    return int(seconds.partition(",")[0]) if "public" in name and seconds else 0


def _is_unmodified(given: str | None, modified_at: datetime | None) -> bool:
    if given is None or modified_at is None:
        return False
    since = parse_http_date_safe(given)
    return since is not None and int(modified_at.timestamp()) <= since


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether Accept-Encoding names gzip without refusing it (RFC 9110 §12.5.3)."""
    for part in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        coding, _, weight = part.partition(";")
        if coding.strip() == "gzip":
            return weight.strip().replace(" ", "").rstrip("0") not in ("q=", "q=0.", "q=0")
    return False


def digest(content: bytes) -> str:
    """An ETag for bytes that have none stored."""
    return hashlib.sha256(content).hexdigest()[:32]
