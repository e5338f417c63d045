"""A source is added by what is pasted, in the chooser and in the library; what cannot be looked up is typed."""

import json
from html import unescape

import pytest
from django.urls import reverse

from articles.sources.models import Source
from tests.factories import make_user

pytestmark = pytest.mark.django_db
WORK = {
    "DOI": "10.5555/12345678",
    "title": ["A study of <i>scalps</i> &amp; hair"],
    "type": "journal-article",
    "author": [{"family": "Doe", "given": "Jane"}, {"family": "Roe", "given": "Richard"}],
    "container-title": ["Journal of Scalps"],
    "issued": {"date-parts": [[2024, 5]]},
    "volume": "7",
    "page": "11-19",
}
CHOOSER = "wagtailsnippetchoosers_articles_source:create"
LIBRARY = "wagtailsnippets_articles_source:add"
TYPED = {"title": "A leaflet", "authors": "Roe, Richard", "issued": "2020", "design": "other", "csl_type": "webpage"}
EMPTY = {
    **dict.fromkeys(("title", "authors", "container_title", "publisher", "issued", "volume", "issue", "pages"), ""),
    **dict.fromkeys(("doi", "pmid", "pmcid", "url", "accessed_on"), ""),
    "csl_type": "article-journal",
    "design": "other",
    "status": "standing",
}


@pytest.fixture
def works(server):
    server.index.add_work(WORK)
    return server


@pytest.fixture
def add(client, db):
    """add(view, paste="…", title="…"): the answer to an author who sends the form."""
    client.force_login(make_user("author", "Authors"))

    def _add(view: str, **given):
        prefix = (
            "create-form-"
            if view == CHOOSER and "create-form-" in client.get(reverse(CHOOSER)).content.decode()
            else ""
        )
        form = {f"{prefix}{name}": value for name, value in (EMPTY | given).items()}
        return client.post(reverse(view), form)

    return _add


def said_by(answer) -> str:
    """The page, or the form that the chooser shows again."""
    text = answer.content.decode()
    return unescape(json.loads(text).get("htmlFragment", "") if answer["Content-Type"] == "application/json" else text)


@pytest.mark.parametrize("view", [CHOOSER, LIBRARY])
@pytest.mark.parametrize("pasted", ["https://doi.org/10.5555/12345678?utm_source=mail#s", "DOI: 10.5555/12345678."])
def test_what_is_pasted_becomes_a_record_that_is_verified(works, add, view, pasted):
    add(view, paste=pasted)

    made = Source.objects.get()
    assert (made.title, made.authors) == ("A study of scalps & hair", "Doe, Jane\nRoe, Richard")
    assert (made.doi, made.issued, made.volume, made.pages) == ("10.5555/12345678", "2024-05", "7", "11-19")
    assert made.verified_from == "crossref" and made.verified_at


@pytest.mark.parametrize("view", [CHOOSER, LIBRARY])
def test_what_is_typed_is_not_verified(works, add, view):
    add(view, **TYPED)

    made = Source.objects.get()
    assert (made.title, made.verified_from, made.verified_at) == ("A leaflet", "", None)


def test_what_was_typed_beside_it_stays_and_is_not_verified(works, add):
    add(LIBRARY, paste="10.5555/12345678", title="Another title")

    made = Source.objects.get()
    assert (made.title, made.volume, made.verified_from) == ("Another title", "7", "")


@pytest.mark.parametrize("view", [CHOOSER, LIBRARY])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"paste": "10.5555/nothing"}, "You can type the details by hand"),
        ({}, "Enter the title, or look the work up."),
        ({"paste": "x" * 3000}, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_looked_up_says_what_to_do_and_makes_no_record(works, add, view, given, words):
    answer = add(view, **given)

    assert words in said_by(answer) and not Source.objects.exists()


@pytest.mark.parametrize("view", [CHOOSER, LIBRARY])
def test_a_service_that_fails_leaves_what_was_typed(works, add, view):
    works.answers["/works/10.5555%2F12345678"] = (500, "text/html", b"<html>")

    answer = add(view, paste="10.5555/12345678", title="My own title")

    assert "could not be asked" in said_by(answer) and "My own title" in said_by(answer)
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("view", "given"),
    [(LIBRARY, {"paste": "doi:10.5555/12345678"}), (CHOOSER, TYPED | {"doi": "10.5555/12345678"})],
)
def test_a_second_record_of_one_work_names_the_first_and_leads_to_it(works, add, view, given):
    add(view, paste="10.5555/12345678")

    answer = said_by(add(view, **given))

    assert "The library already has the work with this DOI: “Doe 2024, Journal of Scalps" in answer
    assert f'href="{reverse("wagtailsnippets_articles_source:edit", args=[Source.objects.get().pk])}"' in answer


def test_a_work_that_the_library_has_is_chosen_when_it_is_pasted(works, add):
    add(CHOOSER, paste="10.5555/12345678")

    answer = json.loads(add(CHOOSER, paste="doi:10.5555/12345678").content)

    assert (answer["step"], answer["result"]["id"]) == ("chosen", str(Source.objects.get().pk))


@pytest.mark.parametrize("view", [CHOOSER, LIBRARY])
def test_works_that_may_be_meant_are_named_with_what_to_paste_for_each(server, add, view):
    for number in (1, 2):
        server.index.add_work(WORK | {"DOI": f"10.5555/{number}", "volume": str(number)})

    answer = said_by(add(view, paste="Doe J. A study of scalps & hair. Journal of Scalps. 2024."))

    assert "More than one record may be meant" in answer and not Source.objects.exists()
    assert all(f"A study of scalps & hair (10.5555/{number})" in answer for number in (1, 2))


def test_without_a_contact_nobody_is_asked_and_the_form_says_so(add):
    answer = add(LIBRARY, paste="10.5555/12345678")

    assert "This installation does not look works up" in said_by(answer)


def test_a_stored_source_is_edited_and_not_looked_up(works, add, client):
    add(LIBRARY, paste="10.5555/12345678")
    at = reverse("wagtailsnippets_articles_source:edit", args=[Source.objects.get().pk])

    assert 'name="paste"' not in client.get(at).content.decode()
