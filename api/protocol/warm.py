"""Answers again, for a second, what was just asked: a short cache inside the delivery process, before any view.

A page that everybody reads at once costs one query a second and process. The promised time of a withdrawal (caching.py)
is far longer, so nothing is shown for longer than any cache in front may show it.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from api.protocol import auth
from api.protocol.caching import holds, seconds_of

KEPT_S = 1.0
MOST_BYTES, LARGEST = 16 * 1024 * 1024, 512 * 1024
# What a request may say beside its address that changes the answer, or who gets it.
VARYING = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_HOST")
PERSONAL = (*auth.HEADERS, "HTTP_PREFER", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE")
PER_REQUEST = ("X-Request-Id",)
OF_CONTENT = (*PER_REQUEST, "Content-Type", "Content-Length", "Content-Encoding")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    until: float
    response: HttpResponse


class Warm:
    """The answers of the last second, the least recently used dropped first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Key, Kept] = OrderedDict()
        self.size = 0

    def find(self, key: Key) -> Kept | None:
        found = self.kept.get(key)
        if found and found.until <= time.monotonic():
            self.forget(key)
            return None
        if found:
            self.kept.move_to_end(key)
        return found

    def keep(self, key: Key, response: HttpResponse) -> None:
        seconds = min(KEPT_S, seconds_of(response))
        if response.status_code != 200 or seconds <= 0 or len(response.content) > LARGEST:
            return
        self.forget(key)
        self.kept[key] = Kept(time.monotonic() + seconds, response)
        self.size += len(response.content)
        while self.size > MOST_BYTES:
            self.forget(next(iter(self.kept)))

    def forget(self, key: Key) -> None:
        if found := self.kept.pop(key, None):
            self.size -= len(found.response.content)


class WarmMiddleware:
    """Stands below ProblemMiddleware, which gives each answer its id and its headers for every origin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.warm = Warm()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.get_response(request)
        if found := self.warm.find(key):
            return _again(request, found.response)
        response = self.get_response(request)
        self.warm.keep(key, response)
        return response


def key_of(request: HttpRequest) -> Key | None:
    """What the answer depends on; None for a request that is answered by itself."""
    said = request.META
    if request.method != "GET" or any(name in said for name in PERSONAL):
        return None
    return (said["PATH_INFO"], said.get("QUERY_STRING", ""), *(said.get(name, "") for name in VARYING))


def _again(request: HttpRequest, kept: HttpResponse) -> HttpResponse:
    etag = kept.headers.get("ETag", "").strip('"')
    is_held = etag and holds(request, etag)
    response: HttpResponse = HttpResponseNotModified() if is_held else HttpResponse(kept.content)
    for name, value in kept.items():
        if name not in (OF_CONTENT if is_held else PER_REQUEST):
            response.headers[name] = value
    return response
