"""The library's records: who verified them, one for each work, and found by what people remember."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.search.backends import get_search_backend

from articles.sources.lookup.records import Record
from articles.sources.models import Source

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
FOUND = Record(title="A study", authors="Roe, Jane", issued="2015", doi="10.1000/a", asked=("pubmed", "crossref"))


@pytest.fixture
def verified():
    source = Source(**FOUND.source_fields, url="https://a.example")
    assert source.verify(FOUND, at=AT)
    source.save()
    return Source.objects.get(pk=source.pk)


def verifier(source):
    source.refresh_from_db()
    return source.verified_at, source.verified_from


def test_a_source_that_says_what_the_record_says_is_verified(verified):
    assert verifier(verified) == (AT, "pubmed")


def test_a_source_that_says_something_else_is_not():
    source = Source(**(FOUND.source_fields | {"issued": "2016"}))

    assert not source.verify(FOUND, at=AT)
    source.save()

    assert verifier(source) == (None, "")


def test_a_detail_that_is_changed_after_it_was_verified_is_not():
    source = Source(**FOUND.source_fields)
    source.verify(FOUND, at=AT)
    source.title = "Another study"

    source.save()

    assert verifier(source) == (None, "")


def test_what_the_record_does_not_state_may_be_added(verified):
    assert FOUND.publisher == ""
    verified.publisher = "Hair Press"

    assert verified.verify(FOUND, at=AT)


@pytest.mark.parametrize("name", ["title", "authors", "issued", "volume", "pages", "doi", "publisher", "csl_type"])
def test_a_printed_detail_that_is_changed_by_hand_ends_the_verification(verified, name):
    setattr(verified, name, "book")

    verified.save(update_fields=[name])

    assert verifier(verified) == (None, "")


@pytest.mark.parametrize(
    ("name", "value"), [("design", "case-report"), ("status", "retracted"), ("url", "https://b.example")]
)
def test_what_nobody_verified_may_change(verified, name, value):
    setattr(verified, name, value)

    verified.save()
    verified.save_revision()

    assert verifier(verified) == (AT, "pubmed")


def test_an_earlier_version_does_not_bring_its_verification_back(verified):
    revision = verified.save_revision()
    verified.title = "Another study"
    verified.save()

    revision.as_object().save()

    assert verifier(verified) == (None, "")


def test_nobody_verifies_by_setting_a_date():
    assert verifier(Source.objects.create(title="A", verified_at=AT, verified_from="crossref")) == (None, "")


@pytest.mark.parametrize(
    ("field", "typed", "label"),
    [
        ("doi", "https://doi.org/10.1000/A", "DOI"),
        ("pmid", "PMID: 7", "PMID"),
        ("pmcid", "pmc9", "PMCID"),
    ],
)
def test_a_second_record_of_a_work_is_refused_and_names_the_first(field, typed, label):
    Source.objects.create(title="A study", authors="Roe, Jane", issued="2015", doi="10.1000/a", pmid="7", pmcid="PMC9")

    with pytest.raises(ValidationError) as refusal:
        Source(title="Again", **{field: typed}).full_clean()

    [message] = refusal.value.message_dict[field]
    assert message.startswith(f"The library already has the work with this {label}: “Roe 2015: A study”.")


def test_a_record_that_was_one_of_two_before_may_still_be_changed():
    first, second = (Source.objects.create(title=title, doi="10.1000/a") for title in "AB")
    second.title = "C"

    second.full_clean()
    first.pmid = "7"
    first.full_clean()


def test_a_work_without_identifiers_is_nobodys_second():
    Source.objects.create(title="A")

    Source(title="A").full_clean()


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
