"""Instants and the zones they were meant in: “09:00 in Berlin” is shown as meant, whoever looks from wherever."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from articles.errors import DomainError


class NoSuchMoment(DomainError):
    """There is no such zone, or its clocks never show this time."""

    code = "no-such-moment"
    title = "There is no such moment."
    status = 422


def instant_in(zone: str, day: date, at: time) -> datetime:
    """When clocks in `zone` show this, in UTC; the first time, where they show it twice. Raises NoSuchMoment."""
    meant = datetime.combine(day, at, tzinfo=get_zone(zone))
    try:
        instant = meant.astimezone(UTC)
    except OverflowError:
        raise NoSuchMoment(f"{day.isoformat()} in {zone} lies outside the calendar; choose another day.") from None
    if instant.astimezone(meant.tzinfo).replace(tzinfo=None) != meant.replace(tzinfo=None):
        raise NoSuchMoment(f"Clocks in {zone} skip {at:%H:%M} on {day:%-d %B %Y}; choose another time.")
    return instant


def in_words(instant: datetime, zone: str) -> str:
    """3 December 2026, 09:00 (Europe/Berlin)."""
    return f"{instant.astimezone(get_zone(zone)):%-d %B %Y, %H:%M} ({zone})"


def get_zone(name: str) -> ZoneInfo:
    """Raises NoSuchMoment for what is no IANA name."""
    if name not in _names():
        raise NoSuchMoment(f"“{name}” is no time zone; choose one like Europe/Berlin.")
    return ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
