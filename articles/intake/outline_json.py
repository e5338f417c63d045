"""An Outline, and the blocks of a manuscript, as JSON and back. Pure.

Follows the fields of the dataclasses in outline.py, so that a field added there is kept as well. A value that is the
field's default is left out: a paragraph is {"kind": "paragraph", "text": "…"}.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from articles.intake.outline import Block, Origin, Outline

Json = dict[str, Any]


def outline_json(outline: Outline) -> Json:
    """{"parts": [{"role", "blocks": [{"kind", "text", …}], "reason", "confidence", …}], "warnings": […]}."""
    return dict(_written(outline))


def read_outline(stored: Json) -> Outline:
    return _read(Outline, stored)


def blocks_json(blocks: Sequence[Block]) -> list[Json]:
    return [_written(block) for block in blocks]


def read_blocks(stored: list[Json]) -> tuple[Block, ...]:
    return tuple(_read(Block, each) for each in stored)


def origin_json(origin: Origin) -> Json:
    return dict(_written(origin))


def read_origin(stored: Json) -> Origin:
    return _read(Origin, stored)


def digest(stored: Any) -> str:
    """SHA-256, in hex, of JSON: the same for the same content, whatever the order of its keys."""
    text = json.dumps(stored, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: Any) -> Any:
    if is_dataclass(value):
        named = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: _written(held) for field, held in named if held != _default(field)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): _written(held) for key, held in value.items()}
    return [_written(each) for each in value] if isinstance(value, tuple | list) else value


def _default(field: Any) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default


@cache
def _types_of(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, stored: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        types = _types_of(kind)
        return kind(**{name: _read(types[name], held) for name, held in stored.items() if name in types})
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if stored is None else _read(next(each for each in inner if each is not type(None)), stored)
    if origin is tuple:
        return tuple(_read(inner[0], each) for each in stored)
    return kind(stored) if isinstance(kind, type) and issubclass(kind, Enum) else stored
