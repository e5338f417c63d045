"""`articles/{…}/sections/` and `sections/{kind}/`."""

import pytest


def test_sections_are_those_of_the_article_in_order(recorded, get_json):
    article = get_json(f"articles/{recorded.slug}/")

    assert get_json(f"articles/{recorded.slug}/sections/")["results"] == article["content"]["sections"]


@pytest.mark.parametrize("form", ["html", "portable", "markdown"])
def test_sections_of_a_kind_come_in_the_form_that_was_asked_for(recorded, get_json, form):
    article = get_json(f"articles/{recorded.slug}/?rich_text={form}")

    found = get_json(f"articles/{recorded.slug}/sections/risks/?rich_text={form}")

    assert found["results"] == [row for row in article["content"]["sections"] if row["kind"] == "risks"]


def test_the_links_of_an_article_lead_to_its_sections(recorded, get_json):
    links = get_json(f"articles/{recorded.slug}/")["links"]["sections"]

    found = [get_json(link["url"])["results"] for link in links]

    assert [{row["kind"] for row in rows} for rows in found] == [{link["kind"]} for link in links]
    assert all(link["id"] in {row["id"] for row in rows} for link, rows in zip(links, found, strict=True))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        *((kind, f"has no section of the kind {kind}.") for kind in ("faq", "table")),
        *((kind, "is no kind of section.") for kind in ("unheard-of", "RISKS", "%00", "%F0%9F%92%8A")),
    ],
)
def test_an_article_without_such_a_section_says_which_it_has(recorded, get_json, require_problem, kind, said):
    problem = require_problem(f"articles/{recorded.slug}/sections/{kind}/", 404, "not-found")

    kinds = [row["kind"] for row in get_json(f"articles/{recorded.slug}/")["content"]["sections"]]
    assert problem["kinds"] == list(dict.fromkeys(kinds))
    assert said in problem["detail"] and ", ".join(problem["kinds"]) in problem["detail"]


@pytest.mark.parametrize("kind", ["risks", "faq", "unheard-of"])
def test_an_article_that_there_is_not_has_no_kinds(db, require_problem, kind):
    assert "kinds" not in require_problem(f"articles/nothing/sections/{kind}/", 404, "not-found")


@pytest.mark.parametrize("rest", ["sections/", "sections/risks/"])
def test_one_query_is_all_it_takes(recorded, get, django_assert_num_queries, rest):
    with django_assert_num_queries(1):
        get(f"articles/{recorded.slug}/{rest}")
