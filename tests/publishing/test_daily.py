"""`manage.py daily`: every step, in one run, safe twice; one that fails stops no other and is named."""

import io
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.publishing.jobs import daily, reminders
from articles.record.ledger import anchors
from articles.record.models import Event, Publication
from articles.review.mail import digests
from articles.review.models import Mail, Reminder
from cms.models import User
from tests.schedules import make_due
from tests.tasks import run_all

STEPS = ["due", "needs", "reminders", "escalations", "pools", "emergencies", "digests"]
STEPS += ["links", "tasks", "logins", "stamp", "anchor"]


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("daily", *options, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def run_failing(*options: str) -> tuple[str, str]:
    """(what it printed, what it ended with)."""
    out = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("daily", *options, stdout=out, stderr=io.StringIO())
    assert failed.value.returncode == 1
    return out.getvalue(), str(failed.value)


@pytest.fixture
def due_review(published):
    """An article whose review falls due today."""
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    Publication.objects.filter(article=published.article_id).update(next_review_on=timezone.now().date())
    Mail.objects.all().delete()
    return published


def test_it_reminds_sends_and_notes_the_ledgers_head(due_review, tmp_path):
    file = tmp_path / "anchors.jsonl"

    said = run("--anchor", str(file))
    run_all()

    assert [line.split()[0] for line in said.splitlines()] == STEPS
    assert sorted(message.to[0] for message in mail.outbox) == ["author@example.org", "reviewer@example.org"]
    assert {message.subject.split(" on ")[0] for message in mail.outbox} == {"Review due"}
    assert json.loads(file.read_text())["number"] == anchors.head()["number"]


def test_a_second_run_does_nothing_twice(due_review, tmp_path):
    file = tmp_path / "anchors.jsonl"
    run("--anchor", str(file))
    run_all()
    before = (Event.objects.count(), Mail.objects.count(), Reminder.objects.count(), file.read_text())

    said = run("--anchor", str(file))
    run_all()

    assert (Event.objects.count(), Mail.objects.count(), Reminder.objects.count(), file.read_text()) == before
    assert len(mail.outbox) == 2
    assert "0 reminded" in said
    assert "already ends with the head" in said


def test_it_publishes_what_is_due(signed_later):
    page, schedule = signed_later()
    make_due(schedule)

    said = run()

    assert Publication.objects.filter(article=page.article_id).exists()
    assert "1 published" in said


def test_without_a_file_the_anchor_is_skipped_and_it_says_so(db):
    assert "anchor       skipped: no --anchor and no LEDGER_ANCHOR." in run()


def test_the_file_may_come_from_the_environment(published, settings, tmp_path):
    settings.LEDGER_ANCHOR = tmp_path / "anchors.jsonl"

    run()

    assert settings.LEDGER_ANCHOR.exists()


def test_a_step_that_fails_is_named_and_stops_no_other(due_review, monkeypatch, tmp_path):
    def broken(now):
        raise RuntimeError("the clock stands still")

    monkeypatch.setattr(reminders, "remind", broken)

    said, ended = run_failing("--anchor", str(tmp_path / "anchors.jsonl"))

    assert "reminders    FAILED: RuntimeError: the clock stands still." in said
    assert [line.split()[0] for line in said.splitlines()] == STEPS
    assert (tmp_path / "anchors.jsonl").exists()
    assert ended.startswith("Failed: reminders;")


def test_a_digest_that_fails_is_named(due_review, monkeypatch):
    def broken(rows, user):
        raise RuntimeError("no words")

    monkeypatch.setattr(digests, "_said", broken)

    said, ended = run_failing()

    assert "digests      FAILED: 0 sent; failed: user" in said and "RuntimeError: no words" in said
    assert ended.startswith("Failed: digests;")


def test_a_ledger_that_does_not_continue_the_file_fails_the_anchor(published, tmp_path):
    file = tmp_path / "anchors.jsonl"
    file.write_text('{"number": 99999, "hash": "00", "at": "2026-01-01T00:00:00.000000Z"}\n')

    said, ended = run_failing("--anchor", str(file))

    assert "FAILED" in said
    assert ended.startswith("Failed: anchor;")
    assert file.read_text().count("\n") == 1


def test_a_file_that_cannot_be_written_fails_the_anchor(published, tmp_path):
    _, ended = run_failing("--anchor", str(tmp_path / "nowhere" / "anchors.jsonl"))

    assert ended.startswith("Failed: anchor;")


def test_tasks_that_ended_more_than_two_weeks_ago_are_forgotten(due_review):
    run()
    run_all()
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=14, minutes=1))
    due = {"task_path": "a.task", "args_kwargs": {}, "backend_name": "worker"}
    queued = DBTaskResult.objects.create(run_after=timezone.now(), **due)

    assert "old tasks deleted" in run()
    assert DBTaskResult.objects.get() == queued


def test_json_names_every_step_and_what_it_did(db):
    said = json.loads(run("--format", "json"))

    assert [item["step"] for item in said] == STEPS
    assert not any(item["is_failed"] for item in said)


def test_an_empty_ledger_has_nothing_to_note(db, tmp_path):
    assert daily.add_anchor(tmp_path / "anchors.jsonl") == "skipped: the ledger is empty"
