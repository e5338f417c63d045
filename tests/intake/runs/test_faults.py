"""kill -9 of a real worker on a database file, while it reads and while it drafts: nothing twice, nothing half."""

import os
import subprocess
import sys
import time

import pytest
from django.db import connections
from django.utils import timezone

from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.intake.models import ImportedArticle, ImportRun
from articles.intake.runs.starting import start_run
from articles.intake.runs.tasks import STALLED, queue
from articles.intake.states import RunState
from tests.conftest import ROOT
from tests.factories import make_user
from tests.intake.runs.conftest import article, upload

MOST_S = 120
COUNT = 60


@pytest.fixture
def worker(world):
    """worker() starts `manage.py worker` on the database of the test; what still runs at the end is killed."""
    if world.is_postgresql:
        pytest.skip("the database of this test is a file")
    started = []

    def start() -> subprocess.Popen:
        given = {"DATABASE_URL": f"sqlite:///{world.name}", "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        command = [sys.executable, "manage.py", "worker"]
        environment = os.environ | given | {"VAR_DIR": str(world.folder)}
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def wait_until(said) -> None:
    until = time.monotonic() + MOST_S
    while not said():
        assert time.monotonic() < until, "the worker did not get there"
        connections.close_all()
        time.sleep(0.02)


def killed(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    ImportRun.objects.update(beat_at=timezone.now() - STALLED)  # two minutes later


def is_ready() -> bool:
    return ImportRun.objects.get().state == RunState.READY


def test_a_worker_that_is_killed_leaves_nothing_twice_and_the_next_one_goes_on(worker):
    index, editor = ArticleIndexPage.objects.get(), make_user("editor", "Editors")
    uploads = [upload(f"{number}.txt", article(f"Article {number}", "Symptoms", "Risks")) for number in range(COUNT)]
    run = start_run(by=editor, parent=index, language="en", uploads=uploads)

    first = worker()
    wait_until(lambda: ImportedArticle.objects.count() >= 5)
    killed(first)
    read_before = ImportedArticle.objects.count()
    second = worker()
    wait_until(is_ready)
    queue(run, RunState.DRAFTING)
    wait_until(lambda: ArticlePage.objects.count() >= 5)
    killed(second)
    drafts_before = ArticlePage.objects.count()
    worker()
    wait_until(is_ready)

    assert 5 <= read_before < COUNT and 5 <= drafts_before < COUNT
    titles = sorted(ArticlePage.objects.values_list("title", flat=True))
    assert titles == sorted(f"Article {number}" for number in range(COUNT))
    assert set(ImportedArticle.objects.values_list("state", flat=True)) == {"drafted"}
    assert ImportedArticle.objects.values("draft").distinct().count() == COUNT
