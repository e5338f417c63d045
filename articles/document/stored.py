"""Reads Wagtail's stored JSON: which records it names, and its lists without their wrapping. No queries."""

import json
import re
from collections.abc import Iterator
from typing import Any

from articles.authoring.blocks.article import ArticleBody
from articles.authoring.rich_text.features import KEY
from articles.errors import UnknownBlock
from articles.record.canonical import values_of

CITED = re.compile(r'<a\b[^<>]*\blinktype="citation"[^<>]*>')
CITED_KEYS = re.compile(r'\bsources="([0-9,\s]*)"')
LINKED_PAGE = re.compile(r'<a\b(?=[^<>]*\blinktype="page")[^<>]*\bid="([0-9]{1,18})"')
KNOWN = frozenset(ArticleBody.base_blocks)


def stream(raw: Any) -> list[dict[str, Any]]:
    """A StreamField's stored value (JSON text or list) as a list of {type, value, id}."""
    if isinstance(raw, str):
        raw = json.loads(raw) if raw.strip() else []
    return [block for block in raw or [] if isinstance(block, dict)]


def kind_of(block_type: str) -> str:
    """The wire kind of a block: block names are Python's, with underscores."""
    return block_type.replace("_", "-")


def type_of(kind: str) -> str:
    """The block that holds sections of this kind. Raises UnknownBlock: Wagtail would drop it in silence."""
    block_type = str(kind).replace("-", "_")
    if block_type not in KNOWN:
        raise UnknownBlock(f"There is no block for sections of the kind “{kind}”.")
    return block_type


def plain(value: Any) -> Any:
    """The value without the {type: item, value, id} wrapping that ListBlock stores."""
    if isinstance(value, list):
        return [plain(item["value"] if _is_wrapped(item) else item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_of(item)


def source_keys(value: Any) -> set[int]:
    """Primary keys of the sources that a body names: chosen, listed, or cited in rich text."""
    chosen = {key for key in values_of(value, "source") if isinstance(key, int)}
    cited = {
        int(key)
        for text in strings_of(value)
        for tag in CITED.findall(text)
        for keys in CITED_KEYS.findall(tag)
        for key in keys.split(",")
        if KEY.fullmatch(key.strip())
    }
    return chosen | cited


def codes_of(value: Any) -> Iterator[tuple[str, str]]:
    """(terminology, code) of every code below a value, a substance's too."""
    if isinstance(value, dict):
        system, code = value.get("system"), value.get("code")
        if isinstance(system, str) and isinstance(code, str) and system and code:
            yield system, code
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from codes_of(item)


def page_keys(value: Any) -> set[int]:
    """Primary keys of the pages that rich text links to."""
    return {int(key) for text in strings_of(value) for key in LINKED_PAGE.findall(text)}


def _is_wrapped(item: object) -> bool:
    return isinstance(item, dict) and item.get("type") == "item" and "value" in item
