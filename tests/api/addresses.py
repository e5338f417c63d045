"""One address for each operation that reads, filled with what an article has, so that no test forgets a route."""

from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from articles.record.tree import growth
from tests.api.openapi import document

V1 = "/api/v1/"
QUERIES = {
    "resolve": {"path": "/blog/hair-loss/"},
    "passages": {"kind": "risks"},
    "ledger_consistency": {"from": 1},
    "infobutton": {
        "mainSearchCriteria.v.c": "L65.9",
        "mainSearchCriteria.v.cs": "icd-10-cm",
        "knowledgeResponseType": "application/json",
    },
}


def operations() -> dict[str, str]:
    """{operation: template} of all that read."""
    paths = document()["paths"].items()
    return {methods["get"]["operationId"]: template for template, methods in paths if "get" in methods}


def addresses(get_json: Any, slug: str) -> dict[str, str]:
    """{operation: address below /api/v1/}. The article has a component, a reference and a reviewer."""
    growth.grow(now=timezone.now())
    article = get_json(f"articles/{slug}/?rich_text=portable")
    given = {
        "name": slug,
        "number": 1,
        "event": 1,
        "part": "medical",
        "kind": "risks",
        "fixture": "current",
        "component": article["components"][0]["id"],
        "source": article["content"]["references"][0]["source_id"],
        "person": article["review"]["reviewed_by"][0]["id"],
    }
    return {name: _filled(name, template.format(**given)) for name, template in operations().items()}


def in_form(operation: str, path: str, form: str) -> str:
    """The address with `rich_text`, where that is a parameter."""
    taken = document()["paths"][operations()[operation]]["get"]["parameters"]
    if "rich_text" not in {row["name"] for row in taken}:
        return path
    return f"{path}{'&' if '?' in path else '?'}rich_text={form}"


def _filled(name: str, path: str) -> str:
    query = QUERIES.get(name)
    return path.removeprefix(V1) + (f"?{urlencode(query)}" if query else "")
