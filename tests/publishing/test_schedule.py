"""Publish or withdraw later: what is accepted, what waits, and what the ledger says of it."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from articles.errors import BlockedByFindings, NotPublished
from articles.publishing.models import Schedule
from articles.publishing.scheduling.instants import NoSuchMoment, in_words, instant_in
from articles.publishing.scheduling.schedule import (
    CannotSchedule,
    cancel,
    schedule_publication,
    schedule_withdrawal,
)
from articles.publishing.scheduling.waiting import expectation, holding, waiting_of
from articles.record.models import Edition, Event, Publication
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.submit import submit
from tests.factories import edit, make_article, sign_as
from tests.hands import fresh
from tests.schedules import ZONE, make_due, soon


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", date.max), ("Asia/Tokyo", date.min)])
def test_a_day_beyond_the_calendar_is_refused_in_words(zone, day):
    with pytest.raises(NoSuchMoment, match="outside the calendar"):
        instant_in(zone, day, time(23, 30) if day == date.max else time())


def test_the_last_signature_waits_for_the_hour(signed_later):
    page, schedule = signed_later()

    assert not Publication.objects.exists()
    assert page.current_workflow_state is None
    assert page.workflow_states.get().status == "approved"
    assert not Event.objects.filter(kind="refused").exists()
    assert holding(load(page)) == schedule


def test_an_article_without_a_schedule_is_published_by_its_last_signature(people, publish):
    page = publish(make_article(by=people.author))

    assert Publication.objects.get(article=page.article_id).edition == 1


def test_a_scheduled_article_that_lacks_a_signature_goes_back_to_who_must_sign(people, later):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    page = edit(page, by=people.author, summary="Mended during review.")
    later(page)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert fresh(page).current_workflow_task.name == "Editorial check"
    assert Event.objects.filter(kind="refused").count() == 1


def test_a_text_that_changed_after_it_was_scheduled_does_not_come_early(people, later):
    page = make_article(by=people.author)
    later(page)
    page = edit(page, by=people.author, title="A title that a reviewer asked for")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    [schedule] = waiting_of(page.article_id)
    assert not Publication.objects.exists()
    assert "An earlier text" in expectation(schedule, load(fresh(page)))


def test_a_last_signature_after_the_hour_publishes_at_once(people, later):
    page = make_article(by=people.author)
    make_due(later(page))
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert Publication.objects.get().edition == 1


def test_a_cancelled_schedule_lets_the_signed_text_be_submitted_and_published(people, signed_later):
    page, schedule = signed_later()

    cancel(schedule=schedule, by=people.editor)
    assert not Publication.objects.exists()
    submit(page=fresh(page), by=people.author)

    assert Publication.objects.get().edition == 1


def test_scheduling_is_written_in_the_ledger_with_text_instant_and_zone(people, later):
    page = make_article(by=people.author)

    schedule = later(page, datetime(2027, 12, 3, 8, tzinfo=UTC))

    event = Event.objects.get(kind="scheduled")
    assert event.subject == page.article_id
    assert event.actor["user"] == people.editor.pk
    assert event.data == {
        "schedule": schedule.pk,
        "action": "publish",
        "digests": load(page).digests,
        "instant": "2027-12-03T08:00:00.000000Z",
        "zone": ZONE,
    }


def test_scheduling_again_replaces_and_both_stand_in_the_ledger(people, later):
    page = make_article(by=people.author)
    first = later(page)

    second = later(page, soon(days=2))

    assert waiting_of(page.article_id) == [second]
    assert Schedule.objects.get(pk=first.pk).state == "cancelled"
    told = [
        (event.data["schedule"], event.data.get("cancelled", False)) for event in Event.objects.filter(kind="scheduled")
    ]
    assert told == [(first.pk, False), (first.pk, True), (second.pk, False)]


def test_what_is_done_cannot_be_cancelled(people, later):
    schedule = later(make_article(by=people.author))
    cancel(schedule=schedule, by=people.editor)

    with pytest.raises(CannotSchedule, match="It is cancelled"):
        cancel(schedule=schedule, by=people.editor)


@pytest.mark.parametrize(
    "ahead, reason", [(timedelta(seconds=-1), "has passed"), (timedelta(days=732), "more than two years")]
)
def test_an_instant_that_is_past_or_far_ahead_is_refused(people, ahead, reason):
    page = make_article(by=people.author)

    with pytest.raises(CannotSchedule, match=reason):
        schedule_publication(page=page, at=soon(seconds=0) + ahead, zone=ZONE, by=people.editor)

    assert not Event.objects.filter(kind="scheduled").exists()


@pytest.mark.parametrize("zone", ["", "Berlin", "../../etc/passwd", "Europe/Atlantis"])
def test_a_zone_that_does_not_exist_is_refused(people, zone):
    with pytest.raises(NoSuchMoment, match="not a time zone"):
        schedule_publication(page=make_article(by=people.author), at=soon(), zone=zone, by=people.editor)


def test_an_article_that_was_never_saved_has_no_text_to_schedule(people, later):
    page = make_article(by=people.author)
    type(page).objects.filter(pk=page.pk).update(latest_revision=None)

    with pytest.raises(CannotSchedule, match="Save it first"):
        later(fresh(page))


def test_what_readers_get_already_cannot_be_scheduled(published, later):
    with pytest.raises(CannotSchedule, match="already"):
        later(fresh(published))


def test_a_draft_with_blocking_findings_may_be_scheduled_and_still_not_submitted(people, later):
    page = make_article(by=people.author, body=[])

    later(page)

    with pytest.raises(BlockedByFindings):
        submit(page=fresh(page), by=people.author)


def test_a_withdrawal_needs_something_to_withdraw(people):
    with pytest.raises(NotPublished):
        withdraw_later(make_article(by=people.author), people)


def test_a_withdrawal_may_follow_a_publication_that_is_still_to_come(people, later):
    page = make_article(by=people.author)
    first = later(page)

    second = withdraw_later(page, people, at=soon(days=3))

    assert waiting_of(page.article_id) == [first, second]
    assert Event.objects.last().data["reason"] == "outdated"


def test_the_database_keeps_one_waiting_schedule_of_a_kind(people, later):
    row = later(make_article(by=people.author))
    row.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "day, at, instant",
    [
        (date(2026, 12, 3), time(9), datetime(2026, 12, 3, 8, tzinfo=UTC)),
        (date(2027, 7, 3), time(9), datetime(2027, 7, 3, 7, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
    ids=["winter", "summer", "the first of two"],
)
def test_an_instant_is_shown_as_it_was_meant(day, at, instant):
    assert instant_in(ZONE, day, at) == instant
    assert in_words(instant, ZONE) == f"{day:%-d %B %Y}, {at:%H:%M} (Europe/Berlin)"


def test_a_time_that_the_clocks_skip_is_refused():
    with pytest.raises(NoSuchMoment, match="skip 02:30 on 28 March 2027"):
        instant_in(ZONE, date(2027, 3, 28), time(2, 30))


def test_nothing_of_a_waiting_article_is_an_edition(signed_later):
    signed_later()

    assert not Edition.objects.exists()


def withdraw_later(page, people, at=None):
    said = {"reason": "outdated"}
    return schedule_withdrawal(page=page, at=at or soon(), zone=ZONE, by=people.editor, **said)
