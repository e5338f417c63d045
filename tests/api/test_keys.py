"""API keys: which requests they answer, what refusals give away, and how far each key has read the sync feed."""

import hashlib
import json
import logging
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from api import noted
from api.admin import keys
from api.models import ApiKey, Scopes
from api.protocol import auth, shared
from articles.publishing.jobs.due import publish_due
from articles.publishing.withdraw import withdraw
from articles.record import epoch
from articles.record.models import Counter
from tests import databases
from tests.conftest import absent
from tests.factories import make_article

ROOT = Path(__file__).resolve().parents[2]
REDIS = "redis://127.0.0.1:6379/15"
UNKNOWN = f"vk_zzzzzzzz_{'A' * 32}"


@pytest.fixture(autouse=True)
def nothing_kept(request):
    if "world" not in request.fixturenames:  # which commits
        request.getfixturevalue("db")
    auth.forget()
    shared._next.update(asked=0.0, said=0.0)
    yield
    auth.forget()
    shared._next.update(asked=0.0, said=0.0)


@pytest.fixture
def make_key():
    """make_key(scopes=…, …): (the row, the key to send)."""
    count = iter(range(100))

    def make(**fields):
        revoked_at = fields.pop("revoked_at", None)
        row = ApiKey(**({"name": f"System {next(count)}"} | fields))
        secret = keys.create(row, by="root")
        ApiKey.objects.filter(pk=row.pk).update(revoked_at=revoked_at)
        return row, secret

    return make


@pytest.fixture
def clock(monkeypatch):
    """clock(seconds) is what the monotonic clock says to what is kept in process."""

    def put(seconds: float) -> None:
        monkeypatch.setattr(auth.time, "monotonic", lambda: seconds)

    put(1000.0)
    return put


@pytest.fixture(params=["local memory", "redis"])
def cached(request, settings):
    """In either cache. With Redis, as in production, a request writes nothing but its note."""
    if request.param == "redis":
        try:
            redis.Redis.from_url(REDIS, socket_timeout=1).ping()
        except redis.RedisError as error:
            absent(f"Redis does not answer: {error}")
        prefix = f"test-{os.getpid()}-{timezone.now().timestamp()}"
        settings.CACHES = {
            "default": {"BACKEND": "api.protocol.shared.SharedCache", "LOCATION": REDIS, "KEY_PREFIX": prefix}
        }
    settings.WRITES_NOTES = False
    yield request.param
    if request.param == "redis":
        client = redis.Redis.from_url(REDIS)
        for name in client.scan_iter(f"{prefix}*"):
            client.delete(name)


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


# What a key is


def test_a_key_is_shown_by_its_creation_only_and_its_hash_is_kept(make_key):
    row, secret = make_key()

    stored = ApiKey.objects.filter(pk=row.pk).values().get()
    assert auth.FORM.fullmatch(secret)
    assert stored["hash"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(stored) and secret[12:] not in str(stored)
    assert secret.startswith(f"vk_{row.prefix}_")


def test_no_two_keys_are_alike(make_key):
    secrets = {make_key()[1] for _ in range(20)}

    assert len(secrets) == len({secret[12:] for secret in secrets}) == 20


def test_the_database_refuses_two_keys_of_a_name_unless_one_is_revoked(make_key):
    first, _ = make_key(name="App")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_key(name="App")

    keys.revoke(first)

    assert make_key(name="App")


@pytest.mark.parametrize("fields", [{"scopes": "write"}, {"scopes": ""}])
def test_the_database_refuses_scopes_that_do_not_exist(make_key, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_key(**fields)


def test_the_database_refuses_a_second_key_with_a_prefix(make_key):
    row, _ = make_key()

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.create(name="Other", prefix=row.prefix, hash="0" * 64)


# Which requests are answered


@pytest.mark.parametrize("scopes", Scopes.values)
@pytest.mark.parametrize(
    "headers",
    [
        lambda secret: {"authorization": f"Bearer {secret}"},
        lambda secret: {"authorization": f"bearer  {secret}"},
        lambda secret: {"x-api-key": secret},
        lambda secret: {"authorization": f"Bearer {secret}", "x-api-key": secret},
    ],
)
def test_a_key_in_either_header_gets_what_everybody_gets(published, make_key, client, scopes, headers):
    _, secret = make_key(scopes=scopes)
    anonymous = client.get("/api/v1/articles/")

    answer = client.get("/api/v1/articles/", headers=headers(secret))

    assert (answer.status_code, answer.content) == (200, anonymous.content)
    assert answer.headers["Cache-Control"] == anonymous.headers["Cache-Control"]


@pytest.mark.parametrize(
    "given",
    [
        "",
        " ",
        "x",
        UNKNOWN,
        UNKNOWN.upper(),
        f"{UNKNOWN}\n",
        f" {UNKNOWN}",
        f"{UNKNOWN},{UNKNOWN}",
        "vk_" * 3_334,
        f"vk_zzzzzzzz_{'A' * 10_000}",
        "vk_zzzz\x00zzz_" + "A" * 32,
        "vk_zzzzzzzé_" + "A" * 32,
        "vk_zzzzzzzz_" + "é" * 32,
        "vk_zzzzzzzz_" + "١" * 32,
        "' OR 1=1 --",
    ],
)
def test_what_is_no_key_is_refused_in_either_header(require_problem, given):
    require_problem("articles/", 401, "unauthenticated", x_api_key=given)
    require_problem("articles/", 401, "unauthenticated", authorization=f"Bearer {given}")


@pytest.mark.parametrize("given", ["", "Bearer", "Basic dXNlcjpwYXNz", "Token x", "Digest a=b", "Bearer\x00x"])
def test_another_scheme_is_refused(require_problem, given):
    require_problem("articles/", 401, "unauthenticated", authorization=given)


def test_a_key_in_the_wrong_form_of_header_is_refused(make_key, require_problem):
    _, secret = make_key()

    require_problem("articles/", 401, "unauthenticated", authorization=secret)
    require_problem("articles/", 401, "unauthenticated", authorization=f"Basic {secret}")
    require_problem(f"articles/?api_key={secret}", 400, "not-a-parameter")


def test_two_headers_with_different_keys_are_refused(make_key, require_problem):
    (_, one), (_, other) = make_key(), make_key()

    require_problem("articles/", 401, "unauthenticated", authorization=f"Bearer {one}", x_api_key=other)
    require_problem("articles/", 401, "unauthenticated", authorization="Basic eA==", x_api_key=one)
    require_problem("articles/", 401, "unauthenticated", authorization=f"Bearer {one}, Bearer {other}")


def test_a_key_with_another_secret_is_refused(make_key, require_problem):
    row, secret = make_key()
    last = "B" if secret[-1] == "A" else "A"

    require_problem("articles/", 401, "unauthenticated", **bearer(secret[:-1] + last))
    require_problem("articles/", 401, "unauthenticated", **bearer(f"vk_{row.prefix}_{'A' * 32}"))


def refusals(client, make_key, monkeypatch):
    """The answers to a key that is unknown, has another secret, is expired, is revoked, and how often each compares."""
    row, _ = make_key()
    past = timezone.now() - timedelta(seconds=1)
    sent = {
        "unknown": UNKNOWN,
        "wrong": f"vk_{row.prefix}_{'A' * 32}",
        "expired": make_key(expires_at=past)[1],
        "revoked": make_key(revoked_at=past)[1],
    }
    compared = []
    real = auth.compare_digest
    monkeypatch.setattr(auth, "compare_digest", lambda one, other: compared.append(1) or real(one, other))
    found = {}
    for name, secret in sent.items():
        auth.forget()
        compared.clear()
        with connection.execute_wrapper(lambda execute, *rest: compared.append("query") or execute(*rest)):
            answer = client.get("/api/v1/articles/", headers=bearer(secret) | {"X-Request-Id": "same"})
        found[name] = (answer.status_code, dict(answer.headers), answer.content, tuple(compared))
    return found


def test_an_unknown_an_expired_and_a_revoked_key_get_one_answer_by_one_way(client, make_key, monkeypatch):
    """The same bytes, and the same work: one query and one comparison in constant time for each look at the key."""
    found = refusals(client, make_key, monkeypatch)

    status, headers, content, work = found["unknown"]
    assert list(found.values()) == [found["unknown"]] * 4
    assert work.count("query") == 1
    assert (status, headers["WWW-Authenticate"], headers["Cache-Control"]) == (401, "Bearer", "no-store")
    assert json.loads(content)["type"] == "/problems/unauthenticated"


def test_a_key_works_until_the_instant_at_which_it_expires(make_key, get, set_clock):
    ends = timezone.now() + timedelta(days=1)
    _, secret = make_key(expires_at=ends)

    set_clock(ends - timedelta(microseconds=1))
    before = get("articles/", **bearer(secret)).status_code
    set_clock(ends)
    at = get("articles/", **bearer(secret)).status_code

    assert (before, at) == (200, 401)


def test_a_key_that_was_revoked_elsewhere_works_for_half_a_minute_more(make_key, get, clock):
    row, secret = make_key()
    assert get("articles/", **bearer(secret)).status_code == 200
    ApiKey.objects.filter(pk=row.pk).update(revoked_at=timezone.now())

    clock(1000.0 + auth.KEPT_S - 0.01)
    still = get("articles/", **bearer(secret)).status_code
    clock(1000.0 + auth.KEPT_S)
    after = get("articles/", **bearer(secret)).status_code

    assert (still, after) == (200, 401)


def test_a_key_that_is_revoked_here_ends_at_once_and_for_ever(make_key, get):
    row, secret = make_key()
    assert get("articles/", **bearer(secret)).status_code == 200

    keys.revoke(row)
    first = ApiKey.objects.get(pk=row.pk).revoked_at
    keys.revoke(row)

    assert get("articles/", **bearer(secret)).status_code == 401
    assert ApiKey.objects.get(pk=row.pk).revoked_at == first


def test_a_key_costs_one_indexed_query_in_half_a_minute(make_key, get, django_assert_num_queries):
    _, secret = make_key()
    with django_assert_num_queries(0):
        get("vocabulary/")

    with django_assert_num_queries(1) as asked:
        for _ in range(3):
            assert get("vocabulary/", **bearer(secret)).status_code == 200

    assert "WHERE prefix = " in asked[0]["sql"]


def test_guesses_do_not_fill_the_memory(get, monkeypatch):
    monkeypatch.setattr(auth, "MOST_KEPT", 5)

    for number in range(20):
        get("vocabulary/", **bearer(f"vk_{number:08}_{'A' * 32}"))

    assert len(auth._kept) <= 5


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing/", "/api/v1/articles/none/", "/api/v1/openapi.yaml", "/api/v1/docs/"]
)
def test_a_key_that_does_not_work_learns_nothing_anywhere(client, path):
    answer = client.generic("HEAD", path, headers=bearer(UNKNOWN))

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_load_balancers_need_no_key_and_may_send_anything(get, path):
    assert get(path, authorization="Basic x").status_code == 200


def test_a_picture_is_served_whatever_key_is_sent(get):
    """Its address is fetched by browsers, which may add credentials of the page."""
    assert get(f"/editions/{'a' * 64}/800.webp", **bearer(UNKNOWN)).status_code == 404


def test_a_database_that_cannot_say_makes_the_service_unavailable_and_nobody_anonymous(make_key, client):
    _, secret = make_key()

    def broken(*arguments):
        raise OperationalError

    with connection.execute_wrapper(broken):
        answer = client.get("/api/v1/vocabulary/", headers=bearer(secret))

    assert answer.status_code == 503


def test_no_refusal_or_failure_writes_a_key_into_a_log(make_key, client, caplog, monkeypatch):
    row, secret = make_key()
    monkeypatch.setattr("api.v1.vocabulary.read", lambda *given: 1 / 0)

    with caplog.at_level(logging.DEBUG):
        assert client.get("/api/v1/vocabulary/", headers=bearer(secret)).status_code == 500
        keys.revoke(row)
        client.get("/api/v1/articles/", headers=bearer(secret))
        client.get("/api/v1/articles/", headers={"x-api-key": secret})

    assert caplog.text and secret not in caplog.text and secret[12:] not in caplog.text


# Caches in front


def test_only_the_feed_varies_by_key_so_that_caches_share_everything_else(published, make_key, get):
    _, secret = make_key()

    for given in ({}, bearer(secret)):
        feed, article = get("changes/", **given), get(f"articles/{published.slug}/", **given)
        assert "Authorization, X-Api-Key" in feed.headers["Vary"]
        assert "Authorization" not in article.headers.get("Vary", "")
        assert feed.headers["Cache-Control"].startswith("public")


def test_a_304_of_the_feed_varies_as_well(published, get):
    first = get("changes/")

    again = get("changes/", if_none_match=first.headers["ETag"])

    assert (again.status_code, again.headers["Vary"]) == (304, first.headers["Vary"])


# Who has read the feed


@pytest.fixture
def end(published):
    return lambda: Counter.objects.get(name="events").value


def read(row) -> tuple[int | None, bool]:
    found = ApiKey.objects.get(pk=row.pk)
    return found.last_event, found.last_seen_at is not None


def test_a_key_that_reads_the_feed_to_its_end_is_noted_by_the_worker(cached, end, make_key, get):
    row, secret = make_key()

    get("changes/", **bearer(secret))
    before = read(row)
    publish_due()

    assert (before, read(row)) == ((None, False), (end(), True))


def test_the_commands_line_reports_nothing_of_it(cached, end, make_key, get, capsys):
    _, secret = make_key()
    get("changes/", **bearer(secret))

    call_command("publish_due")

    assert "0 failed" in capsys.readouterr().out


def test_a_client_that_has_the_page_already_is_noted(cached, end, make_key, get):
    row, secret = make_key()
    held = get("changes/").headers["ETag"]

    answer = get("changes/", if_none_match=held, **bearer(secret))
    noted.write(timezone.now())

    assert (answer.status_code, read(row)) == (304, (end(), True))


@pytest.mark.parametrize("scopes", [Scopes.READ])
def test_a_key_without_the_scope_reads_the_feed_and_is_not_noted(cached, end, make_key, get, scopes):
    row, secret = make_key(scopes=scopes)

    assert get("changes/", **bearer(secret)).status_code == 200
    noted.write(timezone.now())

    assert read(row) == (None, False)


def test_a_request_without_a_body_to_read_is_not_noted(cached, end, make_key, client):
    row, secret = make_key()

    client.head("/api/v1/changes/", headers=bearer(secret))
    client.options("/api/v1/changes/", headers=bearer(secret))
    noted.write(timezone.now())

    assert read(row) == (None, False)


def test_a_refused_request_is_not_noted(cached, end, make_key, get):
    row, secret = make_key()

    assert get("changes/?cursor=x", **bearer(secret)).status_code == 400
    noted.write(timezone.now())

    assert read(row) == (None, False)


def test_a_key_in_the_middle_of_the_feed_has_not_read_what_follows(cached, people, publish, end, make_key, get_json):
    publish(make_article(by=people.author))
    row, secret = make_key()

    first = get_json("changes/?page_size=1", **bearer(secret))
    noted.write(timezone.now())
    middle = read(row)
    get_json(first["next"], **bearer(secret))
    noted.write(timezone.now())

    assert (first["has_more"], middle, read(row)) == (True, (None, False), (end(), True))


def test_a_withdrawal_is_passed_by_those_who_read_on_after_it(cached, published, people, end, make_key, get_json):
    (early, one), (late, other) = make_key(), make_key()
    page = get_json("changes/", **bearer(one))
    get_json("changes/", **bearer(other))
    noted.write(timezone.now())
    withdraw(page=published, reason="safety", by=people.editor)

    gone = get_json(f"changes/?cursor={page['cursor']}", **bearer(one))
    noted.write(timezone.now())

    assert [entry["change"] for entry in gone["results"]] == ["tombstone"]
    assert read(early)[0] == end() > read(late)[0]


def test_a_note_of_another_life_of_the_database_is_not_written(cached, end, make_key, get):
    row, secret = make_key()
    get("changes/", **bearer(secret))

    epoch.renew()
    noted.write(timezone.now())

    assert read(row) == (None, False)


def test_a_revoked_key_is_noted_no_more(cached, end, make_key, get):
    row, secret = make_key()
    get("changes/", **bearer(secret))
    keys.revoke(row)

    noted.write(timezone.now())

    assert read(row) == (None, False)


def test_the_worker_writes_the_same_twice_and_only_what_is_new(cached, end, make_key, get, django_assert_num_queries):
    row, secret = make_key()
    get("changes/", **bearer(secret))
    noted.write(timezone.now())
    before = ApiKey.objects.get(pk=row.pk).last_seen_at

    with django_assert_num_queries(2):  # the keys, the epoch
        noted.write(timezone.now())

    assert ApiKey.objects.get(pk=row.pk).last_seen_at == before


def test_without_keys_the_worker_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        noted.write(timezone.now())


def test_where_processes_share_no_cache_the_request_writes_its_note(settings, end, make_key, get):
    settings.WRITES_NOTES = True
    row, secret = make_key()

    get("changes/", **bearer(secret))

    assert read(row) == (end(), True)


def test_a_note_that_cannot_be_written_costs_nobody_the_feed(settings, end, make_key, get, monkeypatch):
    settings.WRITES_NOTES = True
    _, secret = make_key()

    def broken(now):
        raise OperationalError("database is locked")

    monkeypatch.setattr(noted, "write", broken)

    assert get("changes/", **bearer(secret)).status_code == 200


def test_a_cache_that_is_down_costs_nobody_the_feed_and_the_worker_nothing(settings, end, make_key, get, caplog):
    down = {"BACKEND": "api.protocol.shared.SharedCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES, settings.WRITES_NOTES = {"default": down}, False
    row, secret = make_key()

    answer = get("changes/", **bearer(secret))
    report = publish_due()

    assert (answer.status_code, report.failed, read(row)) == (200, [], (None, False))
    assert caplog.text.count("does not answer") == 1


# The process that delivers

DELIVER = """
import django, sys
django.setup()
from django.db import DatabaseError, connection
from django.test import Client
from api.models import ApiKey
client, key = Client(raise_request_exception=False), sys.argv[1]
said = []
for given in (key, key[:-1] + ("B" if key[-1] == "A" else "A")):
    for path in ("articles/", "changes/", "vocabulary/"):
        said.append(client.get("/api/v1/" + path, headers={"authorization": "Bearer " + given}).status_code)
said.append(client.get("/readyz").status_code)
try:
    ApiKey.objects.update(note="written")
    said.append("written")
except DatabaseError:
    said.append("refused")
print(said)
"""


@pytest.fixture
def reader(world):
    """DATABASE_URL for a role that may read the record and the keys, as docs/operators.md grants it; ours on SQLite."""
    if connection.vendor != "postgresql":
        yield f"sqlite:///{world.name}"
        return
    role = f"vetted_delivery_{os.getpid()}"
    tables = connection.introspection.table_names()
    granted = [name for name in tables if name.startswith("record_")] + ["api_apikey", "django_migrations"]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'secret'")
        cursor.execute(f"GRANT SELECT ON {', '.join(granted)} TO {role}")
    url = psycopg.conninfo.conninfo_to_dict(databases.url_of(world.name))
    yield f"postgres://{role}:secret@{url['host']}:{url.get('port', 5432)}/{world.name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")


def test_the_delivery_process_reads_keys_with_a_role_that_may_only_read(reader, tmp_path):
    secret = keys.create(ApiKey(name="A system"), by="root")
    environment = {"DJANGO_SETTINGS_MODULE": "cms.settings.delivery", "DATABASE_URL": reader, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-c", DELIVER, secret]

    said = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment | {"ALLOWED_HOSTS": "testserver"},
        capture_output=True,
        text=True,
    )

    last = "refused" if connection.vendor == "postgresql" else "written"
    assert said.stdout.strip() == str([200] * 3 + [401] * 3 + [200, last]), said.stderr
