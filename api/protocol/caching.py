"""ETag, Last-Modified, Surrogate-Key, Cache-Control and 304: set here, nowhere else. Source: RFC 9110, RFC 9111.

Views say what the answer is (`Representation`) and how long it may be cached (`Caching`).
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import http_date, parse_etags, parse_http_date_safe

from api.protocol import compression, tomorrow

PROMISED_S = 60  # how long a withdrawn article may still be shown by a cache
# A cache counts from when an answer comes in, and that may be after the commit that outdates it: a second in warm.py,
# three for a database that is slow, and one for the way.
UNDER_WAY_S = 5
MAX_AGE_S = PROMISED_S - UNDER_WAY_S
MISSING_S = 5  # how long an address may be said to lead nowhere, once an article stands there
ALL, MISSING = "all", "missing"  # surrogate keys of every answer, and of those that say that there is nothing


class Caching(NamedTuple):
    """How long an answer may be cached, and by which keys a CDN purges it. If `max_age_s` is None, it is not cached.
    What is immutable is the same for ever at its address."""

    max_age_s: int | None = MAX_AGE_S
    is_immutable: bool = False
    fresh_until: datetime | None = None
    surrogate_keys: tuple[str, ...] = ()


NOT_STORED = Caching(max_age_s=None)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Until when an answer is fresh that is made of several."""
    return min((moment for moment in moments if moment), default=None)


class Representation(NamedTuple):
    """Bytes, and what their headers say. `etag` is that of the uncompressed bytes; without one it is made from the
    content. `is_compressed`: the content is gzip, as it is stored. `is_exact`: a header states the digest of these very
    bytes, so they have no coding (RFC 9530), and no other form tomorrow."""

    content: bytes
    etag: str = ""
    modified_at: datetime | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = MappingProxyType({})
    caching: Caching = Caching()
    is_compressed: bool = False
    is_exact: bool = False


class Answer(HttpResponse):
    def items(self):
        """The headers as they are set, for WSGI; Django looks each up once more by its name."""
        return self.headers._store.values()


def respond(request: HttpRequest, shown: Representation, *, now: datetime) -> HttpResponse:
    """200 with the bytes, compressed if they are large and the client wants it, or 304 if the client has them.

    Each content coding has its own strong ETag; a client may hold either.
    """
    if tomorrow.is_wanted(request) and not shown.is_exact:
        shown = _of_tomorrow(shown)
    content, etag, is_gzip = shown.content, shown.etag or _digest(shown.content), shown.is_compressed
    is_varied = is_gzip or (not shown.is_exact and compression.is_worth_it(content, shown.content_type))
    if is_varied and not is_gzip and accepts_gzip(request):
        content, is_gzip = compression.compressed(etag, content), True
    tags = (etag, f"{etag}-gzip") if is_varied else (etag,)
    if _is_held(request, tags, shown.modified_at):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = Answer(content, content_type=shown.content_type)
    headers = response.headers
    for name, value in shown.headers.items():
        headers[name] = value
    if is_varied:
        headers["Vary"] = f"{shown.headers['Vary']}, Accept-Encoding" if "Vary" in shown.headers else "Accept-Encoding"
    if is_gzip:
        headers["Content-Encoding"] = "gzip"
    headers["ETag"] = f'"{tags[is_gzip]}"'
    if shown.modified_at:
        headers["Last-Modified"] = http_date(shown.modified_at.timestamp())
    set_caching(response, shown.caching, now=now)
    return response


def _of_tomorrow(shown: Representation) -> Representation:
    """For a client that tests itself; such an answer is its own and is not stored."""
    headers = {**shown.headers, "Preference-Applied": "vetted=tomorrow", "Vary": "Prefer"}
    content = tomorrow.from_tomorrow(gzip.decompress(shown.content) if shown.is_compressed else shown.content)
    return shown._replace(content=content, etag="", headers=headers, caching=NOT_STORED, is_compressed=False)


def _is_held(request: HttpRequest, tags: tuple[str, ...], modified_at: datetime | None) -> bool:
    """Weak comparison, lists and `*`; If-Modified-Since counts only without If-None-Match (RFC 9110 §13.2.2)."""
    if "HTTP_IF_NONE_MATCH" not in request.META:
        return _is_unmodified(request.META.get("HTTP_IF_MODIFIED_SINCE"), modified_at)
    return holds(request, *tags)


def set_caching(response: HttpResponse, caching: Caching, *, now: datetime | None = None) -> None:
    response.headers["Cache-Control"] = _cache_control(caching, now)
    if caching.max_age_s is not None:
        response.headers["Surrogate-Key"] = " ".join((*caching.surrogate_keys, ALL))


def _cache_control(caching: Caching, now: datetime | None) -> str:
    if caching.max_age_s is None:
        return "no-store"
    seconds = caching.max_age_s
    if caching.fresh_until:
        left = int((caching.fresh_until - (now or datetime.now(UTC))).total_seconds()) - UNDER_WAY_S
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


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
