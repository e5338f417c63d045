"""Which version of the Model Context Protocol a request speaks, and whether its headers say what its body says. Pure.

From 2026-07-28 on ("modern"), each request states its version in its body and in a header, and there is no handshake.
Before ("legacy"), `initialize` agrees on a version, and a header repeats it. Both are served, because each request is
answered by itself. A request without any version is taken for a legacy one: MCP 2025-11-25, *Protocol Version Header*.
Source: MCP 2026-07-28, *Streamable HTTP: Request Metadata* and *Server Validation*.
"""

import base64
from collections.abc import Mapping
from typing import Any

from api.v1.mcp.messages import HEADER_MISMATCH, INVALID_PARAMS, UNSUPPORTED_VERSION, Message, Refused, short

MODERN, LEGACY = ("2026-07-28",), ("2025-11-25", "2025-06-18")
ALL = (*MODERN, *LEGACY)
PREFIX = "io.modelcontextprotocol/"
VERSION, CAPABILITIES, SERVER = f"{PREFIX}protocolVersion", f"{PREFIX}clientCapabilities", f"{PREFIX}serverInfo"
VERSION_HEADER, METHOD_HEADER, NAME_HEADER = "MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"
ENCODED = "=?base64?", "?="


def is_modern(message: Message, headers: Mapping[str, str]) -> bool:
    """Raises Refused for a version that is not spoken here, and for headers that do not fit the body."""
    in_header, in_body = headers.get(VERSION_HEADER), _meta(message).get(VERSION)
    if in_body is not None and not isinstance(in_body, str):
        raise Refused(INVALID_PARAMS, f"_meta[{VERSION!r}] must be a text.")
    named = [version for version in (in_body, in_header) if version is not None]
    for version in named:
        if version not in ALL:
            data = {"supported": list(ALL), "requested": short(version)}
            raise Refused(UNSUPPORTED_VERSION, f"Unsupported protocol version: {short(version)}.", data=data)
    if not any(version in MODERN for version in named):
        return False
    _require_modern(message, headers)
    return True


def _require_modern(message: Message, headers: Mapping[str, str]) -> None:
    meta = _meta(message)
    if VERSION not in meta or not isinstance(meta.get(CAPABILITIES), dict):
        raise Refused(INVALID_PARAMS, f"params._meta must have {VERSION}, and {CAPABILITIES}, an object.")
    expected = {VERSION_HEADER: meta[VERSION], METHOD_HEADER: message.method}
    if message.method == "tools/call" and isinstance(message.params.get("name"), str):
        expected[NAME_HEADER] = message.params["name"]
    for name, value in expected.items():
        given = headers.get(name)
        if given is None:
            raise Refused(HEADER_MISMATCH, f"The header {name} is missing.")
        if (_decoded(given) if name == NAME_HEADER else given) != value:
            raise Refused(HEADER_MISMATCH, f"The header {name} says “{short(given)}”, the body “{short(value)}”.")


def _meta(message: Message) -> dict[str, Any]:
    found = message.params.get("_meta")
    return found if isinstance(found, dict) else {}


def _decoded(value: str) -> str | None:
    """A header's value; one that plain ASCII cannot hold is in Base64. None if it is not."""
    start, end = ENCODED
    if not (value.startswith(start) and value.endswith(end)):
        return value
    try:
        return base64.b64decode(value.removeprefix(start).removesuffix(end), validate=True).decode()
    except ValueError:
        return None
