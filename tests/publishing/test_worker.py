"""`manage.py worker`: sends what is queued, does what is due, and ends on a signal with the task that it runs."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO

import pytest
from django.utils import timezone

from articles.management.commands.worker import Command
from articles.record.models import Publication
from cms.demo.mailbox import letters
from tests import databases
from tests.conftest import ROOT
from tests.schedules import make_due

POST = """
import django
django.setup()
from articles.review.mail import outbox
from cms.models import User
reader = User.objects.create(username="reader", email="reader@example.org")
outbox.post(kind="refused", about=7, to=[reader], context={"name": "Itchy scalp", "reason": "", "link": ""})
"""


@pytest.fixture
def worker(db):
    return Command(stdout=StringIO())


def test_each_minute_it_publishes_what_is_due(worker, signed_later):
    page, schedule = signed_later()
    make_due(schedule)

    worker.each_minute(timezone.now())

    assert Publication.objects.filter(article=page.article_id).exists()
    assert worker.stdout.getvalue().startswith("published")


def test_each_day_it_notes_the_ledgers_head(worker, published, settings, tmp_path):
    settings.LEDGER_ANCHOR = tmp_path / "anchors.jsonl"

    worker.each_day(timezone.now())

    assert settings.LEDGER_ANCHOR.exists()
    assert worker.stdout.getvalue() == ""


def test_a_daily_step_that_fails_is_named_and_the_worker_goes_on(worker, published, settings, tmp_path):
    settings.LEDGER_ANCHOR = tmp_path / "nowhere" / "anchors.jsonl"

    worker.each_day(timezone.now())

    assert worker.stdout.getvalue().startswith("anchor       FAILED")


def test_a_job_is_done_once_a_period(worker):
    done, now = [], timezone.now()

    for period in ("09:00", "09:00", "09:01"):
        worker.once("minute", period, done.append, now)

    assert len(done) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_sends_what_another_one_wrote_and_ends_on_a_signal(tmp_path, number):
    databases.sqlite_copy(tmp_path / "vetted.sqlite3")
    given = os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    given.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", POST], cwd=ROOT, env=given, check=True)
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=given)
    try:
        ends = time.monotonic() + 60
        while not (sent := list(letters(tmp_path / "mail"))) and time.monotonic() < ends:
            time.sleep(0.1)
        process.send_signal(number)

        assert process.wait(timeout=5) == 0
    finally:
        process.kill()

    assert [(letter["To"], letter["Subject"]) for letter in sent] == [("reader@example.org", "Refused: Itchy scalp")]
