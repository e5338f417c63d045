"""Decodes a text file, or refuses it. Used by every reader of a text format."""

import codecs
import re
from collections.abc import Sequence

from charset_normalizer import from_bytes

from articles.errors import Unreadable

MAX_BYTES = 5_000_000
MAX_PARAGRAPHS = 10_000  # the longest real articles have some 3,000, references included
SAVE_AS = "Open it in the program that made it and save it as plain text, encoding UTF-8."
NO_WORDS = "The file contains no words. Paste the article into it, or leave it out of the import."

_DECLARED = re.compile(
    rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{1,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_UTF_8 = re.compile(rb"(?:[\xc0-\xff][\x80-\xbf]+)+")
_HEAD = 4_096  # bytes in which a page declares its encoding
_SAMPLE = 200_000  # bytes from which an encoding is guessed
# What text files really are in; others are a sign of something else.
_GUESSED = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "latin_1", "iso8859_2", "iso8859_5",
    "iso8859_15", "koi8_r", "mac_roman", "cp437", "cp850", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
]  # fmt: skip


def decode(data: bytes) -> str:
    """The characters of a text file in UTF-8, or in UTF-16 with its byte order mark. Raises Unreadable."""
    require_size(data)
    return _with_words(_in_unicode(data), ())[0]


def decode_any(data: bytes, limit: int = MAX_BYTES) -> tuple[str, tuple[str, ...]]:
    """The characters of a text file, and a warning where its encoding was guessed. Raises Unreadable."""
    require_size(data, limit)
    return _with_words(*_decoded(data))


def decode_markup(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The characters of HTML, which may declare its encoding. Raises Unreadable."""
    require_size(data)
    has_mark = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    found = None if has_mark else _DECLARED.search(data[:_HEAD])
    if found and (text := _declared(data, (found[1] or found[2]).decode("ascii"))) is not None:
        return _with_words(text, ())
    return _with_words(*_decoded(data))


def require_countable(paragraphs: Sequence[object]) -> None:
    """Raises Unreadable for a list or a log, which nobody would read as an article."""
    if len(paragraphs) > MAX_PARAGRAPHS:
        raise Unreadable(
            f"The file has {len(paragraphs):,} paragraphs; an article may have {MAX_PARAGRAPHS:,}. "
            "Split it into one file for each article."
        )


def require_size(data: bytes, limit: int = MAX_BYTES) -> None:
    if len(data) > limit:
        size = f"{len(data) / 1e6:.1f} MB"
        raise Unreadable(
            f"The file has {size}; the limit is {limit / 1e6:.0f} MB. Split it into one file for each article."
        )


def _with_words(text: str, warnings: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise Unreadable(f"This is not a text file: it contains binary data. {SAVE_AS}")
    if not re.search(r"\w", text):
        raise Unreadable(NO_WORDS)
    return text, warnings


def _decoded(data: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return _in_unicode(data), ()
    except Unreadable:
        if guessed := _guessed(data):
            return guessed
        raise


def _in_unicode(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1:,}"
        raise Unreadable(f"The file is not {encoding.upper()} (see {place}). {SAVE_AS}") from error


def _guessed(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """By the frequency of letters; None for what is no text, and for UTF-8 that is broken in a few places."""
    if b"\0" in data or _is_broken_utf_8(data):
        return None
    encoding = _best(data[:_SAMPLE])
    try:
        text = data.decode(encoding) if encoding else "\x01"
    except UnicodeDecodeError:
        return None
    if re.search(r"[\x01-\x08\x0e-\x1f]", text):
        return None
    name = encoding.replace("_", "-")
    return text, (f"The file is not UTF-8; it was read as {name}. Check its accents and signs, or save it as UTF-8.",)


def _best(sample: bytes) -> str:
    """Among equals that of Western Europe, the most common."""
    found = list(from_bytes(sample, cp_isolation=_GUESSED, preemptive_behaviour=False))
    equal = [each for each in found if (each.chaos, each.coherence) == (found[0].chaos, found[0].coherence)]
    western = any("cp1252" in each.could_be_from_charset for each in equal)
    return "cp1252" if western else found[0].encoding if found else ""


def _is_broken_utf_8(data: bytes) -> bool:
    """Most of what is not ASCII has the form of UTF-8: the file was cut or damaged, and a guess would hide it."""
    runs = _NOT_ASCII.findall(data[:_SAMPLE])
    is_cut = len(runs) == 1 and len(runs[0]) == 1 and data.endswith(runs[0])
    return is_cut or sum(bool(_UTF_8.fullmatch(run)) for run in runs) > len(runs) / 2


def _declared(data: bytes, name: str) -> str | None:
    """None where the name is unknown or wrong."""
    try:
        text = data.decode("cp1252" if codecs.lookup(name).name in ("iso8859-1", "ascii") else name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return text if isinstance(text, str) else None
