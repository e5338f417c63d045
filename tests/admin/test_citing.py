"""What the editor asks of the library: the sources of pasted notes, and the names of cited ones."""

import json

import pytest
from django.urls import reverse

from articles.publishing.upkeep.merge import merge
from articles.sources.models import Source
from tests.factories import make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def ask_as(body, *, by="Authors"):
        if by:
            client.force_login(make_user("asker", by))
        sent = body if isinstance(body, str) else json.dumps(body)
        return client.post(reverse("articles_sources_named"), sent, content_type="application/json")

    return ask_as


def test_an_author_is_told_which_sources_pasted_notes_name(ask):
    source = Source.objects.create(title="Zinc", doi="10.1000/test.1")

    answer = ask({"notes": ["Adams. doi:10.1000/test.1", "Adams 2017."]})

    assert answer.json() == {"sources": [[{"id": source.pk, "title": "Zinc"}], []]}


@pytest.mark.parametrize("body", ["", "[", "[]", "{}", "null", '{"notes": "a"}', '{"notes": [1]}', "[" * 100_000])
def test_what_is_no_list_of_texts_is_refused(ask, body):
    assert ask(body).status_code == 400


def test_too_many_notes_are_refused(ask):
    assert ask({"notes": [""] * 201}).status_code == 400


def test_hostile_notes_name_nothing(ask):
    hostile = ["10." * 200_000, "\0", "\ud800", "https://[", "%", "PMID: " + "9" * 5000]

    assert ask({"notes": hostile}).json() == {"sources": [[]] * len(hostile)}


def test_nobody_reads_the_library_without_a_login(ask):
    assert ask({"notes": []}, by=None).status_code in (302, 401, 403)


def test_a_page_cannot_be_opened_with_get(client):
    client.force_login(make_user("asker", "Authors"))

    assert client.get(reverse("articles_sources_named")).status_code == 405


def named(client, *sources) -> dict:
    return client.get(reverse("articles_source_labels"), {"ids": ",".join(str(row.pk) for row in sources)}).json()


def test_a_cited_source_is_named_in_short_and_in_full(login, people):
    source = make_source(title="A study of scalps")

    assert named(login(people.author), source) == {
        str(source.pk): {
            "kept": str(source.pk),
            "short": "Doe 2024",
            "reference": "Doe 2024, A study of scalps, Journal of Scalps",
        }
    }


def test_a_source_without_an_author_says_its_title_once(login, people):
    source = make_source(title="A leaflet", authors="", container_title="", issued="2020")

    assert named(login(people.author), source)[str(source.pk)]["reference"] == "A leaflet 2020"


def test_a_merged_record_has_the_name_and_the_number_of_the_one_that_is_kept(login, people):
    gone, kept = make_source(title="A study"), make_source(title="The study", issued="2025")
    merge(gone, into=kept, by=None)

    answer = named(login(people.author), gone, kept)

    assert answer[str(gone.pk)] == answer[str(kept.pk)]
    assert (answer[str(gone.pk)]["kept"], answer[str(gone.pk)]["short"]) == (str(kept.pk), "Doe 2025")


@pytest.mark.parametrize("ids", ["", "a", "1,,2", "9" * 30, "\0", "1;2"])
def test_what_names_no_source_has_no_name(login, people, ids):
    assert login(people.author).get(reverse("articles_source_labels"), {"ids": ids}).json() == {}


def test_names_of_sources_are_for_people_who_work_with_the_library(client):
    client.force_login(make_user("guest"))

    assert client.get(reverse("articles_source_labels"), {"ids": "1"}).status_code in (302, 403)
