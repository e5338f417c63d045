"""A PostgreSQL that hangs: stopped by SIGSTOP under load, so that connections stay and nobody answers.

Source: issue 10, Shows 6. Delivery answers what it has or 503, in time, never less, and recovers by itself.
"""

import http.client
import json
import os
import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest
from django.db import OperationalError, connections

from api.protocol import patience
from tests.bench.server import running
from tests.faults.own_postgres import copied

STOPPED_S = 20 if os.environ.get("PROVE") else 8  # longer than two tries, and the pauses after them
ANSWERED_S, RECOVERED_S = 3, 10
PROCESSES = ("cms.settings.delivery", "cms.settings.dev")  # delivery alone, and the whole project
CLIENTS, REST_S = 4, 0.02
MOVES = {"valid_until", "request_id"}  # with the clock, or with each request
PATHS = (
    "/api/v1/articles/{slug}/",
    "/api/v1/articles/{slug}/sections/",
    "/api/v1/articles/",
    "/api/v1/articles/?q=scalp",
    "/api/v1/articles/?facets=kind",
    "/api/v1/changes/",
    "/api/v1/changes/?include=articles",
    "/api/v1/topics/",
    "/api/v1/people/",
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.environ.get("TEST_ENGINE") != "postgresql", reason="SQLite has no server that could hang"),
]


@dataclass(frozen=True)
class Answer:
    path: str
    begun: float
    took: float
    status: int
    headers: dict[str, str]
    content: dict

    @property
    def is_refusal(self) -> bool:
        """503 as documented."""
        said = (self.status, self.content.get("type"), self.headers["content-type"])
        return said == (503, "/problems/unavailable", "application/problem+json") and "retry-after" in self.headers


def ask(port: int, path: str) -> Answer:
    begun = time.monotonic()
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asking.request("GET", path)
        answer = asking.getresponse()
        content = json.loads(answer.read(), object_hook=without_what_moves)
    finally:
        asking.close()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(path, begun, time.monotonic() - begun, answer.status, headers, content)


def without_what_moves(found: dict) -> dict:
    return {name: value for name, value in found.items() if name not in MOVES}


@contextmanager
def load(port: int, paths: list[str]):
    """Clients that ask for all paths in turns, until the end; gives what they were answered."""
    answers, ended, failed = [], threading.Event(), []

    def client(at: int) -> None:
        try:
            while not ended.is_set():
                answers.append(ask(port, paths[at % len(paths)]))
                at += 1
                time.sleep(REST_S)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=client, args=[at]) for at in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failed == []


@pytest.fixture
def other(monkeypatch):
    """other(HOST=…): a connection of its own, which the test may lose; with a short patience."""
    monkeypatch.setattr(patience, "WAIT_S", 0.3)
    monkeypatch.setattr(patience, "PAUSE_S", 0.6)
    monkeypatch.setitem(patience._next, "asked", 0.0)
    with ExitStack() as stack:

        def make(**changed):
            made = connections.create_connection("default")
            made.settings_dict = made.settings_dict | changed
            stack.callback(made.close)
            return made

        yield make


def fetch(database, sql: str):
    with database.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.fixture
def refused_within():
    """refused_within(seconds, database, sql) in a request of delivery."""

    def require(seconds: float, database, sql: str = "SELECT 1") -> None:
        begun = time.monotonic()
        with patience.limit, pytest.raises(OperationalError):
            fetch(database, sql)
        assert time.monotonic() - begun < seconds

    return require


def test_delivery_refuses_in_time_while_its_database_hangs_and_then_recovers(published, tmp_path):
    paths = [path.format(slug=published.slug) for path in PATHS]
    with ExitStack() as stack:
        own = stack.enter_context(copied())
        given = {"DATABASE_URL": own.url(), "VAR_DIR": str(tmp_path), "SECRET_KEY": "tests-only"}
        ports = [stack.enter_context(running(name, environment=given))[0] for name in PROCESSES]
        full = [{path: ask(port, path).content for path in paths} for port in ports]
        loads = [stack.enter_context(load(port, paths)) for port in ports]
        time.sleep(1)
        stopped = time.monotonic()
        own.stop()
        time.sleep(STOPPED_S)
        own.go_on()
        recovered = [recovery(port, paths) for port in ports]
        time.sleep(1)

    assert all(whole["/api/v1/articles/"]["results"] for whole in full)
    for answers, whole, since in zip(loads, full, recovered, strict=True):
        assert max(answer.took for answer in answers) < ANSWERED_S
        assert [answer for answer in answers if not (answer.is_refusal or is_full(answer, whole))] == []
        assert [answer for answer in answers if answer.begun > stopped and answer.is_refusal]
        assert {answer.status for answer in answers if not stopped < answer.begun + answer.took < since} == {200}


def is_full(answer: Answer, whole: dict[str, dict]) -> bool:
    return answer.status == 200 and answer.content == whole[answer.path]


def recovery(port: int, paths: list[str]) -> float:
    """When all was answered with 200 again; fails if that takes longer than RECOVERED_S."""
    begun = time.monotonic()
    while any(ask(port, path).status != 200 for path in paths):
        assert time.monotonic() - begun < RECOVERED_S
        time.sleep(REST_S)
    return time.monotonic()


def test_a_request_of_delivery_gives_up_and_its_connection_is_closed(other, refused_within):
    database = other()
    fetch(database, "SELECT 1")

    refused_within(1, database, "SELECT pg_sleep(5)")

    assert database.connection.closed
    database.close_if_unusable_or_obsolete()  # as Django does after a request
    time.sleep(patience.PAUSE_S)
    with patience.limit:
        assert fetch(database, "SELECT 2") == 2


def test_the_next_requests_are_refused_at_once_for_a_while(other, refused_within, caplog):
    refused_within(1, other(), "SELECT pg_sleep(5)")

    for _ in range(3):
        refused_within(0.1, other())

    assert len(caplog.records) == 1


def test_a_server_that_takes_connections_and_says_nothing_is_given_up_for_all_its_addresses(other, refused_within):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        here = {"HOST": "127.0.0.1,127.0.0.1", "PORT": str(silent.getsockname()[1])}

        refused_within(1, other(**here))


def test_whoever_is_not_a_request_of_delivery_waits_as_long_as_it_takes(other, refused_within):
    refused_within(1, other(), "SELECT pg_sleep(5)")

    assert fetch(other(), "SELECT 1 FROM pg_sleep(0.5)") == 1
