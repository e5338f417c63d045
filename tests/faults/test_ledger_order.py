"""Many writers, one reader: every event is seen once, in order, although some writers roll back and some are slow."""

import multiprocessing
import os
import random
import time

import psycopg
import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from articles.authoring.models import ArticlePage
from articles.publishing.publish import publish_article
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import Event
from articles.record.vocabulary import EventKind, Role, SubjectKind
from tests.factories import make_article, sign_only
from tests.faults.processes import together
from tests.faults.scenes import make_people
from tests.faults.state import require_sound

WRITERS = 8
ARTICLES = 200 if os.environ.get("PROVE") else 64


class Undone(Exception):
    """Takes a transaction back after its number was taken."""


@pytest.fixture
def postgresql(world):
    if not world.is_postgresql:
        pytest.skip("SQLite has one writer at a time; this is PostgreSQL's test")
    return world


def test_saving_locks_the_page_before_its_revision_as_publishing_does(postgresql):
    """The other way round, an autosave and a publication waited for each other, and PostgreSQL ended one of them."""
    people = make_people()
    page = make_article(by=people.author)
    draft = page.get_latest_revision_as_object()

    with CaptureQueriesContext(connection) as asked:
        draft.save_revision(user=people.author, overwrite_revision=page.get_latest_revision())

    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"] or query["sql"].startswith("UPDATE")]
    assert "wagtailcore_page" in locks[0]
    assert "FOR UPDATE" in locks[0]
    assert any(query.startswith('UPDATE "wagtailcore_revision"') for query in locks[1:])


def sign_without_workflow(page, people) -> None:
    """The signatures alone: this test is about the ledger, not about workflows."""
    for user, role, parts in ((people.editor, Role.EDITOR, []), (people.reviewer, Role.MEDICAL, ["medical"])):
        sign_only(page, user, role, *parts)


def writer(pages, people, seed: int):
    """Publishes and withdraws its articles; now and then takes a number and gives it back, or waits with it."""
    dice = random.Random(seed)

    def write() -> None:
        for key in pages:
            sign_without_workflow(ArticlePage.objects.get(pk=key), people)
            publish_article(page=ArticlePage.objects.get(pk=key), by=people.editor)
            waste_a_number(key, dice)
            withdraw(page=ArticlePage.objects.get(pk=key), reason="other", by=people.editor)

    return write


def waste_a_number(key: int, dice: random.Random) -> None:
    try:
        with transaction.atomic():
            article = ArticlePage.objects.get(pk=key).article_id
            events.append(EventKind.REFUSED, subject_kind=SubjectKind.ARTICLE, subject=article, actor={})
            time.sleep(dice.random() / 50)
            if dice.random() < 0.7:
                raise Undone
    except Undone:
        pass


def watch(url: str, seen, stop) -> None:
    """A reader that polls for what is newer than the last number it saw."""
    last, numbers = 0, []
    with psycopg.connect(url, autocommit=True) as reader:
        while True:
            is_last_round = stop.is_set()
            rows = reader.execute(
                "SELECT number FROM record_event WHERE number > %s ORDER BY number", [last]
            ).fetchall()
            numbers += [row[0] for row in rows]
            last = numbers[-1] if numbers else 0
            if is_last_round and not rows:
                break
            time.sleep(0.002)
    seen.put(numbers)


def test_a_reader_of_the_ledger_misses_nothing_of_eight_writers(postgresql):
    people = make_people()
    pages = [make_article(by=people.author).pk for _ in range(ARTICLES)]
    url = connection.get_connection_params()
    address = f"host={url['host']} port={url['port']} user={url['user']} dbname={url['dbname']}"
    context = multiprocessing.get_context("fork")
    seen, stop = context.SimpleQueue(), context.Event()
    connections.close_all()
    reader = context.Process(target=watch, args=(address, seen, stop))
    reader.start()

    told = together(*[writer(pages[place::WRITERS], people, place) for place in range(WRITERS)])
    stop.set()
    numbers = seen.get()
    reader.join(30)

    assert told == ["done"] * WRITERS
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) == Event.objects.count()
    assert Event.objects.filter(kind="withdrawn").count() == ARTICLES
    require_sound()


def test_the_control_a_plain_sequence_loses_an_event_to_such_a_reader(postgresql):
    """Two writers and a reader in a fixed order: the later number commits first, the earlier is never seen."""
    given = connection.get_connection_params()
    address = f"host={given['host']} port={given['port']} user={given['user']} dbname={given['dbname']}"
    first, second, reader = (psycopg.connect(address) for _ in range(3))
    reader.autocommit = True
    reader.execute("CREATE TABLE plain_event (number bigserial PRIMARY KEY)")

    first.execute("INSERT INTO plain_event DEFAULT VALUES")
    second.execute("INSERT INTO plain_event DEFAULT VALUES")
    second.commit()
    seen = [row[0] for row in reader.execute("SELECT number FROM plain_event WHERE number > 0")]
    first.commit()
    seen += [row[0] for row in reader.execute("SELECT number FROM plain_event WHERE number > %s", [max(seen)])]

    assert seen == [2]
    assert reader.execute("SELECT count(*) FROM plain_event").fetchone() == (2,)
    for opened in (first, second, reader):
        opened.close()
