"""drf-spectacular's last step: a document that stays true when a kind, a value or a key is added later.

Closed lists in answers are open (`x-extensible-enum`): a generated client must not refuse a new value. Unions end with
a member for what is not known yet, and are tried in order; so they have no discriminator, which generators read as
closed. A member that may be null instead of an object is in every answer, but not `required`: the models of
openapi-generator read no null there. Source: Zalando RESTful API Guidelines, rules 112 and 108.
"""

from typing import Any

Schema = dict[str, Any]
NULL = {"type": "null"}
NULL_ENUM = "NullEnum"
TAGGED = {
    "find": ("", "topics", "people", "sources", "locales", "resolve", "sections"),
    "sync": ("changes",),
    "proof": ("keys", "ledger"),
    "machines": ("infobutton", "mcp"),
    "words": ("vocabulary",),
    "fixtures": ("fixtures",),
}


def open_up(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    schemas = result["components"]["schemas"]
    schemas.pop(NULL_ENUM, None)
    schemas = result["components"]["schemas"] = {name: _opened(schema) for name, schema in schemas.items()}
    for schema in schemas.values():
        _let_lack_nullable_objects(schema, schemas)
    for path, operations in result["paths"].items():
        for operation in operations.values():
            operation["responses"] = _opened(operation["responses"])
            operation["tags"] = [_tag_of(path)]
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
    return result


def _tag_of(path: str) -> str:
    """By the first part of the path after the version."""
    first = path.removeprefix("/api/v1/").partition("/")[0]
    return next((tag for tag, parts in TAGGED.items() if first in parts), "articles")


def _opened(value: Any) -> Any:
    if isinstance(value, list):
        return [_opened(item) for item in value]
    if not isinstance(value, dict):
        return value
    if str(value.get("$ref", "")).endswith(f"/{NULL_ENUM}"):
        return NULL
    value = {key: _opened(item) for key, item in value.items()}
    if "oneOf" in value:
        value = {"anyOf": value.pop("oneOf")} | {key: item for key, item in value.items() if key != "discriminator"}
    if value.get("type") == "string" and isinstance(value.get("enum"), list):
        value["x-extensible-enum"] = value.pop("enum")
    return value


def _let_lack_nullable_objects(schema: Schema, schemas: Schema) -> None:
    properties, required = schema.get("properties", {}), schema.pop("required", [])
    kept = [name for name in required if not _is_nullable_object(properties.get(name, {}), schemas)]
    if kept:
        schema["required"] = kept


def _is_nullable_object(schema: Schema, schemas: Schema) -> bool:
    """One that is null or of a schema that has members."""
    choices = schema.get("anyOf", ())
    named = [schemas[str(choice["$ref"]).rpartition("/")[2]] for choice in choices if "$ref" in choice]
    return NULL in choices and any("properties" in found or "anyOf" in found for found in named)
