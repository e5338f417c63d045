"""The outermost layer of delivery: every failure is a problem, every answer has an id and safe headers.

Other paths (the admin, the reader) pass untouched.
"""

import logging
import os
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from api.protocol import patience, problems

logger = logging.getLogger(__name__)

OURS = ("/api/", "/healthz", "/readyz", "/editions/", "/.well-known/vetted.json")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
EXPOSED = (
    "Content-Language, ETag, Last-Modified, Location, RateLimit, RateLimit-Policy, Repr-Digest, Retry-After, "
    "WWW-Authenticate, X-Request-Id"
)
MOST_HOSTS = 100  # remembered as allowed
CONTENT_SECURITY = "default-src 'none'; frame-ancestors 'none'"


class ProblemMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_ours(request):
            return self.get_response(request)
        request.request_id = request_id(request)  # type: ignore[attr-defined]
        with patience.limit:
            response = self.get_response(request)
        if response.status_code >= 400 and not is_explained(response):
            response = self.answer_for(request, response.status_code)
        _set_headers(response, request.request_id)  # type: ignore[attr-defined]
        return response

    def answer_for(self, request: HttpRequest, status: int) -> HttpResponse:
        """Django's own failures. The log names the request as the problem does."""
        if status >= 500:
            logger.error("Request %s, %s: %s", request.request_id, request.path, status)  # type: ignore[attr-defined]
        return problems.answer(request, problems.problem_for_status(status))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        problem = problems.problem_of(exception) if is_ours(request) else None
        return problems.answer(request, problem) if problem else None


class HostMiddleware:
    """Answers for ALLOWED_HOSTS only; for the delivery process, which runs without CommonMiddleware.

    DisallowedHost becomes a 400 by Django, and that a problem.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.known: set[str] = set()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.META.get("HTTP_HOST", "")
        if host not in self.known:
            request.get_host()
            if len(self.known) < MOST_HOSTS:
                self.known.add(host)
        return self.get_response(request)


def is_ours(request: HttpRequest) -> bool:
    return request.path_info.startswith(OURS) or request.path_info == "/api"


def is_explained(response: HttpResponse) -> bool:
    """A problem, or an error of JSON-RPC (api/v1/mcp), which says in its own way what failed."""
    return response.headers.get("Content-Type") == problems.CONTENT_TYPE or getattr(response, "is_explained", False)


def request_id(request: HttpRequest) -> str:
    """The client's own, where it is a plain word; else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if given and GIVEN_ID.fullmatch(given) else os.urandom(16).hex()


def _set_headers(response: HttpResponse, number: str) -> None:
    headers = response.headers
    if response.status_code in (204, 304):
        del headers["Content-Length"]  # zero would be wrong: RFC 9110 §8.6
    else:
        headers["Content-Length"] = str(len(response.content))
    headers["X-Request-Id"] = number
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
