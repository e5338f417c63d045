"""The effects of time on an article: when its review is due, and when its grace period ends. Pure: `now` is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from articles.record.vocabulary import AfterGrace, ReviewStatus

DUE_DAYS = 30


@dataclass(frozen=True)
class Grace:
    """`after` is one of AfterGrace: what happens from `ends_at` on, until the article is reviewed."""

    ends_at: datetime
    after: str

    def is_over(self, now: datetime) -> bool:
        return now >= self.ends_at


def grace_of(ends_at: datetime | None, after: str) -> Grace | None:
    """None for an article whose overdue review has no consequence."""
    return Grace(ends_at, after) if ends_at else None


def status_on(next_review_on: str, day: date) -> str:
    """current, due from 30 days before the date, overdue after it."""
    due = date.fromisoformat(next_review_on)
    if day > due:
        return ReviewStatus.OVERDUE.value
    return (ReviewStatus.DUE if day > due - timedelta(days=DUE_DAYS) else ReviewStatus.CURRENT).value


def status_at(review: Mapping[str, Any], now: datetime) -> str:
    """The status of a composed `review`: the clock's, but in an emergency."""
    if review["status"] == ReviewStatus.EMERGENCY:
        return ReviewStatus.EMERGENCY.value
    return status_on(review["next_review_on"], now.astimezone(UTC).date())


def next_change(next_review_on: str, now: datetime, grace: Grace | None = None) -> datetime | None:
    """The next moment at which the clock changes the article; None when it has no more to change."""
    due = date.fromisoformat(next_review_on)
    days = (due - timedelta(days=DUE_DAYS - 1), due + timedelta(days=1))
    moments = [datetime.combine(day, time(), tzinfo=UTC) for day in days] + ([grace.ends_at] if grace else [])
    return min((moment for moment in moments if moment > now), default=None)


def is_withheld(grace: Grace, now: datetime) -> bool:
    return grace.after == AfterGrace.WITHHOLD and grace.is_over(now)
