"""Completes the addresses of links when a text is saved, where what is meant is certain. The rest is a finding
(articles.checks.links)."""

import re
from typing import Any

from wagtail.blocks import Block, ListBlock, RichTextBlock, StructBlock

_INCOMPLETE = re.compile(r'(<a\b(?=[^<>]*>)[^<>]*\shref=")\s*(?://(?=\w)|(?=www\.\w))', re.IGNORECASE)


def complete_addresses(html: str) -> str:
    """Stored rich text in which www.example.org and //example.org are https://."""
    return _INCOMPLETE.sub(r"\1https://", html)


def complete_in_block(block: Block, value: Any) -> Any:
    """The stored value of a block, with the addresses of its rich texts complete."""
    match block:
        case RichTextBlock() if isinstance(value, str):
            return complete_addresses(value)
        case StructBlock() if isinstance(value, dict):
            return {
                name: complete_in_block(block.child_blocks[name], item) if name in block.child_blocks else item
                for name, item in value.items()
            }
        case ListBlock() if isinstance(value, list):
            return [_item(block.child_block, item) for item in value]
    return value


def _item(block: Block, item: Any) -> Any:
    """An item of a list, in the {type: item, value, id} that wraps it, or as older revisions store it."""
    if isinstance(item, dict) and item.get("type") == "item" and "value" in item:
        return item | {"value": complete_in_block(block, item["value"])}
    return complete_in_block(block, item)
