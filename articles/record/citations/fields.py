"""Reads CSL-JSON items and joins their fields to lines. Used by the citation styles. Pure.

Missing or invalid fields read as "", so that an incomplete record gives an incomplete line and no error.
Source: CSL-JSON schema 1.0.2.
"""

import re
from typing import Any

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MINOR_WORDS = {
    "a",
    "an",
    "and",
    "as",
    "at",
    "by",
    "for",
    "from",
    "in",
    "nor",
    "of",
    "on",
    "or",
    "the",
    "to",
    "with",
}
_SCRIPTS = {
    "sup": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_SCRIPT = re.compile(r"<(sup|sub)>([0-9+-]+)</\1>")
_TAG = re.compile(r"</?(?:i|b|em|strong|sc|scp|sup|sub|span)\b[^<>]*>")
_WHITE_SPACE = re.compile("[\t-\r\x1c-\x1f \x85\u2028\u2029]+")
_WORD = re.compile(r"(?<![^\s(\[“\"])[^\W\d_]+(?![\w.])")
_RANGE = re.compile(r"(?<![\w.–-])([A-Za-z]*)([0-9]+)\s*[-–]\s*([A-Za-z]*)([0-9]+)(?![\w–-]|\.\w)")
_ROMAN = re.compile(r"(?<![\w-])([ivxlcIVXLC]+)-([ivxlcIVXLC]+|[0-9]+)(?![\w-])")
_END = re.compile(r"[.?!][\"'”’]*$")


def read(item: Any, name: str) -> str:
    """One field as plain text on one line. CSL's markup goes, but 10<sup>2</sup> reads 10², never 102."""
    value = item.get(name) if isinstance(item, dict) else None
    if isinstance(value, int) and value.bit_length() < 64:
        value = str(value)
    if not isinstance(value, str):
        return ""
    text = _SCRIPT.sub(lambda match: match[2].translate(_SCRIPTS[match[1]]), value)
    return _WHITE_SPACE.sub(" ", _TAG.sub("", text)).strip()


def read_journal(csl: dict[str, Any]) -> str:
    """The journal's abbreviation, if there is one, without full stops: N Engl J Med."""
    return (read(csl, "container-title-short") or read(csl, "container-title")).replace(".", "")


def read_edition(csl: dict[str, Any]) -> str:
    """2 as "2nd ed."; words as they are."""
    edition = read(csl, "edition")
    if not edition.isdecimal():
        return edition
    ending = "th" if edition[-2:-1] == "1" else {"1": "st", "2": "nd", "3": "rd"}.get(edition[-1], "th")
    return f"{edition}{ending} ed."


def read_volume_and_issue(csl: dict[str, Any]) -> str:
    return read(csl, "volume") + surround("({})", read(csl, "issue"))


def read_year(csl: dict[str, Any], name: str = "issued") -> str:
    return _date_parts(csl, name)[0]


def long_date(csl: dict[str, Any], name: str) -> str:
    """October 13, 2015; October 2015; 2015."""
    year, month, day = _date_parts(csl, name)
    return join(" ", month, join(", ", day, year))


def short_date(csl: dict[str, Any], name: str, *, with_day: bool = True) -> str:
    """2015 Oct 13; 2015 Oct; 2015."""
    year, month, day = _date_parts(csl, name)
    return join(" ", year, month[:3], day if with_day else "")


def full_pages(pages: str) -> str:
    """Ranges with both numbers in full: 254-67 as 254-267. What is no plain range, as 12-1-12-9, stays as typed."""
    return _RANGE.sub(_in_full, pages)


def short_pages(pages: str) -> str:
    """Ranges without the digits that the second number repeats, with an en dash: 254-267 as 254–67."""
    return _ROMAN.sub(r"\1–\2", _RANGE.sub(_shortened, pages))


def capitalize_title(title: str) -> str:
    """The words of a book's title with capitals: Obesity, Exercise and Nutrition. mTOR and p53 stay."""
    return _WORD.sub(lambda match: _capitalized(match[0], is_first=match.start() == 0), title)


def join(delimiter: str, *parts: str) -> str:
    """What is not empty, with the delimiter between; no full stop after one that is there."""
    line = ""
    for part in filter(None, parts):
        between = delimiter[1:] if delimiter[0] == "." and _END.search(line) else delimiter
        line += between + part if line else part
    return line


def close(line: str) -> str:
    """The line with its full stop, unless it is empty."""
    return line if not line or _END.search(line) else f"{line}."


def surround(pattern: str, text: str) -> str:
    """The text in the place of {}, unless it is empty."""
    return pattern.format(text) if text else ""


def _date_parts(csl: dict[str, Any], name: str) -> tuple[str, str, str]:
    """(year, month's name, day), "" for unknown parts. A date in words is used as the year."""
    date = csl.get(name)
    parts = date.get("date-parts") if isinstance(date, dict) else None
    if not (isinstance(parts, list) and parts and isinstance(parts[0], list)):
        return read(date, "literal") or read(date, "raw"), "", ""
    year, month, day = [*map(_number, parts[0][:3]), 0, 0, 0][:3]
    named = _MONTHS[month - 1] if 0 < month <= len(_MONTHS) else ""
    return str(year or ""), named, str(day) if named and day else ""


def _number(part: Any) -> int:
    return int(text) if re.fullmatch("-?[0-9]{1,4}", text := read({"part": part}, "part")) else 0


def _full(first: str, last: str) -> str:
    """The last number of a range with the digits it shares with the first; "" where it would come before it."""
    full = first[: max(0, len(first) - len(last))] + last
    return full if int(full) >= int(first) else ""


def _in_full(match: re.Match[str]) -> str:
    prefix, first, last_prefix, last = match.groups()
    full = _full(first, last)
    return f"{prefix}{first}-{last_prefix}{full}" if full else match[0]


def _shortened(match: re.Match[str]) -> str:
    prefix, first, last_prefix, last = match.groups()
    last = _full(first, last)
    if not last:
        return match[0]
    if prefix != last_prefix or len(first) != len(last):
        return f"{prefix}{first}–{last_prefix}{last}"
    differs_at = next((index for index, digit in enumerate(last) if digit != first[index]), len(last) - 1)
    return f"{prefix}{first}–{last[differs_at:]}"


def _capitalized(word: str, *, is_first: bool) -> str:
    is_kept = not word.islower() or (word in _MINOR_WORDS and not is_first)
    return word if is_kept else word[0].upper() + word[1:]
