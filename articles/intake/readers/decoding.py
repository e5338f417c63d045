"""Decodes a text file, or refuses it. Used by every reader of a text format."""

import codecs
import re
from collections.abc import Sequence

from articles.errors import Unreadable

MAX_BYTES = 5_000_000
MAX_PARAGRAPHS = 10_000  # the longest real articles have some 3,000, references included
SAVE_AS = "Open it in the program that made it and save it as plain text, encoding UTF-8."


def decode(data: bytes) -> str:
    """The characters of a text file. UTF-8, or UTF-16 with its byte order mark. Raises Unreadable."""
    _require_size(data)
    text = _decoded(data).removeprefix("\ufeff")
    if "\0" in text:
        raise Unreadable(f"This is not a text file: it contains binary data. {SAVE_AS}")
    if not re.search(r"\w", text):
        raise Unreadable("The file contains no words. Paste the article into it, or leave it out of the import.")
    return text


def require_countable(paragraphs: Sequence[object]) -> None:
    """Raises Unreadable for a list or a log, which nobody would read as an article."""
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise Unreadable(
            f"The file has {len(paragraphs):,} paragraphs; an article may have {MAX_PARAGRAPHS:,}. "
            "Split it into one file for each article."
        )


def _require_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        size = f"{len(data) / 1e6:.1f} MB"
        raise Unreadable(f"The file has {size}; the limit is 5 MB. Split it into one file for each article.")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1:,}"
        raise Unreadable(f"The file is not {encoding.upper()} (see {place}). {SAVE_AS}") from error
