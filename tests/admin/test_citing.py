"""The look-up behind a paste: one request, for people of the admin alone."""

import json

import pytest
from django.urls import reverse

from articles.sources.models import Source
from tests.factories import make_user

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
