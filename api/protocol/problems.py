"""The API's errors: problems, as classes to raise and as bytes. Source: RFC 9457.

Views raise them; DRF's exception handler and ProblemMiddleware turn them into `application/problem+json`.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from rest_framework.exceptions import MethodNotAllowed as NotAllowed

from api.protocol import patience
from api.protocol.caching import MISSING, MISSING_S, NOT_STORED, Caching, set_caching
from articles.errors import DomainError, NotRecomposed

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
METHODS = "GET, HEAD, OPTIONS"
NOWHERE = "This address does not exist."
WHERE_TO_BEGIN = f"{NOWHERE} The list of articles is at /api/v1/articles/."

# code: (status, title). `type` on the wire is /problems/{code}; codes are added, never changed.
KNOWN = {
    "not-found": (404, "Nothing was found."),
    "withdrawn": (410, "The content is not available."),
    "erased": (410, "The content was erased."),
    "not-a-parameter": (400, "A parameter is unknown."),
    "invalid-parameter": (400, "A parameter is not valid."),
    "invalid-cursor": (400, "The cursor is not valid."),
    "cursor-expired": (410, "The cursor has expired."),
    "not-acceptable": (406, "No acceptable format is available."),
    "method-not-allowed": (405, "The method is not allowed."),
    "unauthenticated": (401, "The API key does not work."),
    "forbidden": (403, "This is not allowed."),
    "too-large": (413, "The request is too large."),
    "rate-limited": (429, "Too many requests."),
    "unavailable": (503, "The service is not available."),
    "internal": (500, "An internal error occurred."),
}


class Problem(DomainError):
    """An anticipated failure of a request. `errors`: [{parameter, code, detail}]; `more`: members of its own."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: list[dict[str, str]] | None = None,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        caching: Caching = NOT_STORED,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.status, self.title = KNOWN[code]
        self.errors, self.more, self.headers = errors or [], dict(more or {}), dict(headers or {})
        self.caching = caching


class NotFound(Problem):
    """Cacheable for seconds, so that a wrong address that many ask for costs little."""

    def __init__(self, detail: str, *, more: Mapping[str, Any] | None = None) -> None:
        super().__init__(
            "not-found", detail, more=more, caching=Caching(max_age_s=MISSING_S, surrogate_keys=(MISSING,))
        )


class InvalidParameter(Problem):
    """A parameter whose value cannot be used; `reason` is a code for programs (max_value, encoding, …)."""

    def __init__(self, parameter: str, reason: str, detail: str, *, code: str = "invalid-parameter") -> None:
        super().__init__(code, detail, errors=[{"parameter": parameter, "code": reason, "detail": detail}])


class MethodNotAllowed(Problem):
    def __init__(self) -> None:
        super().__init__("method-not-allowed", f"Use {METHODS}; this API is read-only.", headers={"Allow": METHODS})


class Unavailable(Problem):
    def __init__(self, detail: str = "The database is not responding; try again in a moment.") -> None:
        super().__init__("unavailable", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def handle_exception(exception: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's hook. None for an unanticipated exception: Django logs it, and the middleware answers `internal`."""
    problem = problem_of(exception)
    return answer(context["request"], problem) if problem else None


def problem_of(exception: Exception) -> Problem | None:
    match exception:
        case Problem():
            return exception
        case NotAllowed():
            return MethodNotAllowed()
        case Http404():
            return NotFound(NOWHERE)
        case NotRecomposed():
            return Unavailable(exception.detail)
        case OperationalError() | InterfaceError():
            if str(exception) != patience.LEFT_ALONE:  # that was logged once, by patience
                logger.error("The database is not responding.", exc_info=exception)
            return Unavailable()
    return None


def problem_for_status(status: int) -> Problem:
    """The problem for a failure that Django answered itself, before or after any view."""
    details = {
        400: ("invalid-parameter", "The request could not be understood: its host or format is not served here."),
        403: ("forbidden", "This request is not allowed."),
        404: ("not-found", WHERE_TO_BEGIN),
        429: ("rate-limited", "Wait a moment before the next request."),
        503: ("unavailable", "Try again in a moment."),
    }
    if status == 405:
        return MethodNotAllowed()
    unknown = details[400] if status < 500 else ("internal", "The error was logged with the request ID.")
    return Problem(*details.get(status, unknown))


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    body = {
        "type": f"/problems/{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        "instance": escape_uri_path(request.path),
        "request_id": getattr(request, "request_id", ""),
        "errors": problem.errors,
    }
    headers = problem.headers | {"Content-Type": CONTENT_TYPE}
    response = HttpResponse(json.dumps(body | problem.more), status=problem.status, headers=headers)
    set_caching(response, problem.caching)
    return response
