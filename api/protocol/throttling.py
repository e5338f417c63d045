"""How much one client may ask: so many requests a minute for a key, fewer for an address without one.

What is over the limit is refused before any view. Only refusals name the limit: all other answers may be kept by caches
and given to others. Source of the headers: draft-ietf-httpapi-ratelimit-headers-11.
"""

import time
from collections.abc import Callable
from math import ceil

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import BaseThrottle

from api.protocol import auth, problems, shared
from api.protocol.problems import Problem
from articles.addresses import address_of

LIMITED = "/api/"  # not pictures, which pages show by the dozen, and not /healthz and /readyz
WINDOW_S = 60


class RateLimited(Problem):
    def __init__(self, *, limit: int, name: str, wait_s: int) -> None:
        who = "for one key" if name == "key" else "without a key"
        headers = {
            "Retry-After": str(wait_s),
            "RateLimit-Policy": f'"{name}";q={limit};w={WINDOW_S}',
            "RateLimit": f'"{name}";r=0;t={wait_s}',
        }
        detail = f"Wait for {wait_s} seconds: {limit} requests a minute are answered {who}."
        super().__init__("rate-limited", detail, headers=headers)


class RateThrottle(BaseThrottle):
    """Counts by key, or by address where no working key is given: guesses at keys count too. Minutes of the clock."""

    name, limit, ends_at = "", 0, 0.0

    def allow_request(self, request, view=None) -> bool:
        key = auth.working_key_of(request)
        self.name, self.limit = ("key", settings.RATE_KEY) if key else ("address", settings.RATE_ANONYMOUS)
        if not self.limit:
            return True
        minute = int(time.time() // WINDOW_S)
        self.ends_at = (minute + 1) * WINDOW_S
        who = key.prefix if key else address_of(request)
        number = shared.count(f"rate:{self.name}:{who}:{minute}", seconds=2 * WINDOW_S)
        return number is None or number <= self.limit

    def wait(self) -> int:
        """Seconds until the next minute begins; at least one."""
        return max(1, ceil(self.ends_at - time.time()))


def is_preflight(request: HttpRequest) -> bool:
    """What a browser asks before a script's request: if that were refused, the script would not see why. It carries no
    key, so that nobody can guess keys by it."""
    return request.method == "OPTIONS" and not any(name in request.META for name in auth.HEADERS)


class RateLimitMiddleware:
    """Stands below ProblemMiddleware, and above all that answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(LIMITED) or is_preflight(request):
            return self.get_response(request)
        throttle = RateThrottle()
        if throttle.allow_request(request):
            return self.get_response(request)
        refused = RateLimited(limit=throttle.limit, name=throttle.name, wait_s=throttle.wait())
        return problems.answer(request, refused)
