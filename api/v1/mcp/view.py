"""`mcp/`: articles for assistants, by the Model Context Protocol, with which nothing can be written.

Streamable HTTP without sessions and streams: each POST holds one message of JSON-RPC, and is answered by itself. What
fails before there is a message is a problem, as everywhere; what is wrong with a message is an error of JSON-RPC.

`Origin`: everybody may ask from every web site, as everywhere in this API; there are no cookies, and nothing here is
private. What is no origin is refused. DNS rebinding ends at `Host`: only ALLOWED_HOSTS are answered.
Source: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from drf_spectacular.utils import extend_schema

from api.protocol.caching import NOT_STORED, set_caching
from api.protocol.parameters import read
from api.protocol.problems import Problem
from api.protocol.views import ASKED, JSON, PREFLIGHT, DeliveryView, require_acceptable
from api.v1.mcp import messages, methods, versions
from api.v1.mcp.documented import REQUEST, RESPONSES
from articles.record.delivery.compose import encode

MOST_BYTES = 64 * 1024
METHODS = "POST, OPTIONS"
ORIGIN = re.compile(r"null|[a-z][a-z0-9+.-]*://[^/?#@\s]+", re.ASCII | re.IGNORECASE)
HEADERS = ("Content-Type", versions.VERSION_HEADER, versions.METHOD_HEADER, versions.NAME_HEADER)


class Mcp(DeliveryView):
    http_method_names = ["post", "options"]
    media_types = ()  # a client that opens a stream must hear 405, not 406

    @extend_schema(
        operation_id="mcp",
        summary="Model Context Protocol: articles for assistants",
        request=REQUEST,
        responses=RESPONSES,
    )
    def post(self, request: HttpRequest) -> HttpResponse:
        """One message of JSON-RPC 2.0: `server/discover` or `initialize`, `tools/list`, `tools/call`. The tools find
        passages, get an article, and check whether a quotation is verbatim; each says what must be shown with it.
        Nothing can be written. See *For assistants (MCP)* in docs/json.md."""
        read(request, ())
        require_acceptable(request, JSON)
        _require_origin(request)
        number: messages.Id = None
        try:
            value = messages.parse(_body(request))
            number = messages.id_of(value)
            message = messages.message_of(value)
            if message.id is None:
                return _answer(None, status=202)
            is_modern = versions.is_modern(message, request.headers)
        except messages.Refused as refused:
            return _answer(messages.error(number, refused), status=400)
        try:
            return _answer(messages.result(number, methods.answer(message, is_modern=is_modern)))
        except messages.Refused as refused:
            return _answer(messages.error(number, refused), status=_status(refused, is_modern=is_modern))

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs):
        detail = "Send messages by POST. This server opens no stream and keeps no session."
        raise Problem("method-not-allowed", detail, headers={"Allow": METHODS})

    def options(self, request: HttpRequest, *args, **kwargs):
        allowed = {"Access-Control-Allow-Headers": ", ".join((*ASKED, *HEADERS))}
        return HttpResponse(
            status=204, headers=PREFLIGHT | allowed | {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS}
        )


def _status(refused: messages.Refused, *, is_modern: bool) -> int:
    """Legacy clients take every other status than 200 for a failure of the transport."""
    if not is_modern:
        return 200
    return 404 if refused.code == messages.METHOD_NOT_FOUND else 400


def _require_origin(request: HttpRequest) -> None:
    if not ORIGIN.fullmatch(request.META.get("HTTP_ORIGIN", "null")):
        raise Problem("forbidden", "The header Origin is not an origin (RFC 6454 §6.2).")


def _body(request: HttpRequest) -> bytes:
    """At most MOST_BYTES, whatever Content-Length says."""
    stated = request.META.get("CONTENT_LENGTH") or ""
    is_over = stated.isdecimal() and (len(stated) > 9 or int(stated) > MOST_BYTES)
    try:
        body = b"" if is_over else request.read(MOST_BYTES + 1)
    except UnreadablePostError as error:
        raise messages.Refused(messages.PARSE_ERROR, "The body could not be read to its end.") from error
    if is_over or len(body) > MOST_BYTES:
        raise Problem("too-large", f"A message has at most {MOST_BYTES} bytes.")
    return body


def _answer(value: messages.Json | None, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(encode(value) if value else b"", status=status, content_type="application/json")
    if not value:
        del response.headers["Content-Type"]
    response.is_explained = True  # type: ignore[attr-defined]  # ProblemMiddleware: a failure says here why
    set_caching(response, NOT_STORED)
    return response
