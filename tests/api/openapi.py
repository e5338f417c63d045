"""Answers against the OpenAPI document, by path template, method, status and content type (JSON Schema 2020-12).

In the mode `closed` an answer may hold only what is known today: our tests must notice a key that nobody described. In
the mode `open` the document is read as it was committed, as clients read it: new keys, kinds and values are borne.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SNAPSHOT = Path(__file__).resolve().parents[2] / "api/openapi.yaml"
TO_COME = ("OtherSection", "PortableOtherSection", "OtherMark", "OtherEntry")
OPEN = ("SignedPart", "SignedComponent")  # described only as far as every signed document goes

Mode = Literal["closed", "open"]


def require_documented(path: str, status: int, content_type: str, content: bytes, *, mode: Mode = "closed") -> None:
    """Fails when the operation at `path` does not answer so. What is no operation may only redirect or be missing."""
    operation = operation_at(path, mode)
    if operation is None:
        is_documentation = path in ("/api/v1/openapi.yaml", "/api/v1/docs/")
        is_nothing = status in (301, 404, 405)
        assert is_documentation or is_nothing or not path.startswith("/api/"), f"{path} is not documented"
        return
    assert str(status) in operation["responses"], f"{path} answers {status}, which is not documented"
    described = operation["responses"][str(status)].get("content")
    if described is None:
        assert content == b""
        return
    assert content_type in described, f"{path} answers {status} as {content_type}, which is not documented"
    require_valid(described[content_type]["schema"], content, is_json=content_type.endswith("json"), mode=mode)


def require_valid(schema: dict[str, Any], content: bytes, *, is_json: bool = True, mode: Mode = "closed") -> None:
    """What is not JSON is one text to the schema."""
    found = faults(schema, json.loads(content) if is_json else content.decode(), mode=mode)
    assert found == [], found


def faults(schema: dict[str, Any], value: Any, *, mode: Mode = "closed") -> list[str]:
    """What the schema has against the value: a place and a sentence each."""
    validator = Draft202012Validator(_absolute(schema), registry=_registry(mode), format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]


@cache
def operation_at(path: str, mode: Mode = "closed") -> dict[str, Any] | None:
    for template, operations in document(mode)["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operations.get("get")
    return None


@cache
def document(mode: Mode = "closed") -> dict[str, Any]:
    """The snapshot: as it was committed, or closed."""
    committed = yaml.load(SNAPSHOT.read_text(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    if mode == "open":
        return committed
    found = _closed(committed)
    for name, schema in found["components"]["schemas"].items():
        if "properties" in schema and name not in OPEN:
            schema["additionalProperties"] = False
    return found


def _closed(value: Any) -> Any:
    """Without the members of unions that stand for what is to come, and with the values of closed lists."""
    if isinstance(value, list):
        return [_closed(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = {key: _closed(item) for key, item in value.items()}
    if "x-extensible-enum" in value:
        value["enum"] = value.pop("x-extensible-enum")
    known = [row for row in value.get("anyOf", []) if str(row.get("$ref", "")).rpartition("/")[2] not in TO_COME]
    return value | {"anyOf": known} if known else value


@cache
def _registry(mode: Mode) -> Registry:
    return Registry().with_resource("urn:api", Resource(contents=document(mode), specification=DRAFT202012))


def _absolute(schema: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(schema).replace('"#/components', '"urn:api#/components'))
