"""The root, `vocabulary/`, `locales/`, `people/`, `sources/` and `resolve/`."""

import json
import re
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction

from api import urls
from articles.authoring.models import ArticleAuthor
from articles.authoring.people import Person
from articles.publishing.recompose import recompose_all
from articles.publishing.withdraw import withdraw
from articles.record import events, words
from articles.record.delivery import projection
from articles.record.models import OldAddress
from articles.record.slugs import address_key
from articles.review.policies.changes import change
from tests.factories import complete_body, make_article, make_source

REMOTE = "https://old.example/Hair/Minoxidil-for-men/"


def test_the_root_names_every_collection(recorded, get, get_json):
    root = get_json("")

    routes = {str(route.pattern).removeprefix(urls.V1) for route in urls.urlpatterns}
    collections = {route for route in routes if re.fullmatch(r"[a-z]+/|openapi\.yaml", route)}
    assert {url.removeprefix("http://testserver/api/v1/") for url in root.values()} == collections
    assert {name: get(url).status_code for name, url in root.items()} == dict.fromkeys(root, 200) | {
        "mcp": 405,
        "resolve": 400,
        "sections": 400,
        "infobutton": 400,
    }


def test_the_root_names_the_fixtures_only_where_they_are_served(db, get_json, settings):
    settings.FIXTURES = False

    assert "fixtures" not in get_json("")


@pytest.mark.parametrize("locale", ["en", "de", "es", "de-AT"])
def test_the_vocabulary_says_every_value_in_the_language(get_json, db, locale):
    found = get_json(f"vocabulary/?locale={locale}")

    values = {row["name"]: {value["value"] for value in row["values"]} for row in found["lists"]}
    assert values == {name: set(row) for name, row in words.lists().items()}
    assert {value["lang"] for row in found["lists"] for value in row["values"]} == {locale[:2]}
    assert {row["key"] for row in found["sentences"]} == set(words.sentences()) - set(words.OUR_PAGES)
    assert set(words.OUR_PAGES) < set(words.sentences())


def test_the_words_of_a_band_are_those_in_html(recorded, get_json):
    lists = {row["name"]: row["values"] for row in get_json("vocabulary/")["lists"]}
    html = "".join(row["html"] for row in get_json(f"articles/{recorded.slug}/")["content"]["sections"])

    common = next(row for row in lists["frequency"] if row["value"] == "common")
    assert f"{common['label']} ({common['meaning']})" in html


@pytest.mark.parametrize("locale", ["fr", "xx-yy", "zh-hant"])
def test_a_language_without_words_gets_english_that_says_so(get, db, locale):
    answer = get(f"vocabulary/?locale={locale}")

    found = json.loads(answer.content)
    assert (found["locale"], answer.headers["Content-Language"]) == ("en", "en")
    assert {value["lang"] for row in found["lists"] for value in row["values"]} == {"en"}


def test_locales_count_what_is_published_in_each(recorded, shelve, get_json, django_assert_num_queries):
    shelve(locale="ar")

    with django_assert_num_queries(1):
        found = {row["locale"]: row for row in get_json("locales/")["results"]}

    assert {key: row["articles"] for key, row in found.items()} == {"en": 1, "es": 0, "de": 0, "ar": 1}
    assert (found["ar"]["direction"], found["ar"]["has_words"]) == ("rtl", False)
    assert [key for key, row in found.items() if row["is_default"]] == ["en"]


@pytest.fixture
def reviewer(people, lead):
    person = Person.objects.get(user=people.reviewer)
    person.interests = "Lectures for a maker of shampoo, 2024."
    person.registration_body, person.registration_number = "GMC", "7654321"
    person.verified_by, person.verified_on = "Lead", date(2026, 1, 2)
    change(person, by=lead)
    return person


def test_a_person_is_shown_with_credentials_interests_and_their_articles(reviewer, published, get_json):
    (listed,) = get_json("people/")["results"]
    person = get_json(listed["url"])

    assert listed["articles"] == 1
    assert (person["name"], person["credentials"]) == (reviewer.name, reviewer.credentials)
    assert person["registration"] == "GMC 7654321"
    assert person["interests"] == "Lectures for a maker of shampoo, 2024."
    assert [row["id"] for row in person["articles"]] == [str(published.article_id)]


def test_the_reviewer_of_an_article_leads_to_the_person(published, get_json):
    (reviewer,) = get_json(f"articles/{published.slug}/")["review"]["reviewed_by"]

    assert get_json(f"people/{reviewer['id']}/")["name"] == reviewer["name"]


def test_an_author_is_a_person_too(people, publish, lead, get_json):
    author = Person(name="Ada Author", credentials="PhD")
    change(author, by=None)
    page = publish(make_article(by=people.author, authors=[ArticleAuthor(person=author)]))

    (byline,) = get_json(f"articles/{page.slug}/")["content"]["authors"]

    assert get_json(f"people/{byline['id']}/")["name"] == "Ada Author"


def test_a_person_of_withdrawn_articles_alone_is_not_shown(published, people, get_json, require_problem):
    person = get_json("people/")["results"][0]["url"]

    withdraw(page=published, reason="other", by=people.editor)

    assert get_json("people/")["results"] == []
    require_problem(person, 404, "not-found")


def test_people_take_two_queries(published, get, django_assert_num_queries):
    with django_assert_num_queries(2):
        get("people/")


def test_a_source_is_shown_with_the_articles_that_cite_it(people, publish, get_json, require_problem):
    source = make_source(title="A trial of shampoo")
    first, second = (publish(make_article(by=people.author, body=complete_body(source))) for _ in range(2))

    found = get_json(f"sources/{source.source_id}/")
    withdraw(page=second, reason="other", by=people.editor)
    after = get_json(f"sources/{source.source_id}/")
    withdraw(page=first, reason="other", by=people.editor)

    assert "A trial of shampoo" in found["reference"]["text"]["ama"]
    assert found["reference"]["source_status"] == "standing"
    assert "number" not in found["reference"]  # it has one in an article only
    assert [row["id"] for row in found["articles"]] == [str(second.article_id), str(first.article_id)]
    assert [row["id"] for row in after["articles"]] == [str(first.article_id)]
    require_problem(f"sources/{source.source_id}/", 404, "not-found")


@pytest.fixture
def imported():
    """imported(article id): it was imported from the old web site."""

    def note(article, address=REMOTE):
        with transaction.atomic():
            data = {"address": address, "key": "7", "sha256": "0" * 64}
            line = events.append("imported", subject_kind="article", subject=article, actor={}, data=data)
            projection.write_shared(line)

    return note


@pytest.mark.parametrize(
    "path",
    [REMOTE, "/Hair/Minoxidil-for-men/", "hair/minoxidil-for-men", "http://other.example/hair/minoxidil%2Dfor-men?a=1"],
)
def test_an_old_path_leads_to_the_article(published, imported, get, get_json, path):
    imported(published.article_id)

    found = get_json(f"resolve/?path={path.replace('?', '%3F')}")

    assert (found["state"], found["address"]) == ("published", REMOTE)
    assert found["article"]["id"] == str(published.article_id)
    assert found["article"]["web_url"] == f"http://testserver/read/en/{published.slug}/"


def test_what_was_imported_and_is_not_signed_is_not_migrated_whether_a_draft_exists_or_not(unsigned, imported, get):
    imported(unsigned.article_id, "https://old.example/a")
    imported(uuid4(), "https://old.example/b")

    drafted, gone = get("resolve/?path=/a"), get("resolve/?path=/b")

    assert json.loads(drafted.content) == {"address": "https://old.example/a", "state": "not-migrated", "article": None}
    assert json.loads(gone.content) == {"address": "https://old.example/b", "state": "not-migrated", "article": None}
    assert {key: drafted.headers[key] for key in ("Cache-Control", "Surrogate-Key")} == {
        key: gone.headers[key] for key in ("Cache-Control", "Surrogate-Key")
    }


def test_an_article_that_was_withdrawn_is_gone(published, people, imported, get_json):
    imported(published.article_id)
    withdraw(page=published, reason="other", by=people.editor)

    assert get_json("resolve/?path=/hair/minoxidil-for-men") == {"address": REMOTE, "state": "gone", "article": None}


def test_an_address_with_a_query_alone_is_known_by_it(published, imported, get_json, require_problem):
    imported(published.article_id, "https://old.example/?p=12")

    assert get_json("resolve/?path=/%3Fp%3D12")["state"] == "published"
    require_problem("resolve/?path=/%3Fp%3D13", 404, "not-found")


@pytest.mark.parametrize("query", ["", "?path=", "?path=http://[::1/x"])
def test_a_path_that_is_none_is_refused(query, db, require_problem):
    problem = require_problem(f"resolve/{query}", 400, "invalid-parameter")

    assert problem["errors"][0]["parameter"] == "path"


def test_the_latest_import_from_an_address_counts_and_survives_recomposing(published, imported, get_json):
    imported(uuid4())
    imported(published.article_id)

    OldAddress.objects.all().delete()
    recompose_all()

    assert OldAddress.objects.get().key == address_key(REMOTE)
    assert get_json("resolve/?path=/hair/minoxidil-for-men")["article"]["id"] == str(published.article_id)
