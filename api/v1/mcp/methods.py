"""The methods of the Model Context Protocol that are answered: who we are, which tools there are, and their calls.

There are no resources, prompts, logs or subscriptions, and the capabilities name none.
"""

from collections.abc import Callable
from typing import Any

from api.v1.mcp import check_quote, find_passages, get_article
from api.v1.mcp.messages import INVALID_PARAMS, METHOD_NOT_FOUND, Json, Message, Refused, short
from api.v1.mcp.tool import called
from api.v1.mcp.versions import LEGACY, MODERN, SERVER

TOOLS = {tool.name: tool for tool in (find_passages.TOOL, get_article.TOOL, check_quote.TOOL)}
INFO = {"name": "vetted", "title": "Vetted: medical articles that clinicians reviewed", "version": "1"}
CAPABILITIES: Json = {"tools": {}}
INSTRUCTIONS = (
    "Medical articles, exactly as clinicians reviewed and signed them. Whatever you show of one, show with it: every "
    "notice; who reviewed it, the days of the last and the next review, and the status if it is overdue or emergency; "
    "who paid (sponsorship); the references that it cites, with their status if they were retracted or questioned; the "
    "disclaimers; and the link web_url. Quote word for word and check it with check_quote; words that are yours must "
    "not look like the article's. That nothing is found here says nothing about what is true. Keep no copies: an "
    "article may be withdrawn at any time."
)
CACHED = {"ttlMs": 300_000, "cacheScope": "public"}  # Source: MCP 2026-07-28, *Caching*


def answer(message: Message, *, is_modern: bool) -> Json:
    """The result. Raises Refused."""
    known = OF_MODERN if is_modern else OF_LEGACY
    if message.method not in known:
        raise Refused(METHOD_NOT_FOUND, f"There is no method “{short(message.method)}”. Methods: {', '.join(known)}.")
    found = known[message.method](message.params)
    if not is_modern:
        return {key: value for key, value in found.items() if key not in CACHED}
    return {"resultType": "complete"} | found | {"_meta": {SERVER: INFO}}


def _initialize(params: Json) -> Json:
    asked = params.get("protocolVersion")
    if not isinstance(asked, str):
        raise Refused(INVALID_PARAMS, "protocolVersion must be a text, for example 2025-11-25.")
    agreed = asked if asked in LEGACY else LEGACY[0]
    return {
        "protocolVersion": agreed,
        "capabilities": CAPABILITIES,
        "serverInfo": INFO,
        "instructions": INSTRUCTIONS,
    }


def _discover(params: Json) -> Json:
    """Only versions that need no handshake."""
    said: Json = {"supportedVersions": list(MODERN), "capabilities": CAPABILITIES, "instructions": INSTRUCTIONS}
    return said | CACHED


def _ping(params: Json) -> Json:
    return {}


def _list(params: Json) -> Json:
    if params.get("cursor") is not None:
        raise Refused(INVALID_PARAMS, "The list of tools has one page: leave out cursor.")
    return {"tools": [tool.described() for tool in TOOLS.values()]} | CACHED


def _call(params: Json) -> Json:
    name, arguments = params.get("name"), params.get("arguments")
    if not isinstance(name, str):
        raise Refused(INVALID_PARAMS, "name must be a text: the name of the tool.")
    if name not in TOOLS:
        raise Refused(INVALID_PARAMS, f"Unknown tool: {short(name)}. Tools: {', '.join(TOOLS)}.")
    if not isinstance(arguments, dict | None):
        raise Refused(INVALID_PARAMS, "arguments must be an object.")
    return called(TOOLS[name], arguments or {})


Methods = dict[str, Callable[[Json], dict[str, Any]]]
TOOL_METHODS: Methods = {"tools/list": _list, "tools/call": _call}
OF_LEGACY: Methods = {"initialize": _initialize, "ping": _ping} | TOOL_METHODS
OF_MODERN: Methods = {"server/discover": _discover} | TOOL_METHODS
