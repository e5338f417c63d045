"""Every failure is a problem (RFC 9457), whatever is sent."""

import json
from urllib.parse import quote

import pytest
from django.db import OperationalError, connection

from api.protocol.middleware import ProblemMiddleware
from api.v1 import topics
from api.v1.reading import stored

HOSTILE = {
    "nul": "%00",
    "nul-inside": "a%00b",
    "invalid-utf-8": "%FF%FE",
    "lone-surrogate": "%ED%A0%80",
    "overlong-slash": "%C0%AF",
    "long": "a" * 10_000,
    "long-in-bytes": "%F0%9F%92%8A" * 2_500,
    "line-breaks": "a%0D%0ASet-Cookie:%20x=1",
    "quotes": "%27%20OR%20%271%27=%271",
    "percent": "%25s%25(x)s%25",
    "traversal": "..%2F..%2Fetc%2Fpasswd",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
}
ROUTES = (
    "articles/{}/",
    "articles/{}/sections/",
    "articles/{}/sections/risks/",
    "articles/{}/editions/",
    "articles/{}/editions/1/",
    "articles/{}/editions/1/parts/medical/",
)
NUMBERS = ("0", "-1", "01", "1.0", "1e3", "٣", "%00", "9" * 10, "9" * 25, "x", "%2B1")

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("route", ROUTES)
def test_a_hostile_slug_is_not_found(require_problem, route, text):
    require_problem(route.format(text), 404, "not-found")


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("route", ["articles/{name}/editions/{}/", "articles/{name}/editions/{}/parts/medical/"])
def test_what_is_no_number_of_an_edition_is_not_found(recorded, require_problem, route, number):
    require_problem(route.format(number, name=recorded.slug), 404, "not-found")


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api",
        "/api/v2/articles/",
        "nothing/here/",
        "nothing/here",
        "articles/a/b/c/d/",
        "components/not-a-uuid/editions/1/",
        "components/00000000-0000-0000-0000-000000000000/editions/1/",
        "components/00000000-0000-0000-0000-000000000000/editions/9999999999999/",
        "articles/00000000-0000-0000-0000-000000000000/",
        "%00",
        "%FF/",
    ],
)
def test_an_unknown_address_is_not_found(require_problem, path):
    require_problem(path, 404, "not-found")


@pytest.mark.parametrize("path", ["articles", "articles/some-slug", "topics", "docs"])
def test_a_route_without_its_slash_leads_to_it(get, path):
    answer = get(f"{path}?page_size=1")

    assert (answer.status_code, answer.content) == (301, b"")
    assert answer.headers["Location"] == f"/api/v1/{path}/?page_size=1"


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("articles/?colour=red", "page_size"),
        ("articles/?Topic=x", "topic"),
        ("articles/x/?field=title", "rich_text"),
        ("articles/x/sections/?page_size=1", "rich_text"),
        ("articles/x/editions/?rich_text=html", "locale"),
        ("articles/x/editions/1/?a", "locale"),
        ("articles/x/editions/1/parts/medical/?a=", "locale"),
    ],
)
def test_an_unknown_parameter_is_named_with_those_that_are_known(require_problem, path, known):
    problem = require_problem(path, 400, "not-a-parameter")

    name = path.partition("?")[2].partition("=")[0]
    assert problem["errors"] == [{"parameter": name, "code": "unknown", "detail": problem["detail"]}]
    assert known in problem["detail"]


@pytest.mark.parametrize(
    "path", ["topics/?a=1", "components/00000000-0000-0000-0000-000000000000/editions/1/?a=1", "openapi.yaml?a=1"]
)
def test_where_there_are_no_parameters_each_is_unknown(client, path):
    answer = client.head(f"/api/v1/{path}")

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "page_size=0",
        "page_size=101",
        "page_size=-1",
        "page_size=" + "9" * 25,
        "page_size=1.5",
        "page_size=",
        "page_size=%D9%A3",
        "page_size=1&page_size=2",
        "order=slug",
        "order=",
        "audience=everybody",
        "article_type=Condition",
        "kind=seek_help",
        "aspect=none",
        "certainty=very low",
        "locale=en'",
        "locale=english-or-so-and-so-on",
        "topic=",
        "topic=%00",
        "topic=" + "a" * 256,
        "code=L65.9",
        "code=icd-10-cm|",
        "code=icd-9|L65.9",
        "code=|",
        "topic=%ED%A0%80",
        "topic=%FF",
        "%FF=a",
        "%00=a",
        "&".join(f"a{number}=1" for number in range(60)),
    ],
)
def test_a_value_that_cannot_be_used_is_a_problem_with_the_parameter(require_problem, query):
    problem = require_problem(f"articles/?{query}", 400, "invalid-parameter")

    assert problem["errors"][0]["detail"] == problem["detail"]


@pytest.mark.parametrize("sent", ["topic=\xff", "\xff=1", "topic=\xc3("])
def test_raw_bytes_that_are_no_utf_8_are_a_problem(client, sent):
    """WSGI hands them over as Latin-1 (PEP 3333)."""
    answer = client.get("/api/v1/articles/", QUERY_STRING=sent)

    assert json.loads(answer.content)["type"] == "/problems/invalid-parameter"


def test_raw_bytes_that_are_utf_8_are_read(client, shelve):
    shelve(facets={"topic": "été"})
    shelve(facets={"topic": "été"})

    sent = "topic=été&page_size=1".encode().decode("latin-1")

    page = json.loads(client.get("/api/v1/articles/", QUERY_STRING=sent).content)

    assert len(page["results"]) == 1
    assert page["next"].startswith("http://testserver/api/v1/articles/?topic=%C3%A9t%C3%A9&page_size=1&cursor=")


@pytest.mark.parametrize(
    "cursor", ["x", "-", "%00%00", "a" * 2999, "{}", "%F0%9F%92%8A", "bm90LWEtY3Vyc29y", "=", "AAAA===="]
)
def test_a_made_up_cursor_is_refused(require_problem, cursor):
    expected = "invalid-parameter" if "%00" in cursor else "invalid-cursor"

    require_problem(f"articles/?cursor={cursor}", 400, expected)


def test_naughty_strings_are_answered_wherever_they_stand(shared, get):
    strings = json.loads((shared / "data/security/blns.json").read_text())
    failed = []

    for text in strings:
        sent = quote(text.encode("utf-8", "surrogatepass"), safe="")
        paths = [route.format(sent) for route in ROUTES]
        paths += [f"articles/?{name}={sent}" for name in ("topic", "code", "cursor", "page_size", "order", "locale")]
        paths += [f"articles/?{sent}=1", f"articles/?{sent}", f"articles/x/sections/{sent}/", f"/editions/{sent}", sent]
        answers = [(path, get(path)) for path in paths]
        failed += [path for path, answer in answers if answer.status_code not in (200, 301, 400, 404)]
        failed += [
            path
            for path, answer in answers
            if answer.status_code >= 400 and answer.headers["Content-Type"] != "application/problem+json"
        ]

    assert len(strings) > 500
    assert failed == []


@pytest.mark.parametrize(
    "names", [["Accept"], ["X-Request-Id", "If-None-Match", "If-Modified-Since", "Accept-Encoding"]]
)
def test_naughty_headers_are_answered(shared, recorded, client, names):
    strings = json.loads((shared / "data/security/blns.json").read_text())
    sent = [text.encode("utf-8", "surrogatepass").decode("latin-1") for text in strings]

    answers = [client.get(f"/api/v1/articles/{recorded.slug}/", headers=dict.fromkeys(names, text)) for text in sent]

    assert {answer.status_code for answer in answers} <= {200, 406}


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["articles/", "articles/x/", "topics/", "docs/", "openapi.yaml"])
def test_delivery_only_reads(client, method, path):
    answer = getattr(client, method)(f"/api/v1/{path}")

    assert (answer.status_code, json.loads(answer.content)["type"]) == (405, "/problems/method-not-allowed")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_writing_to_an_unknown_address_is_not_found(client):
    assert client.post("/api/v1/nothing/").status_code == 404


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", "application/json;q=0", "image/*, text/*", "no-type"]
)
def test_a_form_that_does_not_exist_is_not_acceptable(require_problem, accept):
    require_problem("articles/", 406, "not-acceptable", accept=accept)


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "APPLICATION/JSON; v=1",
        "",
    ],
)
def test_what_allows_json_gets_it(get, accept):
    assert get("articles/", accept=accept).status_code == 200


def test_a_foreign_host_is_refused_with_a_problem(require_problem):
    require_problem("articles/", 400, "invalid-parameter", host="evil.example")


@pytest.mark.parametrize("path", ["articles/", "articles/x/", "articles/x/editions/", "topics/"])
def test_a_database_that_is_down_makes_the_service_unavailable(require_problem, get, path, caplog):
    def broken(*arguments):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(broken):
        problem = require_problem(path, 503, "unavailable")
        answer = get(path)

    assert answer.headers["Retry-After"] == "5"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "connection" not in problem["detail"] and "the server closed the connection" in caplog.text


def test_what_nobody_anticipated_is_internal_and_says_nothing(monkeypatch, get, require_problem, caplog):
    monkeypatch.setattr(topics.database, "fetch", lambda *arguments: [("only one column",)])

    problem = require_problem("topics/", 500, "internal")

    assert "column" not in json.dumps(problem) and "topics" not in problem["detail"]
    assert "Traceback" in caplog.text and problem["request_id"] in caplog.text


def test_it_is_internal_in_debugging_too(monkeypatch, settings, require_problem):
    settings.DEBUG = True
    monkeypatch.setattr(stored, "load", lambda *arguments, **options: None)

    require_problem("articles/x/", 500, "internal")


def test_a_problem_names_what_was_asked_for(require_problem):
    problem = require_problem("articles/%C3%A9t%C3%A9/?locale=de", 404, "not-found")

    assert problem["instance"] == "/api/v1/articles/%C3%A9t%C3%A9/"


def test_the_clients_own_request_id_comes_back(get):
    assert get("articles/", x_request_id="abc-123").headers["X-Request-Id"] == "abc-123"


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, "é", "<b>"])
def test_a_request_id_that_is_no_plain_word_is_replaced(get, given):
    answer = get("articles/", x_request_id=given)

    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 32


def test_answers_may_be_read_from_every_origin_and_by_no_script_of_ours(get):
    headers = get("articles/").headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_a_browser_may_ask_before_a_conditional_request(client):
    answer = client.options("/api/v1/articles/x/", headers={"Origin": "https://example.org"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_the_admin_is_left_alone(client):
    answer = client.get("/admin/login/")

    assert answer.status_code == 200
    assert "X-Request-Id" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/admin/nothing/", "/apiary/", "/media/nothing.png"])
def test_other_paths_pass_the_middleware_untouched(rf, path):
    given = object()

    assert ProblemMiddleware(lambda request: given)(rf.get(path)) is given
