"""Holds JSON-LD against schema.org's vocabulary: schema_org.json, extracted from the release that it names."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

BASE = "https://schema.org/"
OWN = "vetted:"
ADDRESS = re.compile(r"(https?://|urn:)\S+")


@cache
def vocabulary() -> dict[str, Any]:
    return json.loads((Path(__file__).parent / "schema_org.json").read_text())


def faults(document: dict[str, Any]) -> list[str]:
    """What schema.org does not define, or not so: types, properties, their domains and ranges. Own terms pass."""
    assert document["@context"][0] == BASE.removesuffix("/")
    return list(_of_node({key: value for key, value in document.items() if key != "@context"}, ""))


def supertypes(name: str) -> set[str]:
    """With itself."""
    return {name}.union(*(supertypes(above) for above in vocabulary()["types"].get(name, ())))


def _of_node(node: dict[str, Any], path: str) -> Iterator[str]:
    kind = node.get("@type")
    if kind not in vocabulary()["types"]:
        yield f"{path}: {kind} is no type"
        return
    for name, value in node.items():
        if not name.startswith(("@", OWN)):
            yield from _of_property(kind, name, value, f"{path}/{name}")


def _of_property(kind: str, name: str, value: Any, path: str) -> Iterator[str]:
    known = vocabulary()["properties"].get(name)
    if known is None:
        yield f"{path} is no property"
        return
    if not supertypes(kind) & set(known["domains"]):
        yield f"{path} is no property of {kind}"
    for item in value if isinstance(value, list) else [value]:
        if not any(_is_in(item, wanted) for wanted in known["ranges"]):
            yield f"{path}: {item!r} is not in {known['ranges']}"
        if isinstance(item, dict) and set(item) != {"@id"}:
            yield from _of_node(item, path)


def _is_in(value: Any, wanted: str) -> bool:
    match value:
        case {"@id": str(), **rest} if not rest:
            return wanted not in ("Text", "Date", "DateTime", "Boolean", "Number", "Integer")
        case {"@type": kind}:
            return wanted in supertypes(kind)
        case bool():
            return wanted == "Boolean"
        case int():
            return wanted in ("Integer", "Number")
        case str():
            return _is_text(value, wanted)
    return False


def _is_text(value: str, wanted: str) -> bool:
    members = vocabulary()["members"]
    enumerations = [name for name in members if value.removeprefix(BASE) in members[name] and value.startswith(BASE)]
    if enumerations:
        return any(wanted in supertypes(name) for name in enumerations)
    match wanted:
        case "Text":
            return True
        case "URL":
            return ADDRESS.fullmatch(value) is not None
        case "Date" | "DateTime":
            return _is_moment(value)
    return False


def _is_moment(value: str) -> bool:
    if re.fullmatch(r"\d{4}(-\d{2})?", value):
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
