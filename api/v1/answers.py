"""What the documentation of operations shares: path parameters, headers, the problems of each kind of route."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from api.protocol import problems
from api.v1.schemas.problem import GONE, NotFoundProblemSerializer, ProblemSerializer
from articles.record.vocabulary import SectionKind

Responses = dict[Any, Any]


def _path(name: str, schema: dict[str, Any], help: str) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.PATH, required=True, description=help)


PATH_NAME = _path("name", {"type": "string", "maxLength": 255}, "The article's id, or its slug.")
PATH_KIND = _path("kind", {"type": "string", "enum": SectionKind.values}, "The kind of section.")
PATH_NUMBER = _path("number", {"type": "integer", "minimum": 1}, "The edition's number.")
PATH_PART = _path("part", {"type": "string", "enum": ["medical", "presentation"]}, "The part of the article.")
PATH_PERSON = _path("person", {"type": "string", "format": "uuid"}, "The person's id.")
PATH_EVENT = _path("event", {"type": "integer", "minimum": 1}, "The event's number.")
PATH_SOURCE = _path("source", {"type": "string", "format": "uuid"}, "The source's id.")
PATH_FIXTURE = _path("fixture", {"type": "string", "maxLength": 64}, "The fixture's name.")
PATH_COMPONENT = _path("component", {"type": "string", "format": "uuid"}, "The component's id.")


def _header(name: str, help: str, **options: Any) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=help, **options)


CACHED = [
    _header("If-None-Match", "The ETag of your copy; the answer is 304 if it is still current."),
    _header("If-Modified-Since", "Used only without If-None-Match, and only if Last-Modified was sent."),
    _header("ETag", "Identifies exactly these bytes.", response=[200, 304]),
    _header("Cache-Control", "Ends before the clock next changes the answer.", response=[200, 304]),
    _header("X-Request-Id", "Quote it when you ask for help.", response=True),
]
DIGESTS = [_header("Repr-Digest", "SHA-256 of the bytes (RFC 9530).", response=[200])]


def _problem(*codes: str, serializer: Any = ProblemSerializer, more: str = "") -> OpenApiResponse:
    said = [f"`/problems/{code}`: {problems.KNOWN[code][1]}" for code in codes]
    return OpenApiResponse(serializer, description=" ".join([*said, more]).strip())


def _known(**by_status: OpenApiResponse) -> Responses:
    return {(int(status[1:]), problems.CONTENT_TYPE): shown for status, shown in by_status.items()}


NOT_MODIFIED: Responses = {304: OpenApiResponse(description="Your copy is still current.")}
MOVED: Responses = {301: OpenApiResponse(description="The slug is an old one; `Location` gives the current address.")}
PLAIN_PROBLEMS = NOT_MODIFIED | _known(
    _400=_problem("not-a-parameter", "invalid-parameter"),
    _401=_problem("unauthenticated", more="A key was sent that does not work."),
    _405=_problem("method-not-allowed"),
    _406=_problem("not-acceptable"),
    _429=_problem("rate-limited", more="`Retry-After` says when to ask again."),
    _500=_problem("internal"),
    _503=_problem("unavailable", more="`Retry-After` says when to try again."),
)
LIST_PROBLEMS = PLAIN_PROBLEMS | _known(_400=_problem("not-a-parameter", "invalid-parameter", "invalid-cursor"))
RESOURCE_PROBLEMS = PLAIN_PROBLEMS | _known(_404=_problem("not-found"))
FIXTURE_PROBLEMS = RESOURCE_PROBLEMS | _known(_410=_problem("withdrawn", serializer=GONE))
FEED_PROBLEMS = LIST_PROBLEMS | _known(
    _410=_problem("cursor-expired", more="Start again without a cursor, and replace your whole copy.")
)
STATE_PROBLEMS = MOVED | PLAIN_PROBLEMS | _known(_404=_problem("not-found", serializer=NotFoundProblemSerializer))
ARTICLE_PROBLEMS = STATE_PROBLEMS | _known(
    _410=_problem("withdrawn", "erased", serializer=GONE, more="Remove your copy.")
)
COMPONENT_PROBLEMS = PLAIN_PROBLEMS | _known(
    _404=_problem("not-found"),
    _410=_problem("withdrawn", "erased", serializer=GONE, more="Remove your copy."),
)
