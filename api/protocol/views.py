"""The base of every view: DRF's APIView without users, permissions and parsers; keys are read by auth.py."""

import re
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from api.protocol import auth
from api.protocol.problems import METHODS, Problem, handle_exception

JSON = ("*/*", "application/*", "application/json")
# What browsers, tracing (W3C Trace Context, Sentry) and our clients send beside the headers that need no permission.
ASKED = (
    *("Accept", "Accept-Language", "Authorization", "Cache-Control", "If-Modified-Since", "If-None-Match", "Pragma"),
    *("Prefer", "Range", "X-Api-Key", "X-Request-Id", "X-Requested-With"),
    *("traceparent", "tracestate", "baggage", "sentry-trace"),
)
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": ", ".join(ASKED),
    "Access-Control-Max-Age": "86400",
}


class DeliveryView(APIView):
    """A read-only view, for everybody and every origin. `get` returns a finished HttpResponse."""

    media_types: tuple[str, ...] = JSON
    takes_keys = True
    api_key: auth.Key | None = None
    http_method_names = ["get", "head", "options"]

    def initialize_request(self, request: HttpRequest, *args, **kwargs):
        """Django's own request: there is no body to parse and no user to find."""
        return request

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: caching.py and the middleware set the headers."""
        return {}

    def initial(self, request, *args, **kwargs) -> None:
        """Keys come first: whoever sends one that does not work learns nothing else."""
        if self.takes_keys:
            self.api_key = auth.key_of(request)
        require_acceptable(request, self.media_types)

    def finalize_response(self, request, response, *args, **kwargs):
        return response

    def get_exception_handler(self):
        """Ours in every process; the whole project's setting is for Wagtail's admin API."""
        return handle_exception

    def raise_uncaught_exception(self, exc: Exception):
        """Django logs it; ProblemMiddleware answers `internal`."""
        raise exc

    def head(self, request, *args, **kwargs):
        """The server leaves the body out. Django would give each view a `head` that refers to the view: a circle that
        only the garbage collector ends, and until then the whole answer stays in memory."""
        return self.get(request, *args, **kwargs)  # type: ignore[attr-defined]

    def options(self, request, *args, **kwargs):
        """What a browser asks before it sends a conditional request from another origin."""
        return HttpResponse(status=204, headers=PREFLIGHT)


def require_acceptable(request: HttpRequest, media_types: tuple[str, ...]) -> None:
    """406 when Accept rules all of `media_types` out; an empty tuple is never ruled out."""
    accept = request.META.get("HTTP_ACCEPT")
    if accept is None or accept in media_types or not media_types:
        return
    preferred(request, tuple(name for name in media_types if "*" not in name))


def preferred(request: HttpRequest, media_types: tuple[str, ...]) -> str:
    """The one of these types that the client likes best: by weight, then what Accept names rather than matches with
    `*`, then our own order. 406 if it wants none of them. Source: RFC 9110 §12.5.1."""
    best = _best(request.META.get("HTTP_ACCEPT", ""), media_types)
    if best is None:
        those = "one of them" if len(media_types) > 1 else "that type"
        raise Problem("not-acceptable", f"This address serves {' and '.join(media_types)}; accept {those}.")
    return best


@lru_cache(maxsize=256)
def _best(accept: str, media_types: tuple[str, ...]) -> str | None:
    ranges = [_range(part) for part in accept.lower().split(",")]
    given = dict(ranges) if any(name for name, _ in ranges) else {"*/*": 1.0}
    found = {name: _liking(name, given) for name in media_types}
    best = max(media_types, key=lambda name: found[name])
    return best if found[best][0] else None


def _liking(name: str, given: dict[str, float]) -> tuple[float, int]:
    """(weight, how exactly Accept names it): the most exact range counts."""
    ranges = (name, f"{name.partition('/')[0]}/*", "*/*")
    return next(((given[each], -at) for at, each in enumerate(ranges) if each in given), (0.0, 0))


def _range(part: str) -> tuple[str, float]:
    """A media range without its parameters, and its weight; one that is no number counts as 1."""
    name, *given = (piece.strip() for piece in part.split(";"))
    weight = next((piece[2:].strip() for piece in given if piece.startswith("q=")), "1")
    return name, float(weight) if re.fullmatch(r"[01](\.[0-9]{0,3})?|\.[0-9]{1,3}", weight) else 1.0
