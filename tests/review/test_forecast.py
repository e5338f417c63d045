"""The forecast: what falls due against what clinicians have managed, and what may be promised."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import DateTimeField
from django.utils import timezone

from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review import forecast
from articles.review.forecast import expected_wait, pace_of
from articles.review.models import Assignment, Policy

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
            next_review_on=day, event=1, etag="e", **empty, **moments,
        )  # fmt: skip


def wait_for(role: str, count: int = 1) -> None:
    for _ in range(count):
        Assignment.objects.create(subject_kind="article", subject=uuid4(), role=role, asked_at=NOW)


@pytest.fixture
def steady(db):
    """Two reviews a week for four weeks."""
    for week in range(4):
        signed(week + 0.2)
        signed(week + 0.4)


def test_the_pace_is_counted_in_weeks_since_the_first_signature(steady):
    pace = pace_of(Role.MEDICAL, NOW)

    assert (pace.weeks, pace.median, pace.mean) == ((2, 2, 2, 2), 2.0, 2.0)


@pytest.mark.parametrize("other", [{"scope": "changes"}, {"role": "editor"}])
def test_what_is_no_whole_review_by_a_clinician_does_not_count(steady, other):
    signed(0.1, **other)

    assert pace_of(Role.MEDICAL, NOW).weeks == (2, 2, 2, 2)


def test_two_signatures_on_one_text_are_one_review_and_the_old_are_forgotten(db):
    subject = uuid4()
    signed(0.1, subject=subject)
    signed(0.2, subject=subject)
    signed(12.5)

    assert pace_of(Role.MEDICAL, NOW).weeks == (1,)


def test_one_busy_week_promises_nothing(db):
    for _ in range(20):
        signed(0.5)
    for week in range(1, 5):
        signed(week + 0.5)

    assert pace_of(Role.MEDICAL, NOW).a_week == 1.0


def test_the_mean_stands_in_where_most_weeks_had_none(db):
    signed(0.5)
    signed(3.5)

    assert (pace_of(Role.MEDICAL, NOW).median, pace_of(Role.MEDICAL, NOW).a_week) == (0.5, 0.5)
    signed(9.5)
    assert pace_of(Role.MEDICAL, NOW).median == 0.0
    assert pace_of(Role.MEDICAL, NOW).a_week == pytest.approx(0.3)


def test_reviews_stand_in_the_week_in_which_they_fall_due_and_overdue_ones_in_the_first(steady):
    due(date(2026, 10, 1), date(2026, 11, 29), date(2026, 11, 30), date(2027, 2, 14), date(2027, 2, 15))

    weeks = forecast.forecast(NOW).weeks

    assert len(weeks) == 12
    assert [(week.label, week.due) for week in weeks if week.due] == [("2026-W48", 2), ("2026-W49", 1), ("2027-W06", 1)]
    assert weeks[0].begins == date(2026, 11, 23)


def test_withdrawn_articles_are_not_reviewed(steady):
    due(date(2026, 12, 1), state="withdrawn")

    assert sum(week.due for week in forecast.forecast(NOW).weeks) == 0


def test_what_is_left_is_carried_on_and_the_first_week_that_cannot_be_kept_is_named(steady):
    due(*[date(2026, 11, 26)] * 2, *[date(2026, 12, 2)] * 5)

    found = forecast.forecast(NOW)

    assert [week.backlog for week in found.weeks[:4]] == [0, 3, 1, 0]
    assert found.first_missed.label == "2026-W49"
    assert "pace of 2.0 reviews a week the reviews of week 2026-W49, from 30 November 2026 on" in found.sentence
    assert "cannot all be kept: 3 would be late" in found.sentence


def test_what_waits_already_comes_first(steady):
    wait_for("medical", 3)
    due(date(2026, 11, 26))

    found = forecast.forecast(NOW)

    assert (found.waiting, found.weeks[0].backlog) == (3, 2)


def test_a_due_review_that_somebody_was_asked_for_is_not_counted_twice(steady):
    due(date(2026, 11, 26))
    Assignment.objects.create(
        subject_kind="article", subject=Publication.objects.get().article, role="medical", asked_at=NOW
    )

    assert forecast.forecast(NOW).waiting == 0


def test_it_says_when_all_can_be_kept(steady):
    due(date(2026, 11, 26))

    assert forecast.forecast(NOW).sentence == (
        "At the present pace of 2.0 reviews a week every review of the next 12 weeks can be kept."
    )


def test_without_a_pace_nothing_is_promised(db):
    due(date(2026, 11, 26))

    assert "no date can be promised" in forecast.forecast(NOW).sentence
    assert expected_wait(Role.MEDICAL, NOW) is None
    assert "no telling" in forecast.in_words(Role.MEDICAL, NOW)


def test_without_work_there_is_nothing_to_keep(db):
    assert forecast.forecast(NOW).sentence == "No review falls due in the next 12 weeks, and none waits."


def test_a_new_request_waits_behind_the_others(steady):
    assert expected_wait(Role.MEDICAL, NOW) == timedelta(days=4)
    wait_for("medical", 3)
    wait_for("editor", 3)

    assert expected_wait(Role.MEDICAL, NOW) == timedelta(days=14)
    assert forecast.in_words(Role.MEDICAL, NOW).endswith("is signed about 9 December 2026.")


def test_a_specialty_that_a_policy_asks_for_has_a_pace_of_its_own(steady):
    Policy.objects.filter(kind="medical").update(specialty="Surgery")
    signed(0.5, specialty="surgery")

    (pace,) = forecast.forecast(NOW).specialties

    assert (pace.name, pace.weeks) == ("Surgery", (1,))


def test_it_asks_a_fixed_number_of_questions(steady, django_assert_max_num_queries):
    due(*[date(2026, 12, 1)] * 50)

    with django_assert_max_num_queries(5):
        forecast.forecast(NOW)


def test_the_numbers_are_those_of_real_signatures(published):
    found = forecast.forecast(timezone.now())

    assert found.pace.weeks == (1,)
