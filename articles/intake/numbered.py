"""Makes citations of the numbers by which a file cites its own numbered list of sources.

A number becomes a citation only where the whole list is numbered from 1 and has every number that is named. Others stay
words, and the check `typed_reference` asks the author about them.
"""

import re
from collections.abc import Mapping
from typing import Any

from articles.checks.typed import Typed, find_typed
from articles.intake.outline import Outline, Part, Role

_MARKER = re.compile(r"\s*[\[(]?(\d{1,3})[\]).]?")
_IN_TEXT = re.compile(r"\s*\[(\d{1,3})\]")
_IN_PARENTHESES = re.compile(r"(?<=\w )\((\d{1,3})\)(?=[.,;:])")
_ENUMERATION = re.compile(r"\(\d{1,3}\)\s+\w")
RICH = ("text", "answer")


def numbered_sources(outline: Outline) -> dict[int, Part]:
    """{number: its source}; empty where the list is not numbered 1, 2, 3, …"""
    sources = outline.of(Role.SOURCE)
    numbers = [_number_of(part) for part in sources]
    return dict(zip(numbers, sources, strict=True)) if numbers == list(range(1, len(sources) + 1)) else {}


def cite(value: Any, keys: Mapping[int, int], name: str = "") -> Any:
    """The stored value of a block with citations in its rich text. `keys`: {number: the source's primary key}."""
    if isinstance(value, dict):
        return {key: cite(item, keys, key) for key, item in value.items()}
    if isinstance(value, list):
        return [cite(item, keys, name) for item in value]
    return _cited(value, keys) if keys and name in RICH and isinstance(value, str) else value


def _cited(html: str, keys: Mapping[int, int]) -> str:
    found = find_typed(html)
    if not _ENUMERATION.search(html):
        found += [Typed(*match.span(), (int(match[1]),)) for match in _IN_PARENTHESES.finditer(html)]
    made, end = [], 0
    for place in sorted(found, key=lambda place: place.start):
        if place.numbers and all(number in keys for number in place.numbers):
            sources = ",".join(str(keys[number]) for number in place.numbers)
            citation = f'<a linktype="citation" sources="{sources}" support="" locator="">'
            made += [html[end : place.start], citation, html[place.start : place.end], "</a>"]
            end = place.end
    return "".join([*made, html[end:]])


def _number_of(part: Part) -> int:
    """As the file writes it before the source; 0 where it has none."""
    block = part.blocks[0]
    match = _MARKER.fullmatch(block.marker) or _IN_TEXT.match(block.text)
    return int(match[1]) if match else 0
