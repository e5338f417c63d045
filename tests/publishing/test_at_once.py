"""Several machines run `publish_due` in the same minute: each item is done once, and nobody waits for another."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from articles.publishing.jobs.due import publish_due
from articles.publishing.models import Schedule
from articles.publishing.scheduling.schedule import cancel, schedule_publication
from articles.record.models import Edition, Event, Publication
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.factories import make_article, make_clinician, make_user, sign_as
from tests.faults.processes import CONTEXT, together
from tests.faults.state import require_sound
from tests.hands import fresh
from tests.schedules import ZONE, make_due, soon


@pytest.fixture
def due(world):
    """Three signed articles whose hour has come, committed: (page, schedule) each."""
    people = SimpleNamespace(
        author=make_user("author", "Authors"), editor=make_user("editor", "Editors"), reviewer=make_clinician()
    )
    made = [_signed(people) for _ in range(3)]
    make_due(*[schedule for _, schedule in made])
    return SimpleNamespace(people=people, items=made)


def _signed(people):
    page = make_article(by=people.author)
    schedule = schedule_publication(page=page, at=soon(), zone=ZONE, by=people.editor)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    return fresh(page), schedule


def test_two_runs_at_once_do_each_item_once(due):
    told = together(publish_due, publish_due)

    assert told == ["done", "done"]
    publish_due()  # what both skipped for the other's sake
    assert list(Schedule.objects.values_list("state", flat=True)) == ["done"] * 3
    assert Event.objects.filter(kind="published").count() == 3
    assert Edition.objects.count() == 3
    require_sound()


def test_cancelling_while_it_is_published_ends_as_the_ledger_says(due):
    page, schedule = due.items[0]

    told = together(publish_due, lambda: cancel(schedule=schedule, by=due.people.editor))

    is_published = Publication.objects.filter(article=page.article_id).exists()
    assert told[0] == "done"
    assert told[1] == ("cannot-schedule" if is_published else "done")
    assert Schedule.objects.get(pk=schedule.pk).state == ("done" if is_published else "cancelled")
    require_sound()


@pytest.mark.parametrize("model", ["schedule", "page"])
def test_an_item_that_another_machine_holds_is_skipped_and_the_others_go_on(due, model):
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one transaction excludes all others, so nothing can be held beside")
    page, schedule = due.items[0]
    held = Schedule.objects.filter(pk=schedule.pk) if model == "schedule" else type(page).objects.filter(pk=page.pk)

    with holding(held):
        first = publish_due()
    second = publish_due()

    assert [item.article for item in first.published] == [str(page.article_id) for page, _ in due.items[1:]]
    assert first.failed == []
    assert [item.article for item in second.published] == [str(page.article_id)]


class holding:
    """Another process holds the lock on these rows meanwhile."""

    def __init__(self, rows) -> None:
        self.rows, self.holds, self.release = rows, CONTEXT.Event(), CONTEXT.Event()

    def __enter__(self) -> None:
        connection.close()
        self.process = CONTEXT.Process(target=self.hold)
        self.process.start()
        assert self.holds.wait(30)

    def hold(self) -> None:
        with transaction.atomic():
            list(self.rows.select_for_update())
            self.holds.set()
            self.release.wait(60)
        connection.close()

    def __exit__(self, *error) -> None:
        self.release.set()
        self.process.join(30)
