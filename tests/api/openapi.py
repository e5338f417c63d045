"""Answers against the OpenAPI document, by path template, method, status and content type (JSON Schema 2020-12)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

SNAPSHOT = Path(__file__).resolve().parents[2] / "api/openapi.yaml"
TO_COME = ("OtherSection", "PortableOtherSection", "OtherMark", "OtherEntry")
OPEN = ("SignedPart", "SignedComponent")  # described only as far as every signed document goes


def require_documented(path: str, status: int, content_type: str, content: bytes) -> None:
    """Fails when the operation at `path` does not answer so. What is no operation may only redirect or be missing."""
    operation = operation_at(path)
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
    require_valid(described[content_type]["schema"], content, is_json=content_type.endswith("json"))


def require_valid(schema: dict[str, Any], content: bytes, *, is_json: bool = True) -> None:
    """What is not JSON is one text to the schema."""
    validator = Draft202012Validator(_absolute(schema), registry=_registry(), format_checker=FormatChecker())
    value = json.loads(content) if is_json else content.decode()
    found = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
    assert found == []


@cache
def operation_at(path: str) -> dict[str, Any] | None:
    for template, operations in document()["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return operations.get("get")
    return None


@cache
def document() -> dict[str, Any]:
    """The snapshot, closed: clients must bear new keys, kinds and values, the tests must not."""
    found = _closed(yaml.safe_load(SNAPSHOT.read_text()))
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
def _registry() -> Registry:
    return Registry().with_resource("urn:api", Resource(contents=document(), specification=DRAFT202012))


def _absolute(schema: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(schema).replace('"#/components', '"urn:api#/components'))
