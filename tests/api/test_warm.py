"""The short cache of the delivery process: the same answer for a second, and never a personal or a stale one."""

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from api.protocol import warm
from api.protocol.warm import WarmMiddleware
from articles.publishing.withdraw import withdraw

ASK = RequestFactory()


@pytest.fixture
def clock(monkeypatch):
    """clock(seconds) is what the monotonic clock says."""

    def put(seconds: float) -> None:
        monkeypatch.setattr(warm.time, "monotonic", lambda: seconds)

    put(0)
    return put


@pytest.fixture
def asked():
    """(a middleware, how often the view behind it was asked)."""
    times: list[str] = []

    def view(request):
        times.append(request.path)
        headers = {"Cache-Control": "public, max-age=60", "ETag": '"abc"', "X-Request-Id": str(len(times))}
        return HttpResponse(b"body", headers=headers)

    return WarmMiddleware(view), times


def test_what_was_just_asked_is_answered_again_without_the_view(asked, clock):
    middleware, times = asked

    first, second = middleware(ASK.get("/a")), middleware(ASK.get("/a"))

    assert len(times) == 1
    assert second.content == first.content
    assert second.headers["ETag"] == '"abc"'
    assert "X-Request-Id" not in second.headers


def test_after_a_second_the_view_is_asked_again(asked, clock):
    middleware, times = asked

    middleware(ASK.get("/a"))
    clock(1.0)
    middleware(ASK.get("/a"))

    assert len(times) == 2


def test_a_client_that_has_the_bytes_gets_none(asked, clock):
    middleware, _ = asked
    middleware(ASK.get("/a"))

    answer = middleware(ASK.get("/a", headers={"If-None-Match": 'W/"abc"'}))

    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", '"abc"')
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/b"},
        {"path": "/a?x=1"},
        {"path": "/a", "headers": {"Accept": "text/markdown"}},
        {"path": "/a", "headers": {"Accept-Encoding": "gzip"}},
        {"path": "/a", "headers": {"Host": "127.0.0.1"}},
    ],
)
def test_another_request_has_another_answer(asked, clock, other):
    middleware, times = asked

    middleware(ASK.get("/a"))
    middleware(ASK.get(**other))

    assert len(times) == 2


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "Prefer", "Range", "If-Modified-Since"])
def test_a_personal_request_is_neither_kept_nor_answered_from_what_was_kept(asked, clock, name):
    middleware, times = asked

    middleware(ASK.get("/a"))
    middleware(ASK.get("/a", headers={name: "x"}))
    middleware(ASK.get("/a", headers={name: "x"}))

    assert len(times) == 3


@pytest.mark.parametrize("method", ["head", "options", "post"])
def test_only_what_is_fetched_is_kept(asked, clock, method):
    middleware, times = asked

    middleware.__call__(getattr(ASK, method)("/a"))
    middleware(ASK.get("/a"))

    assert len(times) == 2


@pytest.mark.parametrize(
    "answer",
    [
        HttpResponse(b"x", headers={"Cache-Control": "no-store"}),
        HttpResponse(b"x", headers={"Cache-Control": "public, max-age=0"}),
        HttpResponse(b"x", status=404, headers={"Cache-Control": "public, max-age=5"}),
        HttpResponse(b"x" * (warm.LARGEST + 1), headers={"Cache-Control": "public, max-age=60"}),
        HttpResponse(b"x"),
    ],
)
def test_what_nobody_may_keep_is_not_kept(answer, clock):
    times = []
    middleware = WarmMiddleware(lambda request: times.append(1) or answer)

    middleware(ASK.get("/a"))
    middleware(ASK.get("/a"))

    assert len(times) == 2


def test_the_oldest_answers_make_room(clock, monkeypatch):
    monkeypatch.setattr(warm, "MOST_BYTES", 10)
    times = []

    def view(request):
        times.append(request.path)
        return HttpResponse(b"12345", headers={"Cache-Control": "public, max-age=60"})

    middleware = WarmMiddleware(view)
    for path in ("/a", "/b", "/a", "/c", "/a", "/b"):
        middleware(ASK.get(path))

    assert times == ["/a", "/b", "/c", "/b"]
    assert middleware.warm.size == 10


def test_a_withdrawn_article_is_gone_a_second_later(published, people, settings, client, clock):
    settings.MIDDLEWARE = ["api.protocol.middleware.ProblemMiddleware", "api.protocol.warm.WarmMiddleware"]
    url = f"/api/v1/articles/{published.slug}/"
    first = client.get(url)
    withdraw(page=published, reason="other", by=people.editor)

    clock(0.99)
    still = client.get(url)
    clock(1)
    after = client.get(url)

    assert (first.status_code, still.content, after.status_code) == (200, first.content, 410)
    assert json.loads(after.content)["type"] == "/problems/withdrawn"
    assert still.headers["X-Request-Id"] != first.headers["X-Request-Id"]
