"""Varnish in front: how soon a withdrawn article is gone, with and without a purge, and that its answers stay right."""

import gzip
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from types import SimpleNamespace

import pytest
from django.db import connections
from django.utils import timezone

from api.admin import keys
from api.models import ApiKey, Purged
from api.protocol.caching import MISSING_S, PROMISED_S
from api.purging import changed, purge
from articles.record.models import Event, Publication, Rendition
from articles.record.vocabulary import AfterGrace, EventKind
from tests import databases
from tests.bench.server import free_port, running
from tests.committed import World
from tests.conftest import ROOT
from tests.faults.scenes import Publish, Withdraw
from tests.faults.varnish import ask, delivery, load, varnish

PURGED_S = 2
SLACK_S = 0.5  # for a busy machine


@contextmanager
def in_front(world, folder):
    """A delivery process on the world's database, and Varnish before it."""
    name = databases.url_of(world.name) if world.is_postgresql else world.name
    given = delivery(name, folder)
    with running("cms.settings.delivery", environment=given) as (port, _), varnish(backend=port) as front:
        yield SimpleNamespace(port=front.web, purge=front.purge, direct=port)


@pytest.fixture
def withdrawal(world):
    """A published article with a picture; `act()` withdraws it, `gone_at()` says when that was committed."""
    scene = Withdraw()
    scene.arrange()
    row, picture = Publication.objects.get(), Rendition.objects.first()
    detail, pictures = f"/api/v1/articles/{row.slug}/", f"/editions/{picture.path}"

    def gone_at() -> float:
        return Event.objects.get(kind=EventKind.WITHDRAWN).at.timestamp()

    paths = (detail, "/api/v1/articles/", "/api/v1/changes/", pictures)
    return SimpleNamespace(article=str(row.article), paths=paths, act=scene.act, gone_at=gone_at)


@pytest.fixture
def purging(settings):
    """purging(port) purges a Varnish there from now on."""
    purge._begun = 0

    def at(port: int) -> None:
        settings.PURGE = {
            "BACKEND": "api.purging.caches.Varnish",
            "OPTIONS": {"addresses": [f"127.0.0.1:{port}"]},
        }

    yield at
    purge._begun = 0


def is_stale(answer, article: str) -> bool:
    """Whether it shows the article, or its picture, as if it were published; a tombstone in the feed is not."""
    if answer.headers["Content-Type"].startswith("image/"):
        return answer.status == 200
    said = json.loads(answer.body)
    if "results" in said:
        return any(row["id"] == article and row.get("change") != "tombstone" for row in said["results"])
    return answer.status == 200


def stale_for_s(answers, withdrawal) -> float:
    """From the commit until the last stale answer was asked for; requires that there were stale ones before it."""
    stale = [answer.asked_at for answer in answers if is_stale(answer, withdrawal.article)]
    assert stale and stale[0] < withdrawal.gone_at()
    return stale[-1] - withdrawal.gone_at()


def is_gone(port: int, withdrawal) -> bool:
    return not any(is_stale(ask(port, path), withdrawal.article) for path in withdrawal.paths)


def test_two_seconds_after_the_withdrawal_nothing_stale_is_served(world, withdrawal, purging, tmp_path):
    """Others ask the server itself, so that it has an answer to repeat for a second (api.protocol.warm)."""
    paths = withdrawal.paths
    with in_front(world, tmp_path) as front:
        as_varnish = {"Host": f"127.0.0.1:{front.port}", "Accept_Encoding": "gzip"}
        with load(front.direct, *paths, **as_varnish), load(front.port, *paths) as asked:
            time.sleep(1)
            purging(front.purge)
            withdrawal.act()
            time.sleep(PURGED_S + 1.5)

    longest = {path: stale_for_s(answers, withdrawal) for path, answers in asked.items()}
    assert {path: seconds for path, seconds in longest.items() if seconds >= PURGED_S} == {}
    assert sum(answer.is_hit for answers in asked.values() for answer in answers) > 100


def test_the_worker_purges_what_another_process_did_not(world, withdrawal, tmp_path):
    with in_front(world, tmp_path) as front, worker(world, tmp_path, front.purge):
        wait_until(lambda: Purged.objects.filter(number=changed.end().number).exists(), 60)
        assert not is_gone(front.port, withdrawal)

        withdrawal.act()

        assert wait_until(lambda: is_gone(front.port, withdrawal), 5)
        assert wait_until(lambda: Purged.objects.filter(number=changed.end().number).exists(), 5)


def test_a_purge_that_failed_is_tried_again_until_it_succeeds(world, withdrawal, purging, tmp_path, caplog):
    with in_front(world, tmp_path) as front:
        Purged.objects.create(pk=Purged.ONLY, **dict(zip(("epoch", "number"), changed.end(), strict=True)))
        assert not is_gone(front.port, withdrawal)
        purging(free_port())
        withdrawal.act()
        purge.purge(timezone.now())
        time.sleep(purge.AGAIN_S + 0.5)
        assert (Purged.objects.get().failures, is_gone(front.port, withdrawal)) == (1, False)
        assert "were not purged, since event" in caplog.text

        purging(front.purge)
        ends = time.monotonic() + 20
        while Purged.objects.get().number < changed.end().number and time.monotonic() < ends:
            purge.purge(timezone.now())
            time.sleep(0.1)

        assert is_gone(front.port, withdrawal)
        row = Purged.objects.get()
        assert (row.number, row.failures, row.failure) == (changed.end().number, 0, "")


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
def test_without_any_purge_the_last_stale_byte_is_served_within_the_promised_time(world, withdrawal, tmp_path):
    with in_front(world, tmp_path) as front, load(front.port, *withdrawal.paths[:3]) as asked:
        time.sleep(1)
        withdrawal.act()
        time.sleep(PROMISED_S + 5)

    longest = {path: stale_for_s(answers, withdrawal) for path, answers in asked.items()}
    print(longest)
    assert all(PROMISED_S / 2 < seconds <= PROMISED_S for seconds in longest.values())


def test_varnish_serves_nothing_after_the_time_that_the_answer_says(world, tmp_path):
    """By the shortest of our times: an address that leads nowhere, and then to an article. Nothing is purged, and
    nobody asks meanwhile, whose request would renew what Varnish holds."""
    scene = Publish()
    scene.arrange()
    path = f"/api/v1/articles/{scene.page.slug}/"
    with in_front(world, tmp_path) as front:
        first = ask(front.port, path)
        scene.act()
        still = ask(front.port, path)
        time.sleep(max(0, first.asked_at + MISSING_S + SLACK_S - time.time()))
        after = ask(front.port, path)

    assert (first.status, after.status) == (404, 200)
    assert still.status == 404 or still.asked_at > first.asked_at + MISSING_S  # on a busy machine


def test_what_the_clock_withholds_is_not_shown_after_its_moment(world, withdrawal, tmp_path):
    """Nothing is purged, and nobody recomposes. `quiet` is asked for once before the moment."""
    moment = timezone.now() + timedelta(seconds=14)
    Publication.objects.update(fresh_until=moment, grace_ends_at=moment, after_grace=AfterGrace.WITHHOLD)
    quiet = f"{withdrawal.paths[0]}?rich_text=portable"
    with in_front(world, tmp_path) as front, load(front.port, *withdrawal.paths[:2]) as asked:
        before = ask(front.port, quiet)
        time.sleep(max(0, moment.timestamp() - time.time()) + SLACK_S)
        after = ask(front.port, quiet)
        time.sleep(1)

    assert (before.status, after.status) == (200, 410)
    for answers in asked.values():
        shown = [answer for answer in answers if is_stale(answer, withdrawal.article)]
        assert shown[-1].asked_at <= moment.timestamp()
        assert any(answer.is_hit for answer in shown)


@contextmanager
def worker(world, folder, port: int):
    """`manage.py worker`, which purges the Varnish at that port."""
    name = databases.url_of(world.name) if world.is_postgresql else world.name
    given = os.environ | delivery(name, folder) | {"PURGE_URL": f"varnish://127.0.0.1:{port}"}
    given["DJANGO_SETTINGS_MODULE"] = "cms.settings.dev"
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, env=given)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def wait_until(is_so, most_s: float) -> bool:
    ends = time.monotonic() + most_s
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.1)
    return is_so()


@pytest.fixture(scope="module")
def served(django_db_setup, django_db_blocker, tmp_path_factory):
    """A published article behind Varnish, for all that only reads: `path`, `key`, `port`, `direct` without Varnish."""
    folder = tmp_path_factory.mktemp("varnish")
    world = World(folder)
    with django_db_blocker.unblock():
        before = connections["default"].settings_dict["NAME"]
        world.begin()
        Withdraw().arrange()
        path = f"/api/v1/articles/{Publication.objects.get().slug}/"
        key = keys.create(ApiKey(name="Portal"), by="root")
        connections.close_all()
    with in_front(world, folder) as front:
        connections["default"].settings_dict["NAME"] = before
        yield SimpleNamespace(path=path, key=key, port=front.port, direct=front.direct, purge=front.purge)
    with django_db_blocker.unblock():
        world.end()
        connections["default"].settings_dict["NAME"] = before


SAME = (
    *("Content-Type", "Content-Language", "Cache-Control", "Last-Modified"),
    *("Access-Control-Allow-Origin", "WWW-Authenticate"),
)


def plain(answer) -> tuple:
    """What a client understands of it: an error without the id of its request."""
    body = gzip.decompress(answer.body) if answer.headers["Content-Encoding"] == "gzip" else answer.body
    if answer.status >= 400:
        body = {**json.loads(body), "request_id": ""}
    return answer.status, body, {name: answer.headers[name] for name in SAME}


SAID = (
    *({}, {"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br;q=1, gzip;q=0"}, {"Cookie": "sessionid=x"}),
    *({"Prefer": "vetted=tomorrow"}, {"Origin": "https://web.example"}, {"If_None_Match": '"another"'}),
    *({"Authorization": "Bearer nothing"}, {"X_Api_Key": "nothing"}),
)
ACCEPTED = (
    *({"Accept": "text/markdown"}, {"Accept": "text/markdown", "Accept_Encoding": "gzip"}),
    *({"Accept": "application/json;q=0.1, text/markdown"}, {"Accept": "image/png"}),
)  # for addresses that have more than one form


@pytest.mark.parametrize(
    ("path", "headers"),
    [*product(("", "sections/", "nothing/", "?locale=xx"), SAID), *product(("",), ACCEPTED)],
    ids=str,
)
def test_each_client_gets_what_the_server_would_say_whoever_asked_before(served, path, headers):
    path = served.path + path
    direct = plain(ask(served.direct, path, **headers))

    answers = [ask(served.port, path, **given) for given in ({}, headers, {"Accept": "text/markdown"}, headers)]

    assert [plain(answer) for answer in answers[1::2]] == [direct, direct]


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_what_a_client_holds_is_not_sent_again_and_varnish_answers_that_itself(served, coding):
    first = ask(served.port, served.path, Accept_Encoding=coding)

    again = ask(served.port, served.path, Accept_Encoding=coding, If_None_Match=first.headers["ETag"])
    since = ask(served.port, served.path, If_Modified_Since=first.headers["Last-Modified"])

    assert [(answer.status, answer.body, answer.is_hit) for answer in (again, since)] == [(304, b"", True)] * 2


def test_both_codings_come_from_one_stored_answer(served):
    ask(served.port, f"{served.path}json-ld/", Accept_Encoding="gzip")

    plain = ask(served.port, f"{served.path}json-ld/", Accept_Encoding="identity")

    assert (plain.is_hit, plain.headers["Content-Encoding"]) == (True, None)


@pytest.mark.parametrize("header", ["X_Api_Key", "Authorization"])
def test_what_a_key_asks_for_is_neither_stored_nor_answered_from_what_is(served, header):
    given = {header: f"Bearer {served.key}" if header == "Authorization" else served.key}
    path = f"/api/v1/changes/?page_size={len(header)}"

    asked = [ask(served.port, path, **given), ask(served.port, path, **given), ask(served.port, path)]
    after = [ask(served.port, path), ask(served.port, path, **given)]

    assert [answer.status for answer in asked + after] == [200] * 5
    assert [answer.is_hit for answer in asked + after] == [False, False, False, True, False]


def test_one_readers_request_id_is_not_shown_to_another(served):
    path = f"{served.path}editions/"

    answers = [ask(served.port, path, X_Request_Id="mine"), ask(served.port, path)]

    assert answers[1].is_hit
    assert [answer.headers["X-Request-Id"] == "mine" for answer in answers] == [False, False]


def test_a_preflight_is_answered(served):
    asked = ask(served.port, served.path, "OPTIONS", Origin="https://web.example", Access_Control_Request_Method="GET")

    assert (asked.status, asked.headers["Access-Control-Allow-Origin"]) == (204, "*")
    assert "If-None-Match" in asked.headers["Access-Control-Allow-Headers"]


def test_readers_do_not_see_surrogate_keys(served):
    assert "Surrogate-Key" in ask(served.direct, served.path).headers
    assert "Surrogate-Key" not in ask(served.port, served.path).headers


def test_readers_cannot_purge(served):
    ask(served.port, served.path)

    assert ask(served.port, "/", "BAN", X_Purge_Keys="all").status == 405
    assert ask(served.port, served.path).is_hit


@pytest.mark.parametrize("keys", ["", ".*", "a|b", "all) || (x"])
def test_a_purge_of_what_are_no_keys_is_refused(served, keys):
    assert ask(served.purge, "/", "BAN", X_Purge_Keys=keys).status == 400


@pytest.mark.parametrize(
    ("keys", "is_kept"), [("{id}", False), ("x {id} y", False), ("all", False), ("{short}", True), ("articles", True)]
)
def test_a_purge_drops_what_carries_one_of_the_keys_and_nothing_else(served, keys, is_kept):
    article = json.loads(ask(served.port, served.path).body)["id"]

    purged = ask(served.purge, "/", "BAN", X_Purge_Keys=keys.format(id=article, short=article[:-1]))

    assert (purged.status, ask(served.port, served.path).is_hit) == (200, is_kept)


def test_without_a_server_behind_it_varnish_answers_a_problem():
    with varnish(backend=free_port()) as front:
        answer = ask(front.web, "/api/v1/articles/")

    assert (answer.status, json.loads(answer.body)["type"]) == (503, "/problems/unavailable")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("5", "no-store")
