"""What the clock changes in a composed article."""

from datetime import UTC, date, datetime

import pytest

from articles.record.delivery.clock import next_change, status_on
from articles.record.delivery.content.reading_time import reading_minutes
from articles.record.standing import add_months

DUE = "2027-11-23"


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-11-23", "current"),
        ("2027-10-24", "current"),
        ("2027-10-25", "due"),
        ("2027-11-23", "due"),
        ("2027-11-24", "overdue"),
    ],
)
def test_a_review_is_due_thirty_days_before_its_date_and_overdue_after_it(day, status):
    assert status_on(DUE, date.fromisoformat(day)) == status


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), datetime(2027, 10, 25, tzinfo=UTC)),
        (datetime(2027, 10, 25, tzinfo=UTC), datetime(2027, 11, 24, tzinfo=UTC)),
        (datetime(2027, 11, 24, tzinfo=UTC), None),
    ],
)
def test_an_article_is_fresh_until_its_status_changes(now, change):
    assert next_change(DUE, now) == change


@pytest.mark.parametrize(
    "now", [datetime(2027, 10, 24, 23, 59, 59, tzinfo=UTC), datetime(2027, 11, 23, 12, tzinfo=UTC)]
)
def test_the_status_is_another_at_the_moment_that_was_announced(now):
    change = next_change(DUE, now)

    assert status_on(DUE, now.date()) != status_on(DUE, change.date())


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-11-23", 12, "2027-11-23"), ("2026-01-31", 1, "2026-02-28"), ("2024-02-29", 12, "2025-02-28")],
)
def test_months_are_added_as_people_count_them(start, months, end):
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


def test_reading_takes_at_least_a_minute():
    assert reading_minutes([]) == 1


def test_reading_minutes_count_the_fields_of_a_section_too():
    section = {"kind": "causes", "heading": "", "text": [], "items": [{"name": "word " * 401, "text": ""}]}

    assert reading_minutes([section]) == 3
