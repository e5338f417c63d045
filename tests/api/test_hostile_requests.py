"""What tests/api/test_problems.py does not send: hosts, masses of parameters, long and doubly encoded paths."""

import json
from urllib.parse import quote

import pytest
from django.utils import timezone

from tests.api.addresses import addresses

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["evil.example", "a b", "\x01", "[::1", "a" * 5_000, "testserver@evil"])
def test_a_hostile_host_is_a_problem(require_problem, host):
    require_problem("articles/", 400, "invalid-parameter", host=host)


@pytest.mark.parametrize(
    "query", ["&".join(f"a{n}=1" for n in range(1_000)), "topic=a&" * 60, "x" * 10_000, "topic=" + "%C3%A9" * 2_000]
)
def test_masses_of_parameters_are_a_problem(get, query):
    answer = get(f"articles/?{query}")

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    [
        "articles/../../etc/passwd",
        "articles/%2e%2e%2f%2e%2e/",
        "articles/%252e%252e%252f/",
        "articles/%25%30%30/",
        "articles/" + "../" * 3_000,
    ],
)
def test_a_path_that_climbs_is_not_found(require_problem, path):
    require_problem(path, 404, "not-found")


# What other frameworks take for operators, in a filter's name.
OPERATORS = ("topic__contains", "slug__regex", "topic[]", "topic[$ne]", "$filter", "filter[topic]", "fields[]", "_")
FLOOD = {f"X-Flood-{number}": "x" * 200 for number in range(300)}
LONG = {
    "Accept": ",".join(f"text/x{number};q=0.{number % 10}" for number in range(5_000)) + ",*/*;q=0.1",
    "Accept-Encoding": ",".join(f"x{number}" for number in range(5_000)),
    "Accept-Language": "en;q=0.5," * 5_000,
    "If-None-Match": ",".join(f'"{number}"' for number in range(5_000)),
    "If-Modified-Since": "Mon, " * 5_000,
    "Prefer": "vetted," * 5_000,
    "Range": "bytes=" + "0-1," * 5_000,
    "X-Request-Id": "x" * 60_000,
    "Cookie": "a=b;" * 5_000,
    "Referer": "https://example.org/" + "x" * 60_000,
}
FIELDS = ("articles", "article", "fixture")  # where `fields` is a parameter


@pytest.fixture
def routes(get_json, recorded):
    """{operation: address} of every operation that reads."""
    return addresses(get_json, recorded.slug)


def also(path, query):
    return f"{path}{'&' if '?' in path else '?'}{query}"


def test_operators_in_the_names_of_filters_are_unknown_parameters_and_each_is_named(routes, require_problem):
    query = "&".join(f"{quote(name)}=1" for name in OPERATORS)

    problems = {name: require_problem(also(path, query), 400, "not-a-parameter") for name, path in routes.items()}

    named = {name: [error["parameter"] for error in problem["errors"]] for name, problem in problems.items()}
    assert named == {name: [*OPERATORS] for name in routes}


def test_a_wildcard_for_fields_is_refused_and_named(routes, require_problem):
    answers = {
        name: require_problem(also(path, "fields=*"), 400, "invalid-parameter" if name in FIELDS else "not-a-parameter")
        for name, path in routes.items()
    }

    assert {error["parameter"] for problem in answers.values() for error in problem["errors"]} == {"fields"}


def test_an_accept_that_nobody_serves_is_not_acceptable_anywhere(routes, require_problem):
    """Where knowledgeResponseType says the form, Accept says nothing."""
    answers = [
        require_problem(path.replace("knowledgeResponseType", "xsltTransform"), 406, "not-acceptable", accept="image/x")
        for path in routes.values()
    ]

    assert all("This address serves" in problem["detail"] for problem in answers)


@pytest.mark.parametrize("body", [b"{", b'{"page_size": 1}', b"\xff" * 1_000_000, b"_method=DELETE"])
def test_a_body_on_a_get_changes_nothing(routes, client, body, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # the feed says until when a copy is good, to the minute
    kind = "application/x-www-form-urlencoded"
    plain = {name: client.get(f"/api/v1/{path}") for name, path in routes.items()}
    sent = {name: client.generic("GET", f"/api/v1/{path}", body, kind) for name, path in routes.items()}

    assert [name for name in plain if plain[name].status_code != sent[name].status_code] == []
    assert [name for name in plain if plain[name].headers.get("ETag") != sent[name].headers.get("ETag")] == []


@pytest.mark.parametrize("headers", [FLOOD, *({name: value} for name, value in LONG.items())], ids=["many", *LONG])
def test_a_flood_of_headers_is_answered_as_ever(routes, client, headers):
    asked = {name: client.get(f"/api/v1/{path}", headers=headers).status_code for name, path in routes.items()}

    assert {name: status for name, status in asked.items() if status != 200} == {"resolve": 404}


@pytest.mark.parametrize(
    "path", ["articles/?page_size=1", "articles/?q=scalp&page_size=1", "sections/?kind=risks&page_size=1"]
)
def test_a_cursor_with_one_letter_changed_is_refused(recorded, shelve, get_json, require_problem, path):
    shelve(facets={"kind": "risks"})
    cursor = get_json(path.replace("q=scalp&", ""))["next"].rpartition("cursor=")[2]
    changed = [cursor[:at] + ("B" if sign == "A" else "A") + cursor[at + 1 :] for at, sign in enumerate(cursor)]

    for each in changed:
        require_problem(f"{path}&cursor={each}", 400, "invalid-cursor")


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("articles/?page_size=0&locale=e'&cursor=x&fields=*&colour=red", "page_size locale cursor fields colour"),
        ("articles/?q=%3F&order=title&cursor=x&fields=*", "q order cursor fields"),
        ("articles/{slug}/?locale=e'&fields=*&rich_text=pdf", "locale fields rich_text"),
        ("articles/{slug}/editions/?locale=e'&at=never", "locale at"),
        ("articles/{slug}/editions/1/changes/?locale=e'&from=x", "locale from"),
        ("sections/?page_size=0&cursor=x&kind=none", "page_size cursor kind"),
        ("changes/?page_size=0&cursor=x&include=all&locale=e'", "page_size cursor include locale"),
        ("resolve/?locale=en", "locale path"),
        (
            "infobutton/?mainSearchCriteria.v.c=L65&informationRecipient=DOG&knowledgeResponseType=text/html"
            "&informationRecipient.languageCode.c=e'&q=1",
            "mainSearchCriteria.v.cs informationRecipient knowledgeResponseType informationRecipient.languageCode.c q",
        ),
    ],
)
def test_one_problem_names_every_parameter_that_is_wrong(recorded, get, path, wrong):
    problem = json.loads(get(path.format(slug=recorded.slug)).content)

    assert problem["status"] == 400
    assert sorted(error["parameter"] for error in problem["errors"]) == sorted(wrong.split())
    assert all(error["detail"] in problem["detail"] for error in problem["errors"])
