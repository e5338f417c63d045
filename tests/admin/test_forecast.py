"""The report of reviews due: what falls due in each week, beside the number that clinicians sign in a week."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import DateTimeField
from django.utils import timezone

from articles.admin.reports.forecast import forecast
from articles.record.models import Publication, SignOff

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday, in the ISO week 2026-W48
WEEK = timedelta(days=7)


def signed(weeks_ago: float, *, role="medical", scope="whole", specialty="Dermatology", subject=None) -> None:
    number = SignOff.objects.count() + 1000
    SignOff.objects.create(
        pk=number,
        event=number,
        subject_kind="article",
        subject=subject or uuid4(),
        part="medical",
        digest="sha-256:" + "0" * 64,
        role=role,
        scope=scope,
        statement="Read.",
        user=1,
        name="Dr Ada",
        specialty=specialty,
        method="password",
        signed_at=NOW - weeks_ago * WEEK,
    )


def due(*days: date, state="published") -> None:
    for day in days:
        key = uuid4()
        empty = dict.fromkeys(("body", "body_gzip", "portable", "card"), b"{}")
        moments = {
            field.name: NOW for field in Publication._meta.fields if isinstance(field, DateTimeField) and not field.null
        }
        Publication.objects.create(
            article=key, translation_key=uuid4(), locale="en", slug=str(key), state=state, edition=1, title="A text",
            read_to=1, composer=1,
            next_review_on=day, event=1, etag="e", **empty, **moments,
        )  # fmt: skip


@pytest.fixture
def steady(db):
    """Two reviews a week for four weeks."""
    for week in range(4):
        signed(week + 0.2)
        signed(week + 0.4)


def test_the_pace_is_the_median_of_the_weeks_since_the_first_signature(steady):
    assert forecast(NOW).pace == 2.0


@pytest.mark.parametrize("other", [{"scope": "changes"}, {"role": "editor"}])
def test_what_is_no_whole_review_by_a_clinician_does_not_count(steady, other):
    for week in range(4):
        signed(week + 0.1, **other)

    assert forecast(NOW).pace == 2.0


def test_two_signatures_on_one_text_are_one_review_and_those_before_the_last_12_weeks_do_not_count(db):
    subject = uuid4()
    signed(0.1, subject=subject)
    signed(0.2, subject=subject)
    signed(12.5)

    assert forecast(NOW).pace == 1.0


def test_one_busy_week_does_not_raise_the_pace(db):
    for _ in range(20):
        signed(0.5)
    for week in range(1, 5):
        signed(week + 0.5)

    assert forecast(NOW).pace == 1.0


def test_a_week_without_a_signature_counts_as_none(db):
    signed(0.5)
    signed(3.5)

    assert forecast(NOW).pace == 0.5


def test_reviews_stand_in_the_week_in_which_they_fall_due_and_overdue_ones_in_the_first(steady):
    due(date(2026, 10, 1), date(2026, 11, 29), date(2026, 11, 30), date(2027, 2, 14), date(2027, 2, 15))

    weeks = forecast(NOW).weeks

    assert len(weeks) == 12
    assert [(week.label, week.due) for week in weeks if week.due] == [("2026-W48", 2), ("2026-W49", 1), ("2027-W06", 1)]
    assert weeks[0].begins == date(2026, 11, 23)


def test_withdrawn_articles_are_not_reviewed(steady):
    due(date(2026, 12, 1), state="withdrawn")

    assert sum(week.due for week in forecast(NOW).weeks) == 0


def test_it_says_in_how_many_weeks_more_falls_due_than_is_signed(steady):
    due(*[date(2026, 11, 26)] * 2, *[date(2026, 12, 2)] * 5, *[date(2026, 12, 9)] * 3)

    assert forecast(NOW).sentence == (
        "Over the last 12 weeks, clinicians signed a median of 2 full reviews per week. "
        "More reviews than that are due in 2 of the next 12 weeks."
    )


def test_without_signatures_the_pace_is_nought(db):
    due(date(2026, 11, 26))

    assert "0 full reviews per week. More reviews than that are due in 1 of the next 12 weeks" in forecast(NOW).sentence


def test_it_takes_two_queries_however_many_articles_there_are(steady, django_assert_num_queries):
    due(*[date(2026, 12, 1)] * 50)

    with django_assert_num_queries(2):
        forecast(NOW)


def test_the_numbers_are_those_of_real_signatures(published):
    assert forecast(timezone.now()).pace == 1.0
