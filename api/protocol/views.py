"""The base of every view: DRF's APIView without users, permissions, throttles and parsers."""

from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from api.protocol.problems import METHODS, Problem, handle_exception

JSON = ("*/*", "application/*", "application/json")
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match, X-Request-Id",
    "Access-Control-Max-Age": "86400",
}


class DeliveryView(APIView):
    """A read-only view, for everybody and every origin. `get` returns a finished HttpResponse."""

    media_types: tuple[str, ...] = JSON
    http_method_names = ["get", "head", "options"]

    def initialize_request(self, request: HttpRequest, *args, **kwargs):
        """Django's own request: there is no body to parse and nobody to authenticate."""
        return request

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: caching.py and the middleware set the headers."""
        return {}

    def initial(self, request, *args, **kwargs) -> None:
        require_acceptable(request, self.media_types)

    def finalize_response(self, request, response, *args, **kwargs):
        return response

    def get_exception_handler(self):
        """Ours in every process; the whole project's setting is for Wagtail's admin API."""
        return handle_exception

    def raise_uncaught_exception(self, exc: Exception):
        """Django logs it; ProblemMiddleware answers `internal`."""
        raise exc

    def options(self, request, *args, **kwargs):
        """What a browser asks before it sends a conditional request from another origin."""
        return HttpResponse(status=204, headers=PREFLIGHT)


def require_acceptable(request: HttpRequest, media_types: tuple[str, ...]) -> None:
    """406 when Accept rules all of `media_types` out (RFC 9110 §12.5.1); an empty tuple is never ruled out."""
    accept = request.META.get("HTTP_ACCEPT")
    if accept is None or accept in media_types or not media_types:
        return
    if not any(_allows(part, media_types) for part in accept.lower().split(",")):
        raise Problem("not-acceptable", f"This address serves {media_types[-1]}; accept that type.")


def _allows(part: str, media_types: tuple[str, ...]) -> bool:
    name, *given = (piece.strip() for piece in part.split(";"))
    weights = [piece.partition("=")[2].strip() for piece in given if piece.startswith("q=")]
    return (name in media_types or not name) and not any(weight.strip("0.") == "" for weight in weights)
