"""The sync client of docs/json.md: whatever happens meanwhile, it ends with the set that the list shows."""

import json
import os
import random
import re
import socket
import threading
from contextlib import closing, suppress
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from articles.record import epoch, events
from articles.record.models import Path, Publication
from tests.conftest import ROOT

PAGE = (ROOT / "docs/json.md").read_text()
CODE = re.search(r"```python\n(.+?)```", PAGE.partition("## Keep a copy in sync")[2], re.DOTALL)[1]
HISTORIES = 1000 if os.environ.get("PROVE") else 20
NOTICE = {
    "reason": "other",
    "explanation": "",
    "replacement": None,
    "withdrawn_at": None,
    "temporary": False,
    "lang": "en",
}


@pytest.fixture(scope="module")
def script() -> dict:
    found: dict = {}
    exec(compile(CODE, "docs/json.md", "exec"), found)
    return found


@pytest.fixture(scope="module")
def sync(script):
    return script["sync"]


class Stopped(Exception):
    """The app was closed in the middle of a sync."""


class Network:
    """fetch(url) of the documentation, with random page sizes; the app is closed now and then, before an answer or
    before it is stored."""

    def __init__(self, client, dice: random.Random, server: "Server", copy: dict) -> None:
        self.client, self.dice, self.server, self.copy = client, dice, server, copy
        self.given: dict[str, int] = {}  # {cursor: the life of the server that gave it}
        self.had: dict[str, dict] = {}  # {cursor: what the app had when it first asked with it}
        self.told: list[tuple[int, str]] = []

    def __call__(self, url: str) -> tuple[int, dict]:
        self.had.setdefault(self.copy.get("cursor", ""), dict(self.copy.get("articles", {})))
        if self.dice.random() < 0.15:
            raise Stopped
        status, body = ask(self.client, url, size=self.dice.choice([1, 2, 3, 100]))
        self.told.append((status, body.get("type", "")))
        if status == 200:
            self.given.setdefault(body["cursor"], self.server.life)
        if self.dice.random() < 0.1:
            raise Stopped
        return status, body


def ask(client, url: str, *, size: int) -> tuple[int, dict]:
    answer = client.get(f"{url.removeprefix('http://127.0.0.1:8000')}&page_size={size}")
    return answer.status_code, json.loads(answer.content)


class Server:
    """What editors do, as the record keeps it: an event, and the row that it changed."""

    def __init__(self, first: Publication, dice: random.Random) -> None:
        self.first, self.dice = first, dice
        self.kept, self.life = "", 0

    def act(self) -> None:
        usual = (self.publish, self.publish, self.change, self.change, self.withdraw, self.withhold, self.bring_back)
        self.dice.choice([*usual, self.back_up, self.restore])()

    def back_up(self) -> None:
        self.kept = transaction.savepoint()

    def restore(self) -> None:
        """All is as it was, under a new epoch: the numbers of events are given again, to others."""
        if self.kept:
            transaction.savepoint_rollback(self.kept)
            epoch.renew()
            self.life += 1

    def publish(self) -> None:
        row = Publication.objects.get(article=self.first.article)
        old, row.article = str(row.article), UUID(int=self.dice.getrandbits(128), version=4)
        row.slug = f"copy-{row.article}"
        for name in ("body", "portable", "card"):
            setattr(row, name, bytes(getattr(self.first, name)).replace(old.encode(), str(row.article).encode()))
        self._save(row, "published", "published", force_insert=True)
        Path.objects.create(article=row.article, locale=row.locale, slug=row.slug, current=True)

    def change(self) -> None:
        if row := self._one_of("published"):
            self._save(row, "refiled", "published")

    def withdraw(self) -> None:
        if row := self._one_of("published"):
            row.notice = NOTICE
            self._save(row, "withdrawn", "withdrawn")

    def withhold(self) -> None:
        """Its time of grace has ended."""
        if row := self._one_of("published"):
            row.after_grace, row.grace_ends_at = "withhold", timezone.now()
            self._save(row, "refiled", "withheld")

    def bring_back(self) -> None:
        if row := self._one_of("withdrawn", "withheld"):
            row.notice, row.after_grace, row.grace_ends_at = None, self.first.after_grace, self.first.grace_ends_at
            self._save(row, "published", "published")

    def _one_of(self, *states: str) -> Publication | None:
        rows = list(Publication.objects.filter(state__in=states).order_by("article"))
        return self.dice.choice(rows) if rows else None

    def _save(self, row: Publication, kind: str, state: str, **options) -> None:
        with transaction.atomic():
            line = events.append(kind, subject_kind="article", subject=row.article, actor={}, data={})
            row.event, row.composed_at, row.state = line.number, timezone.now(), state
            row.portable = re.sub(rb'"edition":\{"number":\d+', b'"edition":{"number":%d' % line.number, row.portable)
            row.save(**options)


def shown(client) -> dict[str, dict]:
    """{id: article} of the list, all pages of it."""
    found, url = {}, "/api/v1/articles/?page_size=50"
    while url:
        page = json.loads(client.get(url.removeprefix("http://testserver")).content)
        found |= {row["id"]: row for row in page["results"]}
        url = page["next"]
    return {key: json.loads(client.get(f"/api/v1/articles/{key}/?rich_text=portable").content) for key in found}


def held(copy: dict) -> dict:
    ours = ("valid_until", "title")
    return {key: {k: v for k, v in row.items() if k not in ours} for key, row in copy.get("articles", {}).items()}


def finish(sync, copy: dict, network: Network) -> None:
    while True:
        try:
            assert sync(copy, network)
            return
        except Stopped:
            continue


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_client_ends_with_what_the_list_shows_whatever_happens_meanwhile(seed, recorded, sync):
    dice, client = random.Random(seed), Client()  # answers are held against their schema elsewhere
    server = Server(Publication.objects.get(article=recorded.article_id), dice)
    copy: dict = {}
    network = Network(client, dice, server, copy)

    for _ in range(dice.randint(3, 8)):
        for _ in range(dice.randint(0, 4)):
            server.act()
        if dice.random() < 0.2 and (old := [cursor for cursor in network.had if cursor]):
            copy["cursor"] = dice.choice(old)  # replayed, with what it has now
        with suppress(Stopped):
            sync(copy, network)
    finish(sync, copy, network)

    whole = shown(client)
    assert held(copy) == whole
    assert not set(copy["gone"]) & set(whole)
    for cursor, life in network.given.items():
        for articles in filter(None, [network.had.get(cursor), copy["articles"]]):
            again = {"articles": dict(articles), "cursor": cursor}
            replay = Network(client, dice, server, again)
            finish(sync, again, replay)
            assert held(again) == whole
            assert (replay.told[0] == (410, "/problems/cursor-expired")) == (life < server.life)


def entry(number: int, **more) -> dict:
    row = {"id": f"a{number}", "change": "upsert", "article": {"content": {"title": f"Title {number}"}}}
    return row | {"valid_until": None} | more


def page(*entries: dict, cursor: str, more: bool = False) -> tuple[int, dict]:
    until = None if more else "2027-01-02T12:00:00Z"
    return 200, {"results": list(entries), "cursor": cursor, "has_more": more, "valid_until": until}


def answering(*answers: tuple[int, dict]):
    """fetch(url) that gives these answers in turn; the last one for ever. `asked`: how often it was."""
    left = list(answers)

    def fetch(url: str) -> tuple[int, dict]:
        fetch.asked += 1
        assert fetch.asked < 10, "It asks for ever."
        return left.pop(0) if len(left) > 1 else left[0]

    fetch.asked = 0
    return fetch


EXPIRED = (410, {"type": "/problems/cursor-expired"})
DOWN = [(0, {}), (502, {}), (503, {}), (429, {}), (404, {})]


def test_the_old_copy_is_there_until_the_new_one_is_complete(sync):
    copy: dict = {}
    assert sync(copy, answering(page(entry(1), entry(2), cursor="c1")))
    old = json.loads(json.dumps(copy))

    for answers in ([EXPIRED], [(400, {})], *([EXPIRED, page(entry(3), cursor="n1", more=True), no] for no in DOWN)):
        assert not sync(copy, answering(*answers))
        assert copy == old

    assert sync(copy, answering(EXPIRED, page(entry(3), cursor="n1", more=True), page(entry(4), cursor="n2")))
    assert (set(copy["articles"]), copy["gone"], copy["cursor"]) == ({"a3", "a4"}, {}, "n2")


@pytest.mark.parametrize("failure", DOWN, ids=str)
def test_a_copy_is_good_only_as_long_as_its_last_complete_sync_said(sync, failure):
    copy: dict = {}
    assert not sync(copy, answering(page(entry(1), cursor="c1", more=True), failure))
    assert (set(copy["articles"]), copy["cursor"], copy.get("valid_until")) == ({"a1"}, "c1", None)

    assert sync(copy, answering(page(entry(2), cursor="c2")))
    until = copy["valid_until"]
    assert not sync(copy, answering(page(entry(3), cursor="c3", more=True), failure))

    assert (set(copy["articles"]), copy["cursor"], copy["valid_until"]) == ({"a1", "a2", "a3"}, "c3", until)


def test_what_was_withdrawn_keeps_its_title_and_says_why_until_it_is_back(sync):
    copy: dict = {}
    withheld = entry(1, change="tombstone", explanation="Overdue.", temporary=True)
    withdrawn = entry(1, change="tombstone", explanation="Wrong.", temporary=False)
    del withheld["article"], withdrawn["article"]
    sync(copy, answering(page(entry(1), cursor="c1")))

    for told, cursor in ((withheld, "c2"), (withdrawn, "c3"), (withdrawn, "c4")):
        assert sync(copy, answering(page(told, cursor=cursor)))
        assert copy["articles"] == {}
        assert (copy["gone"]["a1"]["title"], copy["gone"]["a1"]["explanation"]) == ("Title 1", told["explanation"])

    assert sync(copy, answering(page(entry(1), cursor="c5")))
    assert (set(copy["articles"]), copy["gone"]) == ({"a1"}, {})


HEAD = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
HTML = b"<html>Bad Gateway</html>"
SAID = {
    "a proxy's page": (HEAD % (b"502 Bad Gateway", len(HTML)) + HTML, 0),
    "a page to sign in to a network": (HEAD % (b"200 OK", len(HTML)) + HTML, 0),
    "half an answer": (HEAD % (b"200 OK", 100) + b'{"results":[', 0),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", 0),
    "nothing": (b"", 0),
    "a problem": (HEAD % (b"503 Unavailable", 17) + b'{"status": 503  }', 503),
}


@pytest.mark.parametrize(("said", "expected"), SAID.values(), ids=SAID)
def test_a_network_that_fails_is_no_crash(script, said, expected):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        answering = threading.Thread(target=_answer, args=(server, said))
        answering.start()
        status, body = script["fetch"](f"http://127.0.0.1:{server.getsockname()[1]}/")
        answering.join()

    assert status == expected and isinstance(body, dict)


def test_a_server_that_is_not_there_is_no_crash(script):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]

    assert script["fetch"](f"http://127.0.0.1:{port}/") == (0, {})


def _answer(server: socket.socket, said: bytes) -> None:
    with closing(server.accept()[0]) as connection:
        connection.recv(65536)
        connection.sendall(said)
