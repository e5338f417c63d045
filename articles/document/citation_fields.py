"""How a CSL-JSON item is read, field by field, and joined into a line. Pure; missing and odd values read as "".

Used by the two citation styles. Source of the fields: CSL-JSON schema 1.0.2.
"""

import re
from os.path import commonprefix
from typing import Any

MONTHS = "January February March April May June July August September October November December".split()

_LINE_BREAKS = re.compile("[\t-\r\x1c-\x1f \x85\u2028\u2029]+")
_RAISED = re.compile(r"<(sup|sub)>([0-9+\-]+)</\1>")
_TAG = re.compile(r"</?(?:i|b|sc|sup|sub|span)\b[^<>]*>")
_SCRIPTS = {
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_RANGE = re.compile(r"([A-Za-z]*)([0-9]+)\s*[-–]\s*([A-Za-z]*)([0-9]+)")
_ENDED = re.compile(r"[.?!][\"'”’]*$")


def read(item: Any, name: str) -> str:
    """One field as plain text on one line. CSL's markup goes, but 10<sup>2</sup> stays 10², never 102."""
    value = item.get(name) if isinstance(item, dict) else None
    if not isinstance(value, str | int):
        return ""
    text = _RAISED.sub(lambda match: match[2].translate(_SCRIPTS[match[1]]), str(value))
    return _LINE_BREAKS.sub(" ", _TAG.sub("", text)).strip()


def read_date(item: dict[str, Any], name: str) -> tuple[str, int, int]:
    """(year, month, day) with 0 for what is unknown; a date in words stands as the year."""
    value = item.get(name)
    parts = value.get("date-parts") if isinstance(value, dict) else None
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list)):
        return read(value, "literal") or read(value, "raw"), 0, 0
    year, month, day = [*map(_number, parts[0][:3]), 0, 0, 0][:3]
    return str(year or ""), month if month <= len(MONTHS) else 0, day


def join(delimiter: str, *parts: str) -> str:
    """What is not empty, with the delimiter between; no full stop after a sentence that has its own end."""
    line = ""
    for part in filter(None, parts):
        between = delimiter[1:] if delimiter[0] == "." and _ENDED.search(line) else delimiter
        line += between + part if line else part
    return line


def close(line: str) -> str:
    """The line as a sentence: with its full stop, if it says anything."""
    return line if not line or _ENDED.search(line) else f"{line}."


def ordinal(number: str) -> str:
    """2 as 2nd, 11 as 11th; what is no number ("Revised") is ""."""
    if not number.isdecimal():
        return ""
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
    return number + ("th" if number[-2:-1] == "1" else ending)


def full_pages(pages: str) -> str:
    """Ranges with both numbers in full: 254-67 as 254-267."""
    return _RANGE.sub(lambda match: f"{match[1]}{match[2]}-{match[3]}{_full(match[2], match[4])}", pages)


def short_pages(pages: str) -> str:
    """Ranges without the digits that the second number repeats, with an en dash: 254-267 as 254–67."""
    return _RANGE.sub(lambda match: _shortened(*match.groups()), pages)


def _full(first: str, last: str) -> str:
    return first[: max(0, len(first) - len(last))] + last


def _shortened(prefix: str, first: str, last_prefix: str, last: str) -> str:
    last = _full(first, last)
    if prefix == last_prefix and len(first) == len(last):
        last = last[min(len(commonprefix([first, last])), len(last) - 1) :]
        last_prefix = ""
    return f"{prefix}{first}–{last_prefix}{last}"


def _number(part: Any) -> int:
    return int(part) if isinstance(part, int) or (isinstance(part, str) and part.isdecimal()) else 0
