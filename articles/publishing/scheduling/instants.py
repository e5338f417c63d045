"""Instants with their time zones. “09:00 in Berlin” is shown in that zone, regardless of the viewer's."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from articles.errors import DomainError


class NoSuchMoment(DomainError):
    """The time zone does not exist, or its clocks never show this time."""

    code = "no-such-moment"
    title = "This date and time does not exist."
    status = 422


def instant_in(zone: str, day: date, at: time) -> datetime:
    """The instant, in UTC, when clocks in `zone` show this; the first if they show it twice. Raises NoSuchMoment."""
    meant = datetime.combine(day, at, tzinfo=get_zone(zone))
    try:
        instant = meant.astimezone(UTC)
    except OverflowError:
        raise NoSuchMoment(f"{day.isoformat()} in {zone} is outside the calendar. Choose another day.") from None
    if instant.astimezone(meant.tzinfo).replace(tzinfo=None) != meant.replace(tzinfo=None):
        raise NoSuchMoment(f"Clocks in {zone} skip {at:%H:%M} on {day:%-d %B %Y}. Choose another time.")
    return instant


def in_words(instant: datetime, zone: str) -> str:
    """3 December 2026, 09:00 (Europe/Berlin)."""
    return f"{instant.astimezone(get_zone(zone)):%-d %B %Y, %H:%M} ({zone})"


def get_zone(name: str) -> ZoneInfo:
    """The zone. Raises NoSuchMoment if the name is not an IANA time zone."""
    if name not in _names():
        raise NoSuchMoment(f"“{name}” is not a time zone. Choose one such as Europe/Berlin.")
    return ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())
