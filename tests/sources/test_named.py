"""Which sources of the library the words of a pasted footnote name."""

import pytest

from articles.sources.models import Source
from articles.sources.named import sources_named_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    return {
        "adams": Source.objects.create(title="Adams", doi="10.1000/test.1", pmid="11", pmcid="PMC1"),
        "evans": Source.objects.create(title="Evans", pmid="12345678"),
        "agency": Source.objects.create(title="Agency", url="https://agency.example/zinc/"),
    }


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("Adams B. Zinc. doi:10.1000/TEST.1.", ["adams"]),
        ("Adams B. Zinc.\nhttps://doi.org/10.1000/test.1", ["adams"]),
        ("Adams B. PMID: 11; PMCID: PMC1", ["adams"]),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC1/", ["adams"]),
        ("A DOI that the library does not hold: 10.1000/other. PMID: 12345678", ["evans"]),
        ("http://agency.example/zinc#dose", ["agency"]),
        ("Two works: doi:10.1000/test.1 and doi:10.1000/unknown", []),
        ("Two works: PMID: 11, PMID: 12345678", ["adams", "evans"]),
        ("A DOI and the PMID of another work: doi:10.1000/test.1, PMID: 12345678", []),
        ("A DOI of its own beside a known address: doi:10.1000/unknown https://agency.example/zinc", []),
        ("Adams 2017.", []),
        ("", []),
    ],
)
def test_a_note_names_the_sources_that_it_identifies_beyond_doubt(library, note, names):
    [found] = sources_named_in([note])

    assert found == [library[name] for name in names]


def test_two_records_of_one_work_are_never_chosen_between(library):
    Source.objects.create(title="Adams again", doi="10.1000/test.1")

    assert sources_named_in(["doi:10.1000/test.1"]) == [[]]


def test_many_notes_cost_one_query(library, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = sources_named_in(["doi:10.1000/test.1"] * 100 + ["PMID: 12345678"] * 100)

    assert [len(each) for each in found] == [1] * 200


def test_notes_without_identifiers_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert sources_named_in(["Adams 2017.", ""]) == [[], []]
