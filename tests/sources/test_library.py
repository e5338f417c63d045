"""The library's records are found and shown by what people remember."""

import pytest
from django.urls import reverse
from wagtail.search.backends import get_search_backend

from articles.sources.models import Source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "short"),
    [
        (
            {"authors": "Pasricha, Sant\nRoe, Jane", "issued": "2021-01", "container_title": "The Lancet"},
            "Pasricha 2021, Lancet",
        ),
        ({"authors": "van der Meer, Jos", "issued": "2021"}, "van der Meer 2021"),
        (
            {"authors": "World Health Organization", "publisher": "World Health Organization"},
            "World Health Organization",
        ),
        ({"issued": "2019-03-01", "publisher": "NICE"}, "2019, NICE"),
        ({"container_title": "Hair.example"}, "Hair.example"),
        ({}, ""),
    ],
)
def test_a_source_is_named_in_short(fields, short):
    source = Source(title="On scalps", **fields)

    assert source.short == short
    assert str(source) == (f"{short}: On scalps" if short else "On scalps")


@pytest.fixture
def library():
    wanted = Source.objects.create(
        title="Scalps in the west",
        authors="Gronseth, Gary S.\nO’Hara, Jean",
        container_title="Neurology",
        issued="2012-11-27",
        doi="10.1212/wnl.0b013e318275978c",
        pmid="23136264",
    )
    Source.objects.create(title="Scalps", authors="Doe, Ann", issued="2013", doi="10.1212/other", pmid="23136265")
    return wanted


QUERIES = ["Gronseth", "gron", "2012", "Gronseth 2012", "23136264", "10.1212/wnl.0b013e318275978c", "scalps neurology"]


@pytest.mark.parametrize("query", QUERIES)
def test_a_source_is_found_by_author_year_doi_and_pmid(library, query):
    backend = get_search_backend()

    assert list(backend.autocomplete(query, Source)) == [library]
    assert query == "gron" or list(backend.search(query, Source)) == [library]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(
    "view", ["wagtailsnippetchoosers_articles_source:choose", "wagtailsnippets_articles_source:list"]
)
def test_the_chooser_and_the_list_find_it_too(admin, library, query, view):
    page = admin.get(reverse(view), {"q": query}).content.decode()

    assert library.title in page
    assert "23136265" not in page
    assert ">Scalps<" not in page and "Doe 2013: Scalps" not in page
