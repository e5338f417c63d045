"""`sections/?code=&kind=&aspect=`: passages over all articles, each in its envelope."""

import json

import pytest

from articles.publishing.withdraw import withdraw
from tests.factories import block, complete_body, make_article, make_source


@pytest.fixture
def coded(people, publish):
    """coded("L65.9") is published with that code, and a section on symptoms."""

    def make(code, **fields):
        value = {"system": "icd-10-cm", "code": code, "display": "Hair loss"}
        symptoms = block("prose", heading="Symptoms", text="<p>Hair falls out.</p>", aspect="symptoms")
        body = complete_body(make_source())
        codes = json.dumps([{"type": "code", "value": value}])
        return publish(make_article(by=people.author, body=[*body[:1], symptoms, *body[1:]], codes=codes, **fields))

    return make


def test_the_risks_of_a_concept_come_with_what_must_be_shown(coded, get_json):
    page = coded("L65.9")
    coded("M10.0")

    (found,) = get_json("sections/?code=icd-10-cm%7Cl65&kind=risks")["results"]

    alone = get_json(f"articles/{page.slug}/sections/risks/")
    matched = [{"code": "L65.9", "system": "icd-10-cm", "where": "article", "how": "narrower"}]
    assert found == alone | {"matched": matched}
    assert [row["kind"] for row in found["results"]] == ["risks"]
    assert found["review"]["reviewed_by"] and found["references"]


def test_an_aspect_finds_the_prose_on_it(coded, get_json):
    coded("L65.9")

    (found,) = get_json("sections/?aspect=symptoms&rich_text=markdown")["results"]

    assert [(row["heading"], row["text"]) for row in found["results"]] == [("Symptoms", "Hair falls out.")]


def test_a_code_alone_gives_all_sections(coded, get_json):
    page = coded("L65.9")

    (found,) = get_json("sections/?code=icd-10-cm%7CL65.9")["results"]

    assert found["results"] == get_json(f"articles/{page.slug}/")["content"]["sections"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("G51", [("G51", "exact")]),
        ("G51.0", [("G51", "broader")]),
        ("G510", [("G51", "broader")]),
        ("G5", None),
        ("G52.0", None),
    ],
)
def test_a_billable_code_finds_what_its_category_says(coded, get_json, asked, found):
    coded("G51")

    rows = get_json(f"sections/?code=icd-10-cm%7C{asked}&kind=risks")["results"]

    matched = [[(each["code"], each["how"]) for each in row["matched"]] for row in rows]
    assert matched == ([found] if found else [])


def test_pages_follow_each_other(coded, get_json):
    pages = [coded("L65.9") for _ in range(3)]

    first = get_json("sections/?kind=risks&page_size=2")
    second = get_json(first["next"])

    met = [row["id"] for page in (first, second) for row in page["results"]]
    assert met == [str(page.article_id) for page in reversed(pages)]
    assert second["next"] is None


def test_what_was_withdrawn_is_not_found(coded, people, get_json):
    page = coded("L65.9")

    withdraw(page=page, reason="other", by=people.editor)

    assert get_json("sections/?kind=risks")["results"] == []


def test_somebody_who_asks_for_nothing_is_told_what_to_give(db, require_problem):
    problem = require_problem("sections/", 400, "invalid-parameter")

    assert problem["detail"] == "Say what you look for: give code, kind or aspect."


def test_a_page_takes_two_queries(coded, get, django_assert_num_queries):
    coded("L65.9")

    with django_assert_num_queries(2):
        get("sections/?kind=risks&audience=patient&locale=en&code=icd-10-cm%7CL65.91")
