"""`manage.py publish_due`: each item is checked again at its instant, done once, and stops no other."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.publishing.jobs.due import publish_due
from articles.publishing.models import Schedule
from articles.publishing.scheduling.items import ATTEMPTS
from articles.publishing.scheduling.schedule import schedule_withdrawal
from articles.record import events
from articles.record.models import Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.submit import submit
from tests.factories import edit, make_article, make_disclaimer, make_image, sign_as
from tests.hands import fresh
from tests.schedules import ZONE, make_due, soon


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("publish_due", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def row(schedule: Schedule) -> Schedule:
    return Schedule.objects.get(pk=schedule.pk)


def void_signature(page: ArticlePage) -> None:
    signoff = SignOff.objects.filter(subject=page.article_id, role=Role.MEDICAL).get()
    events.append("voided", subject_kind="article", subject=page.article_id, actor={}, data={"signoff": signoff.pk})


@pytest.fixture
def withdraw_later(people, published):
    said = {"reason": "safety"}
    return schedule_withdrawal(page=fresh(published), at=soon(), zone=ZONE, by=people.editor, **said)


def test_what_is_due_is_published(people, signed_later):
    page, schedule = signed_later(hero=make_image())
    make_due(schedule)

    said = run()

    article = json.loads(bytes(Publication.objects.get(article=page.article_id).body))
    assert article["content"]["hero"]["renditions"]
    assert fresh(page).live
    assert row(schedule).state == "done"
    assert row(schedule).outcome == "Published as edition 1."
    assert Event.objects.get(kind="published").actor["user"] == people.editor.pk
    assert f"published {page.title}, scheduled for" in said


def test_what_is_not_due_waits(signed_later):
    _, schedule = signed_later()

    said = run()

    assert not Publication.objects.exists()
    assert row(schedule).state == "waiting"
    assert "0 published" in said


def test_it_is_due_at_its_very_instant(signed_later):
    _, schedule = signed_later()

    before = publish_due(now=schedule.instant - timedelta(microseconds=1))
    at = publish_due(now=schedule.instant)

    assert (len(before.published), len(at.published)) == (0, 1)


def test_a_second_run_finds_nothing_to_do(signed_later):
    _, schedule = signed_later()
    make_due(schedule)
    publish_due()
    ledger = Event.objects.count()

    report = publish_due()

    assert (report.published, report.failed, report.recomposed, report.swept) == ([], [], 0, [])
    assert Event.objects.count() == ledger
    assert Edition.objects.count() == 1


def test_a_withdrawal_that_is_due_gives_readers_its_explanation(published, withdraw_later):
    make_due(withdraw_later)

    report = publish_due()

    notice = Publication.objects.get().notice
    assert [item.article for item in report.withdrawn] == [str(published.article_id)]
    assert (notice["reason"], notice["explanation"]) == (
        "safety",
        "This article was withdrawn for safety reasons. Do not act on earlier copies of it.",
    )


def test_an_article_is_published_and_withdrawn_in_the_order_of_its_instants(people, signed_later):
    page, first = signed_later()
    said = {"reason": "other"}
    second = schedule_withdrawal(page=page, at=soon(hours=3), zone=ZONE, by=people.editor, **said)
    make_due(first, second)

    publish_due()

    kinds = Event.objects.filter(kind__in=["published", "withdrawn"], subject=page.article_id)
    assert list(kinds.values_list("kind", flat=True)) == ["published", "withdrawn"]


def test_a_signature_that_was_voided_stops_it(signed_later):
    page, schedule = signed_later()
    make_due(schedule)
    void_signature(page)

    with pytest.raises(CommandError) as failed:
        run()

    assert failed.value.returncode == 1
    assert not Publication.objects.exists()
    assert row(schedule).state == "failed"
    assert row(schedule).outcome == "Missing signatures: medical reviewer on the medical part."
    assert Event.objects.get(kind="refused").data["code"] == "not-signed-off"


def test_a_policy_that_grew_stricter_stops_it(signed_later):
    _, schedule = signed_later()
    make_due(schedule)
    Policy.objects.filter(kind="medical").update(medical=2)

    report = publish_due()

    assert "Missing signatures: medical reviewer" in report.failed[0].detail
    assert not Publication.objects.exists()


def test_a_schedule_without_any_signature_fails(people, later):
    schedule = later(make_article(by=people.author))
    make_due(schedule)

    publish_due()

    assert row(schedule).state == "failed"
    assert not Publication.objects.exists()


def test_a_text_that_changed_after_it_was_scheduled_is_refused_with_what_changed(people, signed_later):
    page, schedule = signed_later()
    edit(page, by=people.author, title="Another title")
    make_due(schedule)

    publish_due()

    assert "The text changed after it was scheduled: Title" in row(schedule).outcome
    refused = Event.objects.get(kind="refused").data
    assert (refused["code"], refused["detail"]) == ("content-changed", "The text changed after it was scheduled.")
    assert not Publication.objects.exists()


def test_a_changed_text_is_refused_although_it_is_completely_signed(people, later):
    page = make_article(by=people.author)
    schedule = later(page)
    page = edit(page, by=people.author, summary="A summary that was never scheduled.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    make_due(schedule)

    report = publish_due()

    assert "medical part" in report.failed[0].detail
    assert not Publication.objects.exists()


def test_a_changed_text_that_was_scheduled_again_is_published(people, later):
    page = make_article(by=people.author)
    later(page)
    page = edit(page, by=people.author, summary="What a reviewer asked for.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    make_due(later(fresh(page)))

    report = publish_due()

    article = json.loads(bytes(Publication.objects.get().body))
    assert (len(report.published), report.failed) == (1, [])
    assert article["content"]["summary"] == "What a reviewer asked for."


def test_after_a_failure_the_article_can_be_published_as_ever(people, signed_later):
    page, schedule = signed_later()
    void_signature(page)
    make_due(schedule)
    publish_due()
    submit(page=fresh(page), by=people.author)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    assert Publication.objects.get().edition == 1


def test_one_failure_stops_no_other(people, signed_later):
    (broken, first), (sound, second) = signed_later(), signed_later()
    make_due(first, second)
    void_signature(broken)

    report = publish_due()

    assert [item.article for item in report.failed] == [str(broken.article_id)]
    assert [item.article for item in report.published] == [str(sound.article_id)]


def test_a_deleted_page_fails_and_says_so(signed_later):
    page, schedule = signed_later()
    make_due(schedule)
    ArticlePage.objects.get(pk=page.pk).delete()

    report = publish_due()

    assert row(schedule).state == "failed"
    assert "was deleted" in report.failed[0].detail


def test_an_image_whose_file_is_gone_fails_and_says_so(people, later):
    image = make_image()
    schedule = later(make_article(by=people.author, hero=image))
    image.file.storage.delete(image.file.name)
    make_due(schedule)

    report = publish_due()

    assert report.failed
    assert not Publication.objects.exists()


def test_what_nobody_foresaw_is_tried_again_but_not_for_ever(signed_later):
    (page, first), (_, second) = signed_later(), signed_later()
    spoil_revision(page)
    make_due(first, second)

    reports = [publish_due() for _ in range(ATTEMPTS + 1)]

    assert [len(report.failed) for report in reports] == [1] * ATTEMPTS + [0]
    assert len(reports[0].published) == 1
    assert row(first).state == "failed"
    assert row(first).outcome.startswith(f"Given up after {ATTEMPTS} attempts. ")


def test_what_was_mended_in_time_is_published_by_the_next_run(signed_later):
    page, schedule = signed_later()
    content = spoil_revision(page)
    make_due(schedule)
    publish_due()
    assert (row(schedule).state, row(schedule).attempts) == ("waiting", 1)
    revisions_of(page).update(content=content)

    report = publish_due()

    assert len(report.published) == 1


def test_json_names_everything_that_was_done(signed_later):
    page, schedule = signed_later()
    make_due(schedule)

    said = json.loads(run("--format", "json"))

    [item] = said.pop("published")
    assert said == {"withdrawn": [], "failed": [], "recomposed": 0, "swept": []}
    assert item == {
        "article": str(page.article_id),
        "title": page.title,
        "scheduled_for": row(schedule).moment,
        "detail": "Published as edition 1.",
    }


def test_an_article_whose_review_falls_due_is_recomposed(published):
    status = json.loads(bytes(Publication.objects.get().body))["review"]["status"]
    Publication.objects.update(fresh_until=timezone.now(), etag="of an earlier day")

    report = publish_due()

    assert status == "current"
    assert report.recomposed == 1


def test_a_disclaimer_that_is_not_signed_is_named(people, signed_later):
    _, schedule = signed_later(disclaimers=[make_disclaimer(by=people.author)])
    make_due(schedule)

    report = publish_due()

    assert "These disclaimers are not signed yet" in report.failed[0].detail


def revisions_of(page: ArticlePage):
    return type(page.latest_revision).objects.filter(pk=page.latest_revision_id)


def spoil_revision(page: ArticlePage) -> dict:
    """A revision that Wagtail cannot read: no rule foresees it. What it was before."""
    content = revisions_of(page).get().content
    revisions_of(page).update(content={"pk": page.pk})
    return content
