"""Cleans the characters of what people type, paste and import. Done when a text is saved, never when it is rendered.

Characters that nobody sees are removed, unless the script needs them; what is certainly broken is mended. What could be
either stays, and the check `broken_characters` shows it (articles.checks.language).
"""

import re
import unicodedata
from typing import Any

from wagtail.fields import RichTextField

from articles.authoring.rich_text.addresses import complete_addresses, complete_in_block
from articles.sources.identifiers import INVISIBLE

_JOINERS = re.compile("[\u200c\u200d]")
# Soft hyphen, zero-width space, word joiner, byte order mark.
_NEVER_SEEN = {sign: None for sign in INVISIBLE if not _JOINERS.match(chr(sign))}
_FIRST_JOINING = "\u0590"  # Hebrew and Arabic, then the scripts of South Asia; Latin, Greek and Cyrillic come before
# UTF-8 that was read as Windows-1252, where no language writes these characters one after the other.
_MISREAD = {
    **{f"Â{sign}": sign for sign in "°µ±²³·½¼¾§©®\u00a0"},
    "â‚¬": "€",
    "â€™": "’",
    "â€˜": "‘",
    "â€œ": "“",
    "â€\u009d": "”",
    "â€“": "–",
    "â€”": "—",
    "â€¦": "…",
    "â‰¤": "≤",
    "â‰¥": "≥",
}
_MISREAD_IN_TEXT = re.compile("|".join(map(re.escape, _MISREAD)))
# Not the article's own words, or not words: identifiers, addresses, and the words of others.
UNTOUCHED = {"id", "type", "code", "system", "quote"}


def clean(text: str) -> str:
    """The text without characters that nobody sees, and with what was misread mended."""
    mended = _MISREAD_IN_TEXT.sub(lambda match: _MISREAD[match[0]], text)
    return _JOINERS.sub(_joiner, mended.translate(_NEVER_SEEN))


def clean_value(value: Any, name: str = "") -> Any:
    """The stored value of a block, cleaned in all its words."""
    if isinstance(value, str):
        return value if name in UNTOUCHED else clean(value)
    if isinstance(value, list):
        return [clean_value(item, name) for item in value]
    if isinstance(value, dict):
        return {key: clean_value(item, key) for key, item in value.items()}
    return value


def clean_words(row: Any, names: tuple[str, ...], streams: tuple[str, ...] = ()) -> None:
    """Clean these fields of a model's object, and its stream fields; complete the addresses of links. No query."""
    for name in names:
        words = clean(getattr(row, name))
        is_rich = isinstance(row._meta.get_field(name), RichTextField)
        setattr(row, name, complete_addresses(words) if is_rich else words)
    for stream in (getattr(row, name) for name in streams):
        blocks = stream.stream_block.child_blocks
        for at, block in enumerate(stream.raw_data):
            value = clean_value(block["value"])
            if block["type"] in blocks:
                value = complete_in_block(blocks[block["type"]], value)
            if value != block["value"]:
                stream.raw_data[at] = block | {"value": value}


def _joiner(match: re.Match[str]) -> str:
    """Kept behind a letter or mark of a script that joins letters, and behind a pictograph."""
    before = match.string[max(0, match.start() - 1) : match.start()]
    is_needed = before >= _FIRST_JOINING and unicodedata.category(before)[0] in "LMS"
    return match[0] if is_needed else ""
