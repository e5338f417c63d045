"""Languages: `en-GB` falls back to `en` and says so; a 404 names the languages that have the article."""

import json

import pytest

EVERYWHERE = pytest.mark.parametrize("rest", ["", "sections/", "json-ld/", "editions/", "editions/1/parts/medical/"])


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


@EVERYWHERE
@pytest.mark.parametrize("locale", ["", "?locale=en", "?locale=EN", "?locale=en-GB"])
def test_an_id_is_answered_in_its_own_language(recorded, get, locale, rest):
    assert get(f"articles/{recorded.article_id}/{rest}{locale}").status_code == 200


@EVERYWHERE
@pytest.mark.parametrize("locale", ["de", "es-MX", "eng"])
def test_an_id_is_never_answered_in_another_language_than_was_asked_for(recorded, require_problem, locale, rest):
    problem = require_problem(f"articles/{recorded.article_id}/{rest}?locale={locale}", 404, "not-found")

    assert problem["locales"] == ["en"]
    assert f"an article in en, not in {locale.lower()}." in problem["detail"]


def test_an_id_of_a_region_is_not_that_of_its_language(shelve, require_problem, get):
    british = shelve(locale="en-gb")

    assert get(f"articles/{british.article}/?locale=en-GB").status_code == 200
    assert require_problem(f"articles/{british.article}/?locale=en", 404, "not-found")["locales"] == ["en-gb"]


@pytest.mark.parametrize("locale", ["", "?locale=en", "?locale=de"])
def test_nobody_is_told_to_add_what_they_sent(db, require_problem, locale):
    assert require_problem(f"articles/nothing/{locale}", 404, "not-found")["detail"] == (
        "No article was published as “nothing”."
    )
