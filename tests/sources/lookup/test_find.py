"""From whatever people paste to the one record that is meant, or to none."""

from dataclasses import asdict

import pytest

from articles.record.vocabulary import SourceStatus
from articles.sources.lookup.errors import Contradicts, CouldNotAsk, NoSuchRecord, NotCertain
from articles.sources.lookup.find import find_record
from articles.sources.lookup.matching import is_named
from articles.sources.lookup.records import Record
from tests.sources.lookup.measure import measure, questions
from tests.sources.lookup.server import recorded

ONE = "10.1155/2017/1871434"  # recorded


@pytest.mark.parametrize(
    "pasted",
    [
        ONE,
        f"doi:{ONE}.",
        f"https://doi.org/{ONE}?utm_source=mail#sec2",
        f"HTTPS://DX.DOI.ORG/{ONE}",
        f"https://www.hindawi.com/journals/cris/{ONE}/",
        f"Large Enterolith Complicating a Meckel Diverticulum. {ONE}",
    ],
)
def test_a_doi_in_any_form_leads_to_its_record(recorded_server, pasted):
    record = find_record(pasted)

    assert (record.doi, record.issued, record.asked) == (ONE, "2017", ("crossref",))
    assert record.title.startswith("Large Enterolith Complicating a Meckel Diverticulum")


@pytest.mark.parametrize(
    "pasted",
    [
        "38962805",
        "PMID: 38962805",
        "https://pubmed.ncbi.nlm.nih.gov/38962805/",
        "https://doi.org/10.1080/09540121.2024.2374185",
    ],
)
def test_pubmed_answers_where_crossref_has_no_record(recorded_server, pasted):
    record = find_record(pasted)

    assert (record.pmid, record.doi) == ("38962805", "10.1080/09540121.2024.2374185")
    assert (record.container_title, record.pages, record.asked) == ("AIDS Care", "228-229", ("pubmed",))


@pytest.mark.parametrize("pasted", ["PMC2883744", "pmc2883744.", "https://pmc.ncbi.nlm.nih.gov/articles/PMC2883744/"])
def test_a_pmcid_is_converted(server, shared, pasted):
    """With the answer of the converter as it was recorded."""
    lines = (shared / "data/citations/http_cassettes/rcrossref__id_converter.yml").read_text().splitlines()
    begin = next(number for number, line in enumerate(lines) if line.strip() == "string: |")
    body = "\n".join(line[8:] for line in lines[begin + 1 :] if line.startswith("        "))
    server.answers["/idconv/"] = (200, "application/json", body.encode())
    server.index.add_work({"DOI": "10.1038/ng.590", "title": ["A recorded identifier"], "type": "journal-article"})

    assert find_record(pasted).doi == "10.1038/ng.590"


@pytest.mark.parametrize(
    ("address", "doi"),
    [
        ("https://www.nature.com/articles/srep14959", "10.1038/srep14959"),
        ("https://www.thelancet.com/journals/lanhl/article/PIIS2666-7568(23)00258-1/fulltext", "10.5555/pii"),
        ("https://www.sciencedirect.com/science/article/pii/S2666756823002581?via%3Dihub", "10.5555/pii"),
    ],
)
def test_a_publishers_address_leads_to_the_work(server, address, doi):
    server.index.add_work({"DOI": "10.1038/srep14959", "title": ["A"], "type": "journal-article"})
    by_number = {"DOI": "10.5555/pii", "title": ["B"], "alternative-id": ["S2666756823002581"]}
    server.index.add_work(by_number)

    assert find_record(address).doi == doi


@pytest.mark.parametrize("pasted", ["https://publisher.example/article/7", "two words", "", "   ", "\x00", "?" * 5000])
def test_what_names_no_work_says_so(server, pasted):
    with pytest.raises(NoSuchRecord, match="paste the DOI or PMID"):
        find_record(pasted)


def test_a_status_that_either_knows_is_told(server, shared):
    xml = (shared / "data/citations/pubmed_xml/wakefield_9500320_abridged.xml").read_bytes()
    server.answers["/efetch.fcgi"] = (200, "text/xml", xml)

    assert find_record("PMID 9500320").status == SourceStatus.RETRACTED


def test_who_was_asked_is_told_where_pubmed_cannot_be(recorded_server):
    recorded_server.answers["/esearch.fcgi"] = (500, "application/json", b"")

    assert find_record(ONE).asked == ("crossref",)


def test_a_search_that_could_not_be_made_is_not_a_work_that_is_not_there(server):
    server.answers["/works"] = (500, "application/json", b"")

    with pytest.raises(CouldNotAsk):
        find_record("Doe J. A study of the itching scalp in adults. J Scalp. 2015;1(2):3-4.")


def test_words_that_name_another_work_than_their_doi_are_refused(recorded_server):
    line = f"Cobb F. Pines and their pests in the western mountains: a field guide. J Trees. 1999;1:2-3. doi:{ONE}"

    with pytest.raises(Contradicts, match="Large Enterolith") as refusal:
        find_record(line)

    assert refusal.value.candidates[0].doi == ONE


def test_two_works_that_a_line_does_not_tell_apart_are_for_a_person_to_choose(server):
    work = {"title": ["A study of the itching scalp in adults"], "type": "journal-article"}
    person = {"author": [{"family": "Doe", "given": "J"}], "issued": {"date-parts": [[2015]]}}
    for number in (1, 2):
        server.index.add_work(work | person | {"DOI": f"10.1000/{number}"})

    with pytest.raises(NotCertain) as refusal:
        find_record("Doe J. A study of the itching scalp in adults. J Scalp. 2015.")

    assert {record.doi for record in refusal.value.candidates} == {"10.1000/1", "10.1000/2"}


LINE = "Doe J, Roe A. Sirolimus for the itching scalp in adults: part 1. J Scalp. 2015;12(3):101-9."
WORK = Record(
    title="Sirolimus for the itching scalp in adults: part 1",
    authors="Doe, Jane\nRoe, Ann",
    issued="2015-03",
    volume="12",
    issue="3",
    pages="101-109",
)


@pytest.mark.parametrize(
    ("change", "is_accepted"),
    [
        ({}, True),
        ({"title": "Sirolimus for the itching scalp of adults: Part 1"}, True),
        ({"title": "Sirolimus for the iching scalp in adults: part 1"}, True),
        ({"title": "Sirolimus for the itching scalp in adults"}, True),
        ({"issued": "2014-12"}, True),
        ({"volume": "", "pages": ""}, True),
        ({"authors": "Döe, Jane"}, True),
        ({"title": "Sirolimus for the itching scalp in adults: part 2"}, False),
        ({"title": "Sirolimus for the itching scalp in adults", "pages": "", "volume": ""}, True),
        ({"title": "Everolimus for the itching scalp in adults: part 1"}, False),
        ({"title": "Sirolimus for the itching scalp in children: part 1"}, False),
        ({"title": "Correction: Sirolimus for the itching scalp in adults: part 1"}, False),
        ({"title": "Sirolimus for the itching scalp in adults: part 1 – reply"}, False),
        ({"title": "Sirolimus for the itching scalp", "volume": "", "pages": ""}, False),
        ({"title": "Sirolimus"}, False),
        ({"authors": "Poe, Ed", "volume": "", "pages": ""}, False),
        ({"issued": "2014", "volume": "", "pages": ""}, False),
        ({"issued": "2009"}, False),
        ({"volume": "13", "pages": "55-60"}, False),
    ],
)
def test_a_record_is_accepted_only_if_the_line_names_it(change, is_accepted):
    assert is_named(LINE, Record(**(asdict(WORK) | change))) is is_accepted


def test_a_bare_title_is_enough_only_if_it_is_long():
    long, short = "Targeting the itching scalp with sirolimus in adults: a review", "The itching scalp"

    assert is_named(f"The Journal: {long}", Record(title=long))
    assert not is_named(f"The Journal: {short}", Record(title=short))
    assert not is_named(f"The Journal: {long} of children and of other people", Record(title=long))


def test_recorded_references_are_recognized_and_no_decoy_is(server, shared):
    """A part of what `python -m tests.sources.lookup.measure` prints."""
    citations = shared / "data/citations"
    server.index = recorded(citations, with_derived=True)
    asked = [each for number, each in enumerate(questions(citations)) if number % 12 == 0 or each.group == "seed"]
    meant = [each for each in asked if each.expected]

    found, decoys = measure(server, asked), measure(server, meant, is_hidden=True)

    assert found.wrong == decoys.wrong == ()
    assert found.right / len(meant) >= 0.9
    assert len(meant) > 100
