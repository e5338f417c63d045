"""Documents as they are signed, of an article with every kind of section; and what can be done to them."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from articles.authoring.models import ArticlePage
from articles.record.canonical import canonical_bytes
from articles.review.opening import load
from tests.factories import citation, edit, make_disclaimer, make_offer, make_source, make_user
from tests.gate.marked import make_marked

Path = tuple[str | int, ...]


def make_documents() -> dict[str, dict[str, Any]]:
    """{"medical", "presentation", "offer", "disclaimer"}, in canonical form. Asks for a database."""
    author = make_user("documents-author", "Authors")
    page = make_marked(by=author)
    body = json.loads(json.dumps(list(page.body.raw_data), default=str))
    second = make_source(title="Another study of scalps", authors="Roe, Richard", container_title="Scalp Letters")
    for section in body:
        _enrich(section, second)
    page = edit(ArticlePage.objects.get(pk=page.pk), by=author, body=body)
    made = dict(load(page).documents)
    made |= load(make_offer(by=author)).documents | load(make_disclaimer(by=author)).documents
    return {part: json.loads(canonical_bytes(document.value)) for part, document in made.items()}


def _enrich(section: dict, second) -> None:
    """Links, raised letters, a second source and further items, so that there is something to change."""
    value = section["value"]
    cited = f'<a linktype="citation" sources="{second.pk}" support="indirect" locator="table 2">[1]</a>'
    match section["type"]:
        case "prose":
            value["text"] = (
                f'<h3>About doses</h3><p>A dose of 10<sup>2</sup> units {cited}, see <a href="https://example.org/a">'
                "this page</a>.</p><ul><li>It is <b>not</b> for children.</li><li>Creams, gels and oils.</li></ul>"
            )
        case "risks":
            effect = {"name": "Mouth ulcers", "frequency": "rare", "severity": "severe", "route": "oral"}
            value["effects"].append({"type": "item", "id": "e2", "value": effect | {"citations": []}})
            cited_item = {
                "type": "item",
                "id": "c1",
                "value": citation(second, locator="p. 3", quote="Some had ulcers."),
            }
            value["effects"][-1]["value"]["citations"] = [cited_item]


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where strings, numbers, booleans and nulls stand."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, (*path, at))
    else:
        yield path


def lists(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where lists stand that hold something."""
    if isinstance(value, list) and value:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from lists(item, (*path, key))


def at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: Path, item: Any) -> Any:
    """A copy with another item there."""
    made = copy.deepcopy(value)
    at(made, path[:-1])[path[-1]] = item
    return made


def renumbered(document: dict[str, Any], order: list[int]) -> dict[str, Any]:
    """A copy whose references stand in this order of indexes, cited by their new numbers."""
    new = {old + 1: place + 1 for place, old in enumerate(order)}
    made = _numbers(copy.deepcopy(document), new)
    made["references"] = [made["references"][old] | {"number": place + 1} for place, old in enumerate(order)]
    return made


def _numbers(value: Any, new: dict[int, int]) -> Any:
    if isinstance(value, list):
        return [_numbers(item, new) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("_type") == "block":
        value = value | {"children": [_stand_in(span, value["markDefs"], new) for span in value["children"]]}
    made = {key: _numbers(item, new) for key, item in value.items()}
    if isinstance(value.get("reference"), int):
        made["reference"] = new[value["reference"]]
    if value.get("references") and all(isinstance(number, int) for number in value["references"]):
        numbers = [new[number] for number in value["references"]]
        made["references"] = sorted(numbers)
    return made


def _stand_in(span: dict, definitions: list[dict], new: dict[int, int]) -> dict:
    cited = [made for made in definitions if made["_key"] in span["marks"] and made["_type"] == "citation"]
    if not cited:
        return span
    return span | {"text": f"[{', '.join(str(new[row['reference']]) for row in cited[0]['citations'])}]"}
