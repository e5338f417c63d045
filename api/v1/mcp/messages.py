"""JSON-RPC 2.0, as the Model Context Protocol narrows it: one message, read, refused or answered. Pure.

Sources: https://www.jsonrpc.org/specification; MCP 2026-07-28, *Messages* and *Error Codes*. Batches, which 2025-06-18
removed from the protocol, are refused.
"""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

Json = dict[str, Any]
Id = str | int | None

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
HEADER_MISMATCH, UNSUPPORTED_VERSION = -32020, -32022
NOTIFICATION = "notifications/"
SHOWN = 80


class Refused(Exception):
    """A message that is not answered: the error of JSON-RPC that says why."""

    def __init__(self, code: int, message: str, *, data: Json | None = None) -> None:
        super().__init__(message)
        self.error: Json = {"code": code, "message": message} | ({"data": data} if data else {})

    @property
    def code(self) -> int:
        return self.error["code"]


@dataclass(frozen=True)
class Message:
    """A request, or a notification, which has no id."""

    method: str
    params: Json
    id: Id


def parse(body: bytes) -> Any:
    """The value that the body holds. Python reads half surrogate pairs and NaN, which no JSON for others can hold."""
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refused(PARSE_ERROR, "The body is not JSON in UTF-8 (RFC 8259), or it is nested too deeply.") from error
    return value


def id_of(value: Any) -> Id:
    """The id to answer to, as far as there is one."""
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def message_of(value: Any) -> Message:
    """Raises Refused for whatever is no request and no notification."""
    if isinstance(value, list):
        raise Refused(INVALID_REQUEST, "Send one message at a time: this protocol has no batches.")
    if not isinstance(value, dict) or value.get("jsonrpc") != "2.0":
        raise Refused(INVALID_REQUEST, 'A message is a JSON object with "jsonrpc": "2.0".')
    method, params = value.get("method"), value.get("params", {})
    if not isinstance(method, str):
        raise Refused(INVALID_REQUEST, "method must be a text. This server asks nothing, so it takes no responses.")
    if not isinstance(params, dict):
        raise Refused(INVALID_PARAMS, "params must be an object.")
    if "id" in value and id_of(value) is None:
        raise Refused(INVALID_REQUEST, "id must be a text or a whole number.")
    if "id" not in value and not method.startswith(NOTIFICATION):
        raise Refused(INVALID_REQUEST, "A request needs an id.")
    return Message(method, params, value.get("id"))


def result(number: Id, value: Json) -> Json:
    return {"jsonrpc": "2.0", "id": number, "result": value}


def error(number: Id, refused: Refused) -> Json:
    return {"jsonrpc": "2.0", "id": number, "error": refused.error}


def short(value: object) -> str:
    """What somebody sent, as a sentence about it may repeat it."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(value)[:SHOWN])


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
