"""`fixtures/`: an article in each state, as delivery serves it, and as a later version may serve it."""

import gzip
import json

import pytest

from api.v1.fixtures.states import BY_NAME, FIXTURES
from articles.record.vocabulary import SectionKind
from tests.api.addresses import addresses, in_form
from tests.api.openapi import require_documented
from tests.api.test_self_verifying import code

SERVED = [row.name for row in FIXTURES if not row.gone]
GONE = [row.name for row in FIXTURES if row.gone]


def test_the_list_names_each_with_an_id_that_never_changes(get_json, db, get):
    rows = get_json("fixtures/")["results"]

    assert [row["name"] for row in rows] == [*SERVED, *GONE]
    assert rows[0]["id"] == "5c98160f-024c-5266-b106-24a8aaae5826"
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["name"]: row["status"] for row in rows} == {row["name"]: get(row["url"]).status_code for row in rows}


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
@pytest.mark.parametrize("name", SERVED)
def test_a_fixture_is_an_article_as_documented(get_json, db, name, form):
    article = get_json(f"fixtures/{name}/?rich_text={form}")

    assert (article["id"], article["slug"], article["rich_text"]) == (BY_NAME[name].id, name, form)


@pytest.mark.parametrize("name", SERVED)
def test_the_digests_of_a_fixture_can_be_computed(get_json, db, name):
    found: dict = {}
    exec(compile(code("python"), "docs/json.md", "exec"), found)

    article = get_json(f"fixtures/{name}/?rich_text=portable")

    assert all(stated == computed for _, stated, computed in found["digests"](article))


@pytest.mark.parametrize("name", GONE)
def test_what_readers_do_not_get_is_the_problem_that_articles_answer(require_problem, db, name):
    problem = require_problem(f"fixtures/{name}/", 410, "withdrawn")

    assert problem["temporary"] == (name == "withheld")
    assert problem["explanation"]


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("current", lambda article: {row["kind"] for row in article["content"]["sections"]}, set(SectionKind.values)),
        ("overdue", lambda article: article["review"]["status"], "overdue"),
        ("overdue", lambda article: [row["kind"] for row in article["notices"]], ["review-overdue"]),
        ("without-offers", lambda article: article["omitted"][0]["reason"], "review-overdue"),
        ("emergency", lambda article: article["review"]["status"], "emergency"),
        ("safety-notice", lambda article: article["notices"][0]["kind"], "safety"),
        ("retracted-source", lambda article: article["content"]["references"][0]["source_status"], "retracted"),
        ("voided", lambda article: article["review"]["reviewed_by"], []),
        ("right-to-left", lambda article: 'dir="rtl"' in article["content"]["sections"][0]["html"], True),
        ("german", lambda article: "Nebenwirkungen" in json.dumps(article["content"]["sections"]), True),
        ("longest", lambda article: len(article["content"]["title"]), 255),
    ],
)
def test_each_fixture_is_in_its_state(get_json, db, name, place, value):
    assert place(get_json(f"fixtures/{name}/")) == value


def test_an_offer_for_other_markets_is_data_alone(get_json, db):
    slot = next(row for row in get_json("fixtures/off-market/")["content"]["sections"] if row["kind"] == "cta")

    assert slot["offer"]["markets"] == ["US", "CA"]
    assert slot["offer"]["label"] not in slot["html"]


def test_an_article_from_tomorrow_has_a_new_kind_key_and_value(from_tomorrow, db):
    asked = from_tomorrow("fixtures/current/")
    article = json.loads(asked.content)

    assert asked.headers["Preference-Applied"] == "vetted=tomorrow"
    assert asked.headers["Cache-Control"] == "no-store"
    assert article["x_from_tomorrow"]
    assert article["content"]["sections"][-1]["kind"] == "from-tomorrow"
    assert article["notices"][-1]["kind"] == "from-tomorrow"
    assert article["review"]["status"] == "from-tomorrow"


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_every_article_may_be_asked_from_tomorrow(from_tomorrow, recorded, coding):
    asked = from_tomorrow(f"articles/{recorded.slug}/", **{"Accept-Encoding": coding})
    content = gzip.decompress(asked.content) if asked.headers.get("Content-Encoding") == "gzip" else asked.content

    assert asked.headers["Preference-Applied"] == "vetted=tomorrow"
    assert asked.headers["Cache-Control"] == "no-store"
    assert json.loads(content)["x_from_tomorrow"]
    assert (asked.headers.get("Content-Encoding") == "gzip") == (coding == "gzip")


@pytest.mark.parametrize("form", ["html", "markdown", "portable"])
def test_tomorrows_answers_are_still_as_documented_today(from_tomorrow, get_json, rich, form):
    """Every address that there is; `from_tomorrow` holds each answer against the document."""
    paths = {name: in_form(name, path, form) for name, path in addresses(get_json, rich.slug).items()}

    asked = {name: from_tomorrow(path) for name, path in paths.items()}

    assert {name: answer.status_code for name, answer in asked.items() if answer.status_code != 200} == {"resolve": 404}
    as_ever = {name for name, answer in asked.items() if "Preference-Applied" not in answer.headers}
    assert as_ever == {"resolve", "part", "component_edition"}  # a problem, and signed bytes


def test_our_tests_would_notice_what_nobody_described(from_tomorrow, db):
    asked = from_tomorrow("locales/")

    with pytest.raises(AssertionError, match="x_from_tomorrow"):
        require_documented(asked.request["PATH_INFO"], 200, "application/json", asked.content)


def test_json_ld_from_tomorrow_is_still_json_ld(from_tomorrow, rich):
    """A context declares terms and a value object has keywords alone, so there nothing can be ignored."""
    found = json.loads(from_tomorrow(f"articles/{rich.slug}/json-ld/").content)

    assert found["x_from_tomorrow"]
    assert list(found["@context"][1]) == ["vetted"]


def test_other_preferences_change_nothing(get, db):
    plain, asked = get("fixtures/current/"), get("fixtures/current/", prefer="respond-async, vetted=today")

    assert asked.content == plain.content
    assert "Preference-Applied" not in asked.headers


def test_elsewhere_there_is_no_such_address(settings, db, require_problem, recorded, get):
    settings.FIXTURES = False

    require_problem("fixtures/", 404, "not-found")
    require_problem("fixtures/current/", 404, "not-found")
    assert "Preference-Applied" not in get(f"articles/{recorded.slug}/", prefer="vetted=tomorrow").headers
