"""Limits: so many requests a minute for a key or an address, and a dead cache limits nobody."""

import json
import logging
import os
import socket
import threading
from types import SimpleNamespace

import pytest
import redis
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from api.admin import keys
from api.models import ApiKey
from api.protocol import auth, shared, throttling
from api.protocol.throttling import RateLimitMiddleware, RateThrottle
from cms import env
from cms.settings import base, delivery
from tests.conftest import absent

ASK = RequestFactory()
REDIS = "redis://127.0.0.1:6379/15"
ARTICLES = "/api/v1/articles/"
NOON = 1_800_000_000 - 1_800_000_000 % 60  # the first second of a minute


def backend(url: str, **options) -> dict:
    given = {"BACKEND": "api.protocol.shared.SharedCache", "LOCATION": url, "OPTIONS": options}
    return {"default": given | {"KEY_PREFIX": f"test-{os.getpid()}-{timezone.now().timestamp()}"}}


@pytest.fixture(autouse=True)
def fresh(settings):
    """No counters, no keys and no failures of earlier tests; three requests a minute, or five with a key."""
    settings.CACHES = {"default": {"BACKEND": "api.protocol.shared.LocalCache", "LOCATION": f"{timezone.now()}"}}
    settings.RATE_ANONYMOUS, settings.RATE_KEY = 3, 5
    auth.forget()
    shared._next.update(asked=0.0, said=0.0)
    yield
    auth.forget()
    shared._next.update(asked=0.0, said=0.0)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """clock(seconds) is the time of day by which minutes are counted."""

    def put(seconds: float) -> None:
        monkeypatch.setattr(throttling, "time", SimpleNamespace(time=lambda: seconds))

    put(NOON)
    return put


@pytest.fixture
def secret(db):
    return keys.create(ApiKey(name="A system"), by="root")


@pytest.fixture
def asked():
    """asked(**headers): the status of a request for the list, with nothing behind the limit but 200."""
    middleware = RateLimitMiddleware(lambda request: HttpResponse())

    def ask(path: str = ARTICLES, *, address: str = "192.0.2.1", method: str = "GET", **headers: str) -> int:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return middleware(ASK.generic(method, path, REMOTE_ADDR=address, headers=given)).status_code

    return ask


@pytest.fixture
def with_redis(settings):
    settings.CACHES = backend(REDIS)
    try:
        redis.Redis.from_url(REDIS, socket_timeout=1).ping()
    except redis.RedisError as error:
        absent(f"Redis does not answer: {error}")


@pytest.fixture(params=["local memory", "redis"])
def cached(request):
    if request.param == "redis":
        request.getfixturevalue("with_redis")


def test_the_request_after_the_last_one_of_a_minute_is_refused(cached, asked):
    assert [asked() for _ in range(5)] == [200, 200, 200, 429, 429]


def test_the_next_minute_begins_anew(cached, asked, clock):
    for _ in range(4):
        asked()

    clock(NOON + 59.999)
    still = asked()
    clock(NOON + 60)

    assert (still, asked()) == (429, 200)


def test_each_address_has_its_own_limit(cached, asked):
    for _ in range(4):
        asked(address="192.0.2.1")

    assert asked(address="192.0.2.2") == 200


def test_a_client_cannot_walk_through_the_addresses_of_its_network(asked):
    said = [asked(address=f"2001:db8:1:2::{number:x}") for number in range(1, 5)]

    assert (said[-1], asked(address="2001:db8:1:3::1")) == (429, 200)


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_clients_without_an_address_share_one_limit(asked, address):
    assert [asked(address=address) for _ in range(4)][-1] == 429


def test_a_key_is_counted_by_itself_whatever_address_sends_it(cached, asked, secret):
    said = [asked(address=f"192.0.2.{number}", authorization=f"Bearer {secret}") for number in range(6)]

    assert said == [200] * 5 + [429]


def test_a_key_uses_up_nothing_of_its_address(asked, secret):
    for _ in range(6):
        asked(x_api_key=secret)

    assert asked() == 200


def test_an_address_that_is_used_up_still_serves_a_key(asked, secret):
    for _ in range(4):
        asked()

    assert asked(x_api_key=secret) == 200


def test_two_keys_have_a_limit_each(asked, secret):
    other = keys.create(ApiKey(name="Another system"), by="root")
    for _ in range(6):
        asked(x_api_key=secret)

    assert asked(x_api_key=other) == 200


def test_guesses_at_keys_count_against_the_address(db, asked):
    said = [asked(x_api_key=f"vk_{number:08}_{'A' * 32}") for number in range(4)]

    assert said[-1] == 429


def test_a_revoked_key_counts_against_the_address(asked, secret):
    keys.revoke(ApiKey.objects.get())

    assert [asked(x_api_key=secret) for _ in range(4)][-1] == 429


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_method_counts(asked, method):
    assert [asked(method=method) for _ in range(4)][-1] == 429


def test_a_browser_may_always_ask_whether_it_may_ask(asked):
    """A preflight that is refused hides from the script that it has to wait."""
    said = [asked(method=method) for method in ["OPTIONS"] * 4 + ["GET"] * 4 + ["OPTIONS"] * 4]

    assert said == [200] * 4 + [200, 200, 200, 429] + [200] * 4


@pytest.mark.parametrize("header", ["authorization", "x_api_key"])
def test_guesses_at_keys_count_by_every_method(asked, header):
    assert [asked(method="OPTIONS", **{header: "Bearer wrong"}) for _ in range(4)][-1] == 429


@pytest.mark.parametrize("path", ["/healthz", "/readyz", f"/editions/{'a' * 64}/800.webp", "/admin/", "/"])
def test_health_pictures_and_the_admin_are_not_limited(asked, path):
    assert {asked(path) for _ in range(10)} == {200}


@pytest.mark.parametrize("path", ["/api/v1/openapi.yaml", "/api/v1/docs/", "/api/v1/nothing/", "/api/x"])
def test_everything_below_api_is_limited_together(asked, path):
    for _ in range(3):
        asked(path)

    assert asked() == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "is_apart"),
    [
        (0, ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"], False),
        (1, ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"], True),
        (1, [f"198.51.100.{number}, 203.0.113.9" for number in range(4)], False),
        (1, ["x" * 10_000, "x" * 10_001, "\x00", "é"], False),
        (2, ["198.51.100.1", "198.51.100.2", "198.51.100.3", "198.51.100.4"], False),
    ],
)
def test_x_forwarded_for_is_believed_as_far_as_proxies_are_trusted(settings, asked, proxies, forwarded, is_apart):
    settings.TRUSTED_PROXIES = proxies

    said = [asked(x_forwarded_for=hops) for hops in forwarded]

    assert said[-1] == (200 if is_apart else 429)


@pytest.mark.parametrize(("anonymous", "key"), [(0, 5), (3, 0), (0, 0)])
def test_zero_means_no_limit(settings, asked, secret, anonymous, key):
    settings.RATE_ANONYMOUS, settings.RATE_KEY = anonymous, key

    said = {asked() for _ in range(10)}, {asked(x_api_key=secret) for _ in range(10)}

    assert (429 in said[0], 429 in said[1]) == (anonymous > 0, key > 0)


# What a refusal says


def test_a_refusal_is_a_problem_that_says_how_long_to_wait(client, db, clock):
    for _ in range(3):
        assert client.get("/api/v1/vocabulary/").status_code == 200
    clock(NOON + 17.2)

    answer = client.get("/api/v1/vocabulary/")

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["type"], problem["status"]) == (429, "/problems/rate-limited", 429)
    assert answer.headers["Retry-After"] == "43"
    assert answer.headers["RateLimit-Policy"] == '"address";q=3;w=60'
    assert answer.headers["RateLimit"] == '"address";r=0;t=43'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]
    assert problem["request_id"] == answer.headers["X-Request-Id"]


def test_the_refusal_of_a_key_names_its_limit_and_not_the_key(client, secret):
    for _ in range(5):
        assert client.get("/api/v1/vocabulary/", headers={"x-api-key": secret}).status_code == 200

    answer = client.get("/api/v1/vocabulary/", headers={"x-api-key": secret})

    assert answer.headers["RateLimit-Policy"] == '"key";q=5;w=60'
    assert secret[:11] not in f"{answer.content!r}{answer.headers}"


def test_what_caches_may_keep_says_nothing_of_one_clients_limit(client, db):
    answer = client.get("/api/v1/vocabulary/")

    assert not {"RateLimit", "RateLimit-Policy", "Retry-After"} & set(answer.headers)


@pytest.mark.parametrize(("second", "wait"), [(0, 60), (59, 1), (59.5, 1), (59.999, 1)])
def test_the_wait_ends_with_the_minute_and_is_never_nothing(clock, second, wait):
    clock(NOON + second)
    throttle = RateThrottle()
    throttle.allow_request(ASK.get(ARTICLES))

    assert throttle.wait() == wait


def test_a_refused_request_does_no_work(client, db, django_assert_num_queries):
    for _ in range(3):
        client.get(ARTICLES)

    with django_assert_num_queries(0):
        assert client.get(ARTICLES).status_code == 429


# The cache


def test_a_count_is_one_round_trip_and_its_counter_ends(with_redis, asked):
    asked()
    backend = shared._cache()
    sent, real = [], backend.client.connection_pool.get_connection
    backend.client.connection_pool.get_connection = lambda *given, **more: sent.append(1) or real(*given, **more)

    asked()

    name = backend.make_key(f"rate:address:192.0.2.1:{NOON // 60}")
    assert len(sent) == 1
    assert 0 < backend.client.ttl(name) <= 120


def test_processes_that_share_a_cache_share_the_count(with_redis, settings):
    counts = [type(shared._cache())(REDIS, settings.CACHES["default"] | {"OPTIONS": {}}) for _ in range(2)]

    assert [cache.count("same", 60) for cache in [*counts, *counts]] == [1, 2, 3, 4]


def test_threads_lose_no_count(with_redis):
    threads = [threading.Thread(target=lambda: [shared.count("many", seconds=60) for _ in range(50)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert shared.count("many", seconds=60) == 201


def test_a_cache_that_is_down_limits_nobody_and_says_so_once_a_minute(settings, asked, caplog, monkeypatch):
    settings.CACHES = backend("redis://127.0.0.1:1/0", socket_connect_timeout=0.25)
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    now = [1000.0]

    with caplog.at_level(logging.ERROR):
        said = set()
        for second in range(0, 120, 4):
            now[0] = 1000.0 + second
            said |= {asked() for _ in range(3)}

    assert said == {200}
    assert caplog.text.count("does not answer") == 2


def test_a_cache_that_hangs_delays_one_request_and_not_the_next(settings, asked):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.CACHES = backend(f"redis://127.0.0.1:{port}/0", socket_timeout=0.1, socket_connect_timeout=0.1)
        tried, real = [], type(shared._cache()).count
        patched = lambda self, *given: tried.append(1) or real(self, *given)  # noqa: E731 - counts what is tried
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(shared._cache()), "count", patched)
            said = {asked() for _ in range(50)}

    assert (said, len(tried)) == ({200}, 1)


def test_a_cache_that_comes_back_limits_again(settings, asked, monkeypatch):
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    now, working = [1000.0], settings.CACHES
    settings.CACHES = backend("redis://127.0.0.1:1/0")
    asked()
    settings.CACHES = working

    now[0] = 1000.0 + shared.PAUSE_S

    assert [asked() for _ in range(4)] == [200, 200, 200, 429]


# Where it stands


@pytest.mark.parametrize("settings_of", [base, delivery])
def test_it_stands_below_problems_and_above_what_answers(settings_of):
    order = [path.rpartition(".")[2] for path in settings_of.MIDDLEWARE]

    assert order.index("ProblemMiddleware") < order.index("RateLimitMiddleware")
    assert all(order.index("RateLimitMiddleware") < at for at, name in enumerate(order) if "Warm" in name)
    assert "WhiteNoiseMiddleware" in order[order.index("RateLimitMiddleware") :]


@pytest.mark.parametrize(("given", "read"), [(None, (600, 6000)), ("0", (0, 0)), ("-5", (0, 0)), ("12", (12, 12))])
def test_the_limits_come_from_the_environment(monkeypatch, given, read):
    for name in ("RATE_ANONYMOUS", "RATE_KEY"):
        monkeypatch.setenv(name, given) if given is not None else monkeypatch.delenv(name, raising=False)

    assert (env.rate_anonymous(), env.rate_key()) == read
