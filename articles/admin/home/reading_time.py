"""How long a draft takes to read, from what is stored, without rendering it."""

import re
from math import ceil
from typing import Any

from articles.document import stored
from articles.record.delivery.reading_time import WORDS_A_MINUTE

TAG = re.compile(r"<[^>]*>")
SAID = ("heading", "text", "name", "statement", "effect", "advice", "question", "answer", "target", "outcome", "quote")


def minutes_of(content: dict[str, Any]) -> int:
    """Minutes at the pace that readers are told, at least one."""
    sections = [stored.plain(block.get("value")) for block in stored.stream(content.get("body"))]
    given = [content.get("summary"), content.get("text"), *(text for name in SAID for text in _of(sections, name))]
    words = sum(len(TAG.sub(" ", text).split()) for text in given if isinstance(text, str))
    return max(1, ceil(words / WORDS_A_MINUTE))


def _of(sections: list[Any], name: str):
    return stored.values_of(sections, name)
