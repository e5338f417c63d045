"""Purging: what is named, who is told, and what is tried again. The real Varnish: tests/faults/test_varnish.py."""

import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from api.models import Purged
from api.protocol.caching import ALL
from api.purging import changed, purge
from api.purging.caches import Fastly, NotPurged, Varnish
from articles.management.commands.worker import Command
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.models import Counter, Event, Rendition
from articles.sources.models import Source
from cms import env
from tests.bench.server import free_port
from tests.factories import make_article, make_image

KEY, OTHER = "a1b2", "articles"


class Fake(BaseHTTPRequestHandler):
    """A cache that notes what it is told, and answers with the server's `status`."""

    def answer(self) -> None:
        self.server.told.append((self.command, self.path, dict(self.headers)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_BAN = do_POST = answer

    def log_message(self, *arguments) -> None:
        """Nothing."""


@pytest.fixture
def make_cache():
    """make_cache(): a server on loopback with `told`, `status` and `address`."""
    made = []

    def make(status: int = 200) -> HTTPServer:
        server = HTTPServer(("127.0.0.1", 0), Fake)
        server.told, server.status = [], status
        server.address = f"127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(server)
        return server

    yield make
    for server in made:
        server.shutdown()
        server.server_close()


@pytest.fixture
def cache(make_cache, settings, monkeypatch):
    """The cache in front, as the settings name it."""
    made = make_cache()
    settings.PURGE = {"BACKEND": "api.purging.caches.Varnish", "OPTIONS": {"addresses": [made.address]}}
    monkeypatch.setattr(purge, "_begun", 0)
    monkeypatch.setattr(purge, "AGAIN_S", 0.05)
    return made


@pytest.fixture
def caught_up(cache, db):
    """Everything until now was purged."""
    end = changed.end()
    return Purged.objects.create(pk=Purged.ONLY, epoch=end.epoch, number=end.number, sent=end.number)


@pytest.fixture
def clock():
    """Moments for the worker, each a second after the one before."""
    start = timezone.now()
    return (start + timedelta(seconds=seconds) for seconds in range(100_000))


def named(told) -> list[set[str]]:
    return [set(headers["X-Purge-Keys"].split()) for _, _, headers in told]


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("varnish://127.0.0.1:6082", {"addresses": ["127.0.0.1:6082"]}),
        ("varnish://a.example:80,[::1]:6082", {"addresses": ["a.example:80", "[::1]:6082"]}),
        ("fastly://SU1Z0isxPaozGVKXdv0eY", {"service": "SU1Z0isxPaozGVKXdv0eY", "token": "secret"}),
    ],
)
def test_the_environment_names_the_caches_in_front(monkeypatch, url, options):
    monkeypatch.setenv("PURGE_URL", url)
    monkeypatch.setenv("PURGE_TOKEN", "secret")

    assert env.purge()["OPTIONS"] == options


def test_without_the_variable_there_is_none(monkeypatch):
    monkeypatch.delenv("PURGE_URL", raising=False)

    assert env.purge() == {}


@pytest.mark.parametrize(
    "url",
    [
        *("varnish", "varnish://", "varnish://host", "varnish://host:port", "varnish://a:1,", "varnish://a:1/x"),
        *("varnish://a:1, b:1", "http://a:1", "fastly://", "fastly://a/b", "fastly://a?b", "varnish://user@a:1"),
        *("varnish://a:0", "varnish://a:65536"),
    ],
)
def test_nonsense_is_refused_with_what_would_be_right(monkeypatch, url):
    monkeypatch.setenv("PURGE_URL", url)
    monkeypatch.setenv("PURGE_TOKEN", "secret")

    with pytest.raises(ImproperlyConfigured, match=r"varnish://host:port,host:port or fastly://SERVICE"):
        env.purge()


def test_fastly_needs_a_token(monkeypatch):
    monkeypatch.setenv("PURGE_URL", "fastly://abc")
    monkeypatch.delenv("PURGE_TOKEN", raising=False)

    with pytest.raises(ImproperlyConfigured, match="PURGE_TOKEN"):
        env.purge()


def test_each_varnish_gets_the_keys(make_cache):
    caches = [make_cache(), make_cache()]

    Varnish([cache.address for cache in caches]).purge([KEY, OTHER], timeout_s=1)

    assert [(method, named([(method, path, headers)])) for cache in caches for method, path, headers in cache.told] == [
        ("BAN", [{KEY, OTHER}])
    ] * 2


def test_one_varnish_that_is_down_keeps_the_keys_from_no_other_and_is_named(make_cache):
    up, down = make_cache(), f"127.0.0.1:{free_port()}"

    with pytest.raises(NotPurged, match=f"{down}: ConnectionRefusedError"):
        Varnish([down, up.address]).purge([KEY], timeout_s=1)

    assert len(up.told) == 1


def test_a_varnish_that_refuses_is_a_failure(make_cache):
    with pytest.raises(NotPurged, match="answered 405"):
        Varnish([make_cache(405).address]).purge([KEY], timeout_s=1)


def test_fastly_gets_all_keys_in_one_request_to_the_service(make_cache, settings):
    cache = make_cache()
    settings.FASTLY_API = f"http://{cache.address}"

    Fastly("SU1Z", "secret").purge([KEY, OTHER], timeout_s=1)

    ((method, path, headers),) = cache.told
    assert (method, path) == ("POST", "/service/SU1Z/purge")
    assert (headers["Fastly-Key"], headers["Surrogate-Key"]) == ("secret", f"{KEY} {OTHER}")


def test_a_token_that_fastly_refuses_is_a_failure_that_does_not_say_the_token(make_cache, settings):
    settings.FASTLY_API = f"http://{make_cache(401).address}"

    with pytest.raises(NotPurged, match="answered 401") as raised:
        Fastly("SU1Z", "secret").purge([KEY], timeout_s=1)

    assert "secret" not in str(raised.value)


def test_a_change_names_its_article_and_all_lists(published, people):
    before = changed.end().number
    withdraw(page=published, reason="other", by=people.editor)

    named = set(changed.keys(after=before, upto=changed.end().number))

    assert named == {*changed.COLLECTIONS, str(published.article_id)}


def test_a_withdrawal_names_the_pictures_of_the_article_and_a_publication_does_not(people, publish):
    page = publish(make_article(by=people.author, hero=make_image()))
    picture = Rendition.objects.first().path.partition("/")[0]
    before = changed.end().number

    withdraw(page=page, reason="other", by=people.editor)

    assert picture not in changed.keys(after=0, upto=before)
    assert picture in changed.keys(after=before, upto=changed.end().number)


def test_a_changed_source_names_the_articles_that_cite_it(published, django_capture_on_commit_callbacks):
    before, source = changed.end().number, Source.objects.first()
    source.status = "retracted"
    with django_capture_on_commit_callbacks(execute=True):
        source.save()

    assert {str(source.source_id), str(published.article_id)} < set(
        changed.keys(after=before, upto=changed.end().number)
    )


def test_many_changes_are_one_key(published, monkeypatch):
    few = changed.keys(after=0, upto=changed.end().number)
    monkeypatch.setattr(changed, "MOST", len(few) - 1)

    assert changed.keys(after=0, upto=changed.end().number) == (ALL,)


@pytest.mark.parametrize("path", ["articles/", "changes/", "topics/", "people/", "resolve/?path=/x", "articles/none/"])
def test_whatever_lists_or_finds_has_a_key_that_every_purge_names(published, get, path):
    assert set(get(path).headers["Surrogate-Key"].split()) & set(changed.COLLECTIONS)


@pytest.mark.parametrize(
    "path", ["", "articles/", "vocabulary/", "openapi.yaml", "docs/", "articles/none/", "articles"]
)
def test_every_answer_that_may_be_kept_has_the_key_of_all(published, get, path):
    assert get(path).headers["Surrogate-Key"].split()[-1] == ALL


def test_what_may_not_be_kept_has_no_key(published, get):
    assert "Surrogate-Key" not in get("articles/?nonsense=1").headers


def test_a_commit_is_purged_twice_however_many_events_it_has(
    cache, published, people, django_capture_on_commit_callbacks
):
    before = changed.end().number
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        withdraw(page=published, reason="other", by=people.editor)
        events.append("submitted", subject_kind="article", subject=published.article_id, actor={})
    for thread in threading.enumerate():
        if thread.name.startswith("purge-"):
            thread.join(5)

    assert named(cache.told) == [set(changed.keys(after=before, upto=changed.end().number))] * 2


def test_an_act_succeeds_at_once_while_the_cache_is_down(
    cache, published, people, settings, django_capture_on_commit_callbacks
):
    settings.PURGE["OPTIONS"] = {"addresses": ["192.0.2.1:6082"]}  # where nobody answers: RFC 5737
    begun = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(page=published, reason="other", by=people.editor)

    assert Event.objects.filter(kind="withdrawn").exists()
    assert timezone.now() - begun < timedelta(seconds=purge.WAIT_S)


def test_nothing_is_told_where_no_cache_is_named(published, people, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        withdraw(page=published, reason="other", by=people.editor)
    purge.purge(timezone.now())

    assert not any("purging" in call.__module__ for call in waiting)
    assert not Purged.objects.exists()


def test_the_first_purge_drops_everything(cache, published, clock):
    purge.purge(next(clock))

    assert named(cache.told) == [{ALL}]


def test_the_worker_purges_what_changed_twice_and_then_rests(caught_up, cache, published, people, clock):
    before = changed.end().number
    withdraw(page=published, reason="other", by=people.editor)

    for _ in range(5):
        purge.purge(next(clock))

    assert named(cache.told) == [set(changed.keys(after=before, upto=changed.end().number))] * 2
    assert Purged.objects.get().number == changed.end().number


def test_what_comes_between_two_purges_is_purged_twice_too(caught_up, cache, published, people, offer, clock):
    withdraw(page=published, reason="other", by=people.editor)
    purge.purge(next(clock))
    Source.objects.update(status="standing")
    source = Source.objects.first()
    source.status = "retracted"
    source.save()
    for _ in range(5):
        purge.purge(next(clock))

    with_source = [str(source.source_id) in keys for keys in named(cache.told)]
    with_article = [str(published.article_id) in keys for keys in named(cache.told)]
    assert (with_article, with_source) == ([True, True, False], [False, True, True])


def test_what_failed_is_tried_again_less_and_less_often_and_said(caught_up, cache, published, people, clock, caplog):
    cache.status = 500
    withdraw(page=published, reason="other", by=people.editor)
    before = Purged.objects.get().number

    tried = []
    for second in range(130):
        purge.purge(next(clock))
        if len(cache.told) > len(tried):
            tried.append(second)

    row = Purged.objects.get()
    assert tried == [0, 1, 3, 7, 15, 31, 63, 123]
    assert (row.number, row.failures) == (before, len(tried))
    assert "answered 500" in row.failure
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * len(tried)

    cache.status = 200
    for _ in range(65):
        purge.purge(next(clock))

    row = Purged.objects.get()
    assert (row.number, row.failures, row.failure) == (changed.end().number, 0, "")
    assert str(published.article_id) in named(cache.told)[-1]
    assert "after 8 failures" in caplog.records[-1].getMessage()


def test_an_error_that_nobody_anticipated_does_not_end_the_worker(caught_up, published, people, settings, clock):
    withdraw(page=published, reason="other", by=people.editor)
    settings.PURGE["BACKEND"] = "api.purging.caches.Nothing"

    purge.purge(next(clock))

    assert "Nothing" in Purged.objects.get().failure


def test_of_two_workers_at_once_one_purges(caught_up, cache, published, people, clock, monkeypatch):
    withdraw(page=published, reason="other", by=people.editor)
    real, now = changed.keys, next(clock)

    def while_another_worker_tries(**given):
        monkeypatch.setattr(changed, "keys", real)
        purge.purge(now)
        return real(**given)

    monkeypatch.setattr(changed, "keys", while_another_worker_tries)
    purge.purge(now)

    assert len(cache.told) == 1


def test_after_a_restore_everything_is_dropped(caught_up, cache, published, clock):
    Purged.objects.update(epoch="another")

    purge.purge(next(clock))

    assert named(cache.told) == [{ALL}]


def test_the_worker_looks_each_second(caught_up, cache, published, people):
    withdraw(page=published, reason="other", by=people.editor)

    Command(stdout=StringIO()).each_second(timezone.now())

    assert len(cache.told) == 1


def test_a_second_without_news_takes_two_queries(caught_up, published, django_assert_num_queries):
    assert Counter.objects.count() == 2

    with django_assert_num_queries(2):
        purge.purge(timezone.now())


def test_the_report_of_withdrawals_says_whether_the_caches_are_behind(
    caught_up, cache, published, people, admin, clock
):
    page = "/admin/reports/withdrawals/"
    fine = admin.get(page).content.decode()
    withdraw(page=published, reason="other", by=people.editor)
    cache.status = 500
    purge.purge(next(clock))
    behind = admin.get(page).content.decode()

    assert f"up to event {caught_up.sent}." in fine
    assert f"have not dropped what changed since event {caught_up.sent}." in behind
    assert "After 1 failure: " in behind
    assert "answered 500" in behind


def test_the_report_says_nothing_of_caches_where_there_is_none(published, admin):
    assert "caches in front" not in admin.get("/admin/reports/withdrawals/").content.decode()
