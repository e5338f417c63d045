"""ETag, Last-Modified, Surrogate-Key, Cache-Control and 304: set here, nowhere else. Source: RFC 9110, RFC 9111.

Views say what the answer is (`Representation`) and how long it may be cached (`Caching`).
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

MAX_AGE_S = 60  # how long a withdrawn article may still be shown by a cache


@dataclass(frozen=True, slots=True)
class Caching:
    """How long an answer may be cached, and by which keys a CDN purges it. If `max_age_s` is None, it is not cached."""

    max_age_s: int | None = MAX_AGE_S
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
    """200 with the bytes, or 304 if the client already has them."""
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


def is_held(request: HttpRequest, shown: Representation) -> bool:
    """Weak comparison, lists and `*`; If-Modified-Since counts only without If-None-Match (RFC 9110 §13.2.2)."""
    given = request.META.get("HTTP_IF_NONE_MATCH")
    if given is None:
        return _is_unmodified(request.META.get("HTTP_IF_MODIFIED_SINCE"), shown.modified_at)
    held = {tag.removeprefix("W/").strip('"') for tag in parse_etags(given)}
    return "*" in held or not held.isdisjoint((shown.etag, *shown.siblings))


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
    return f"public, max-age={seconds}"


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
