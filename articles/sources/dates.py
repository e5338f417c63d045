"""Dates that may be a year, a month or a day: as people type them, and as CSL-JSON's date-parts. Pure."""

import re
from datetime import date
from typing import Any

EXAMPLES = "Write the date as 2015, 2015-10 or 2015-10-13."
_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")


def tidy_date(text: str) -> str:
    """2015-1-3 as 2015-01-03, "" for "". Raises ValueError where the calendar has no such day."""
    if not text.strip():
        return ""
    match = _PARTIAL.fullmatch(text.strip())
    given = [int(part) for part in match.groups() if part] if match else []
    if not given:
        raise ValueError(EXAMPLES)
    if read_date(text.strip()) != given:
        raise ValueError(f"The calendar has no {text.strip()}. {EXAMPLES}")
    return write_date(given)


def read_date(text: str) -> list[int]:
    """[2015, 10, 13], [2015, 10] or [2015]: as far as the calendar goes along. [] for what is no date."""
    match = _PARTIAL.fullmatch(text)
    parts = [int(part) for part in match.groups() if part] if match else []
    while parts and not _exists(parts):
        parts.pop()
    return parts


def write_date(parts: list[int]) -> str:
    """[2015, 1] as 2015-01."""
    return "-".join(f"{part:02}" if at else f"{part:04}" for at, part in enumerate(parts))


def date_of_parts(parts: Any) -> str:
    """CSL-JSON's [2015, 1], of whatever stands in its place, as 2015-01; "" for what is no date."""
    numbers = parts[:3] if isinstance(parts, list) else []
    if not numbers or any(type(number) is not int or number < 1 for number in numbers) or not 999 < numbers[0] < 10_000:
        return ""
    return write_date(read_date(write_date(numbers)))


def _exists(parts: list[int]) -> bool:
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return False
    return True
