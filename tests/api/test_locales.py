"""Languages: `en-GB` falls back to `en` and says so; a 404 names the languages that have the article."""

import json

import pytest


@pytest.mark.parametrize("rest", ["", "sections/"])
@pytest.mark.parametrize("locale", ["en-GB", "en-us", "en"])
def test_a_regional_language_falls_back_to_its_base_and_says_so(recorded, get, locale, rest):
    answer = get(f"articles/{recorded.slug}/{rest}?locale={locale}")

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "en"


def test_the_regional_article_comes_first(recorded, shelve, get_json):
    british = shelve(locale="en-gb", slug=recorded.slug)

    assert get_json(f"articles/{recorded.slug}/?locale=en-GB")["id"] == str(british.article)


def test_a_missing_article_names_the_languages_that_have_it(shelve, require_problem):
    shelve(locale="de", slug="kopfhaut")
    shelve(locale="es", slug="kopfhaut")

    problem = require_problem("articles/kopfhaut/", 404, "not-found")

    assert problem["locales"] == ["de", "es"]
    assert problem["detail"].endswith("It exists in: de, es. Ask with ?locale=de.")


@pytest.mark.parametrize("state", ["withdrawn", "withheld"])
def test_what_readers_do_not_get_is_not_named(shelve, require_problem, state):
    shelve(locale="de", slug="kopfhaut", state=state)

    assert "locales" not in require_problem("articles/kopfhaut/", 404, "not-found")


def test_a_wrong_address_is_forgotten_within_seconds(db, get):
    answer = get("articles/nothing/")

    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert json.loads(answer.content)["type"] == "/problems/not-found"
