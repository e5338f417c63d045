"""ETag, 304, Last-Modified, Cache-Control, and the clock."""

import gzip
import json
import random
from collections import OrderedDict
from datetime import UTC, datetime, timedelta

import pytest
from django.utils.http import http_date

from api.protocol import compression
from articles.publishing.recompose import recompose_due
from articles.record.models import Publication
from tests.factories import edit

NEXT_YEAR = datetime(2031, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def url(recorded):
    return f"articles/{recorded.slug}/"


@pytest.fixture
def etag(url, get):
    return get(url).headers["ETag"]


def test_an_article_has_a_strong_etag(etag):
    assert etag == f'"{Publication.objects.get().etag}"'


@pytest.mark.parametrize("given", ["{}", "W/{}", '"other", {}', '"other" , W/{} ', "*"])
def test_what_the_client_holds_is_not_sent_again(url, etag, get, given):
    answer = get(url, if_none_match=given.format(etag))

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["ETag"] == etag
    assert answer.headers["Cache-Control"] == "public, max-age=55"
    assert "Surrogate-Key" in answer.headers
    assert "Content-Length" not in answer.headers


@pytest.mark.parametrize("given", ['"other"', "", "other", '"', "W/"])
def test_what_the_client_does_not_hold_is_sent(url, get, given):
    assert get(url, if_none_match=given).status_code == 200


def test_the_compressed_form_has_an_etag_of_its_own(url, etag, get):
    answer = get(url, accept_encoding="gzip")

    assert answer.headers["ETag"] == etag[:-1] + '-gzip"'
    assert answer.headers["Vary"] == get(url).headers["Vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("held", ["", "gzip"])
@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_either_form_counts_as_held(url, get, held, accepted):
    etag = get(url, accept_encoding=held).headers["ETag"]

    assert get(url, accept_encoding=accepted, if_none_match=etag).status_code == 304


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("br, gzip;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
        ("identity", False),
        ("x-gzip-not", False),
    ],
)
def test_only_a_client_that_accepts_gzip_gets_it(url, get, accepted, compressed):
    assert ("Content-Encoding" in get(url, accept_encoding=accepted).headers) == compressed


@pytest.mark.parametrize("form", ["portable", "markdown"])
def test_each_form_of_rich_text_has_an_etag_of_its_own(url, etag, get, form):
    other = get(f"{url}?rich_text={form}")

    assert other.headers["ETag"] != etag
    assert get(f"{url}?rich_text={form}", if_none_match=other.headers["ETag"]).status_code == 304
    assert get(f"{url}?rich_text={form}", if_none_match=etag).status_code == 200


def test_last_modified_is_when_the_bytes_were_composed(url, get):
    moment = Publication.objects.get().composed_at

    assert get(url).headers["Last-Modified"] == http_date(moment.timestamp())


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 304), (60, 304)])
def test_if_modified_since_counts_to_the_second(url, get, seconds, status):
    moment = Publication.objects.get().composed_at + timedelta(seconds=seconds)

    assert get(url, if_modified_since=http_date(moment.timestamp())).status_code == status


@pytest.mark.parametrize("given", ["yesterday", "", "Thu, 99 Nov 2026 00:00:00 GMT"])
def test_a_date_that_is_none_is_passed_over(url, get, given):
    assert get(url, if_modified_since=given).status_code == 200


def test_if_none_match_goes_before_if_modified_since(url, get):
    later = http_date((Publication.objects.get().composed_at + timedelta(days=1)).timestamp())

    assert get(url, if_none_match='"other"', if_modified_since=later).status_code == 200


def test_a_new_edition_has_another_etag(published, people, publish, get):
    etag = get(f"articles/{published.slug}/").headers["ETag"]

    publish(edit(published, by=people.author, summary="Another summary."))

    assert get(f"articles/{published.slug}/", if_none_match=etag).status_code == 200


def test_surrogate_keys_name_the_article_and_its_components(published, offer, disclaimer, get):
    keys = get(f"articles/{published.slug}/").headers["Surrogate-Key"].split()

    assert keys[0] == str(published.article_id)
    assert set(keys[1:]) == {str(offer.component_id), str(disclaimer.component_id), "all"}


def test_surrogate_keys_of_a_list_name_its_articles(recorded, get):
    assert get("articles/").headers["Surrogate-Key"].split() == ["articles", str(recorded.article_id), "all"]


@pytest.mark.parametrize(("left_s", "max_age"), [(3600, 55), (60, 55), (20.9, 15), (5.5, 0), (0.5, 0)])
@pytest.mark.parametrize(
    "path", ["articles/", "articles/{}/", "articles/{}/sections/", "articles/{}/?rich_text=portable"]
)
def test_nothing_outlives_the_moment_at_which_the_clock_changes_it(recorded, get, set_clock, path, left_s, max_age):
    set_clock(NEXT_YEAR)
    Publication.objects.update(fresh_until=NEXT_YEAR + timedelta(seconds=left_s))

    answer = get(path.format(recorded.slug))

    assert answer.headers["Cache-Control"] == f"public, max-age={max_age}"


@pytest.fixture
def overdue(recorded, set_clock):
    """Two years on, with nobody having recomposed anything."""
    moment = datetime.now(UTC) + timedelta(days=3 * 366)
    set_clock(moment)
    return moment


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_a_late_request_is_composed_as_it_is_now(overdue, url, get_json, form):
    assert get_json(f"{url}?rich_text={form}")["review"]["status"] == "overdue"


def test_a_late_request_takes_one_query_too(overdue, url, get, django_assert_num_queries):
    with django_assert_num_queries(1):
        get(url)
    with django_assert_num_queries(1):
        get("articles/")


def test_a_late_list_shows_what_the_articles_say_now(overdue, get_json):
    page = get_json("articles/")

    assert page["results"][0]["review"]["status"] == "overdue"
    assert set(page["results"][0]["content"]) == {"title", "summary", "language", "audience", "reading_minutes", "hero"}


def test_what_a_late_request_gets_has_the_etag_that_recomposing_will_store(published, set_clock, get):
    """With the events that recomposing reads: `recorded` is what delivery reads alone."""
    late = datetime.now(UTC) + timedelta(days=3 * 366)
    set_clock(late)
    answer = get(f"articles/{published.slug}/")
    assert answer.headers["ETag"] != f'"{Publication.objects.get().etag}"'

    assert recompose_due(now=late) == 1
    stored = Publication.objects.get()
    assert (bytes(stored.body), f'"{stored.etag}"') == (answer.content, answer.headers["ETag"])


def test_last_modified_of_a_late_article_is_when_the_clock_changed_it(overdue, url, get):
    due = datetime.fromisoformat(json.loads(get(url).content)["review"]["next_review_on"]).replace(tzinfo=UTC)

    assert get(url).headers["Last-Modified"] == http_date((due + timedelta(days=1)).timestamp())


def test_the_compressed_form_of_a_late_article_is_composed_too(overdue, url, etag, get):
    answer = get(url, accept_encoding="gzip")

    assert answer.headers["ETag"] == etag[:-1] + '-gzip"'
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path", ["articles/", "articles/{}/sections/", "articles/{}/editions/", "topics/", "openapi.yaml"]
)
def test_every_list_has_an_etag_and_a_304(recorded, get, path):
    first = get(path.format(recorded.slug))

    again = get(path.format(recorded.slug), if_none_match=first.headers["ETag"])

    assert (again.status_code, again.content) == (304, b"")


def test_a_head_request_has_the_headers_of_a_get(recorded, url, client, get):
    head, whole = client.head(f"/api/v1/{url}"), get(url)

    assert (head.status_code, head.content) == (200, b"")
    names = ("ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Length")
    assert [head.headers[name] for name in names] == [whole.headers[name] for name in names]
    assert whole.headers["Content-Length"] == str(len(whole.content))


def test_the_server_gets_the_headers_as_they_were_set(url, get):
    answer = get(url)

    assert list(answer.items()) == [(name, answer.headers[name]) for name in answer.headers]


@pytest.mark.parametrize("path", ["vocabulary/", "openapi.yaml", "articles/{slug}/?rich_text=portable"])
def test_a_large_answer_is_compressed_for_those_who_ask(recorded, get, path):
    path = path.format(slug=recorded.slug)
    plain, zipped = get(path), get(path, accept_encoding="br, gzip")

    assert gzip.decompress(zipped.content) == plain.content
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    for answer in (plain, zipped):
        assert "Accept-Encoding" in [name.strip() for name in answer.headers["Vary"].split(",")]
        assert get(path, if_none_match=answer.headers["ETag"], accept_encoding="gzip").status_code == 304


def test_a_small_answer_is_not_compressed(db, get):
    assert "Content-Encoding" not in get("topics/", accept_encoding="gzip").headers


def test_compressed_answers_make_room_for_others(monkeypatch):
    monkeypatch.setattr(compression, "MOST_BYTES", 3000)
    monkeypatch.setattr(compression, "_kept", OrderedDict())
    contents = {str(at): random.Random(at).randbytes(2000) for at in range(3)}

    for etag, content in contents.items():
        assert gzip.decompress(compression.compressed(etag, content)) == content

    assert list(compression._kept) == ["2"]


@pytest.mark.parametrize("name", ["traceparent", "X-Api-Key", "Prefer", "If-None-Match", "sentry-trace"])
def test_a_browser_may_send_what_tracing_and_clients_send(client, name):
    allowed = client.options("/api/v1/articles/").headers["Access-Control-Allow-Headers"]

    assert name in allowed.split(", ")
