"""The sync client of docs/json.md: whatever happens meanwhile, it ends with the set that the list shows."""

import json
import os
import random
import re
from uuid import UUID

import pytest
from django.db import transaction
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
def sync():
    found: dict = {}
    exec(compile(CODE, "docs/json.md", "exec"), found)
    return found["sync"]


class Stopped(Exception):
    """The app was closed in the middle of a sync."""


class Network:
    """fetch(url) of the documentation, with random page sizes, that fails now and then."""

    def __init__(self, client, dice: random.Random) -> None:
        self.client, self.dice = client, dice
        self.cursors = [""]  # every cursor that was ever given

    def __call__(self, url: str) -> tuple[int, dict]:
        if self.dice.random() < 0.15:
            raise Stopped
        path = url.removeprefix("http://127.0.0.1:8000") + f"&page_size={self.dice.choice([1, 2, 3, 100])}"
        answer = self.client.get(path)
        body = json.loads(answer.content)
        self.cursors.append(body.get("cursor", ""))
        return answer.status_code, body


class Server:
    """What editors do, as the record keeps it: an event, and the row that it changed."""

    def __init__(self, first: Publication, dice: random.Random) -> None:
        self.first, self.dice = first, dice

    def act(self) -> None:
        self.dice.choice([self.publish, self.publish, self.change, self.change, self.withdraw, self.bring_back])()

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

    def bring_back(self) -> None:
        if row := self._one_of("withdrawn"):
            row.notice = None
            self._save(row, "published", "published")

    def _one_of(self, state: str) -> Publication | None:
        rows = list(Publication.objects.filter(state=state).order_by("article"))
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
    return {key: {k: v for k, v in row.items() if k != "valid_until"} for key, row in copy.get("articles", {}).items()}


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_a_client_ends_with_what_the_list_shows_whatever_happens_meanwhile(seed, recorded, client, sync):
    dice = random.Random(seed)
    network = Network(client, dice)
    server = Server(Publication.objects.get(article=recorded.article_id), dice)
    copy: dict = {}

    for _ in range(dice.randint(3, 8)):
        for _ in range(dice.randint(0, 4)):
            server.act()
        if dice.random() < 0.1:
            epoch.renew()
        if dice.random() < 0.2 and copy.get("cursor"):
            copy["cursor"] = dice.choice(network.cursors)  # replays an old one, with what it had then or later
        try:
            sync(copy, network)
        except Stopped:
            continue
    while True:
        try:
            assert sync(copy, network)
            break
        except Stopped:
            continue

    assert held(copy) == shown(client)
