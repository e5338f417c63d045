"""`Prefer: vetted=tomorrow`: an answer as a later version may give it, with a key, a kind and a value that are new.

A client that survives it survives an update of ours. Only where fixtures are served. Source: RFC 7240 (Prefer).
"""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Json = dict[str, Any]
UNKNOWN = "from-tomorrow"
KEY = "x_from_tomorrow"
# Closed lists of today: each may get a value that is new.
VALUES = ("article_type", "audience", "status", "certainty", "frequency", "level", "aspect", "purpose", "design")
SECTION = {
    "id": UNKNOWN,
    "kind": UNKNOWN,
    "importance": "must-show",
    "heading": "A kind of section from tomorrow",
    "text": "",
    "html": f'<section class="section section-{UNKNOWN}" id="section-{UNKNOWN}"><h2>From tomorrow</h2></section>',
    "items": [{"name": "something new"}],
}
NOTICE = {"kind": UNKNOWN, "since": "2026-11-23", "text": "A kind of notice from tomorrow.", "lang": "en"}


def is_wanted(request: HttpRequest) -> bool:
    if not settings.FIXTURES or "HTTP_PREFER" not in request.META:
        return False
    given = request.META["HTTP_PREFER"].lower().replace(" ", "").replace('"', "")
    return "vetted=tomorrow" in given.split(",")


def from_tomorrow(content: bytes) -> bytes:
    """The JSON with what a later version may add; other content as it is."""
    try:
        value = json.loads(content)
    except ValueError:
        return content
    return json.dumps(_grown(value), ensure_ascii=False).encode()


def _grown(value: Any, name: str = "") -> Any:
    """JSON-LD's contexts and value objects stay: a key there would declare something, or be an error."""
    if name == "@context" or (isinstance(value, dict) and "@value" in value):
        return value
    if isinstance(value, list):
        grown = [_grown(item) for item in value]
        return grown + _more(name, value)
    if not isinstance(value, dict):
        return UNKNOWN if name in VALUES and isinstance(value, str) else value
    return {key: _grown(item, key) for key, item in value.items()} | {KEY: {"note": "ignore me", "numbers": [1, 2]}}


def _more(name: str, rows: list[Any]) -> list[Json]:
    """A new kind at the end of a list of sections or notices."""
    if name == "sections" and rows and "html" in rows[0]:
        is_portable = isinstance(rows[0]["text"], list)
        return [SECTION | ({"text": []} if is_portable else {})]
    return [NOTICE] if name == "notices" else []
