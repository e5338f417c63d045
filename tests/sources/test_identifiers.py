"""What identifiers are found in reference lines, as authors type and paste them."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles.sources.identifiers import Identifiers, find_identifiers, normalize_doi, normalize_pmid

SICI = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("Sci Rep. 2015;5:14959. doi:10.1038/srep14959.", "10.1038/srep14959"),
        (
            "J Trauma. 2011;71(3):528-32. doi: 10.1097/TA.0b013e3181f8a8e0. Epub 2011",
            "10.1097/ta.0b013e3181f8a8e0",
        ),
        ("doi:10.1097/TA.0b013e3181f8a8e0.PMID:21248650", "10.1097/ta.0b013e3181f8a8e0"),
        ("(https://doi.org/10.1016/S2666-7568(23)00258-1).", "10.1016/s2666-7568(23)00258-1"),
        ("https://doi.org/10.1016%2FS2666-7568%2823%2900258-1", "10.1016/s2666-7568(23)00258-1"),
        ("10.1016/S2666\u20107568(23)00258\u20101", "10.1016/s2666-7568(23)00258-1"),
        ("<10.1038/srep14959>", "10.1038/srep14959"),
        ("[10.1038/srep14959](https://doi.org/10.1038/srep14959)", "10.1038/srep14959"),
        ('<a href="https://doi.org/10.1038/srep14959">10.1038/srep14959</a>', "10.1038/srep14959"),
        ("“10.1038/srep14959”, and", "10.1038/srep14959"),
        (f"Stat Med. 1998. <https://doi.org/{SICI}>", SICI.lower()),
        (SICI.replace("<", "&lt;").replace(">", "&gt;"), SICI.lower()),
        ("10.1890/1051-0761(2001)011[0001:ABCD]2.0.CO;2.", "10.1890/1051-0761(2001)011[0001:abcd]2.0.co;2"),
        (
            "https://www.frontiersin.org/articles/10.3389/fimmu.2020.1234/full?utm=1#top",
            "10.3389/fimmu.2020.1234",
        ),
        ("https://doi.org/10.1038/srep14959/.", "10.1038/srep14959"),
        ("See section 10.1234 and 10.5/x", ""),
        ("110.1038/srep14959", ""),
    ],
)
def test_a_line_names_its_doi(line, doi):
    assert find_identifiers(line).doi == doi


@pytest.mark.parametrize(
    ("line", "pmid"),
    [
        ("JAMA. 2001;286(13):1610-20. PMID: 12345678.", "12345678"),
        ("PubMed PMID: 123; PubMed Central PMCID: PMC456.", "123"),
        ("[PubMed: 00123]", "123"),
        ("PMID:\u00a0123", "123"),
        ("pubmed.ncbi.nlm.nih.gov/123", "123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/.", "123"),
        ("[[PubMed](http://www.ncbi.nlm.nih.gov/pubmed/123)]", "123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=123%5Buid%5D", "123"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/?term=2011+knee", ""),
        ("Searched PubMed 2019-2020", ""),
        ("PMID: 123456789", ""),
    ],
)
def test_a_line_names_its_pmid(line, pmid):
    assert find_identifiers(line).pmid == pmid


@pytest.mark.parametrize(
    "line",
    [
        "Free article: PMC1234567.",
        "PMCID: 1234567",
        "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC1234567/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/",
    ],
)
def test_a_line_names_its_pmcid(line):
    assert find_identifiers(line) == Identifiers(pmcid="PMC1234567")


@pytest.mark.parametrize(
    ("line", "url"),
    [
        (
            "NICE. Available at: https://www.nice.org.uk/guidance/ng1. Accessed",
            "https://www.nice.org.uk/guidance/ng1",
        ),
        ("www.nice.org.uk/guidance/ng1;", "https://www.nice.org.uk/guidance/ng1"),
        ("(see https://en.wikipedia.org/wiki/Foo_(bar)), and", "https://en.wikipedia.org/wiki/Foo_(bar)"),
        ("https://doi.org/10.1038/srep14959", ""),
        ("http://dx.doi.org/10.1038%2Fsrep14959.", ""),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", ""),
        (
            "https://doi.org/10.1038/srep14959 https://www.nature.com/articles/srep14959",
            "https://www.nature.com/articles/srep14959",
        ),
        ("editor@www.nice.org.uk", ""),
    ],
)
def test_an_address_is_kept_unless_an_identifier_says_the_same(line, url):
    assert find_identifiers(line).url == url


@pytest.mark.parametrize(
    "text",
    [
        "10.1038/SREP14959",
        "doi:10.1038/srep14959",
        "DOI 10.1038/srep14959.",
        " <https://doi.org/10.1038/srep14959> ",
        "https://dx.doi.org/10.1038/Srep14959",
    ],
)
def test_equal_dois_compare_equal(text):
    assert normalize_doi(text) == "10.1038/srep14959"


@pytest.mark.parametrize(
    "text", ["", "10.1038", "srep14959", "see 10.1038/srep14959", "10.1038/srep14959 and more", "10.1038/"]
)
def test_what_is_no_doi_is_none(text):
    assert normalize_doi(text) == ""


@pytest.mark.parametrize(
    "text", ["26456465", "026456465"[1:], "PMID: 26456465.", "https://pubmed.ncbi.nlm.nih.gov/26456465/"]
)
def test_equal_pmids_compare_equal(text):
    assert normalize_pmid(text) == "26456465"


@pytest.mark.parametrize("text", ["", "0", "123456789", "PMC26456465", "２６", "PMID: 26456465 and more"])
def test_what_is_no_pmid_is_none(text):
    assert normalize_pmid(text) == ""


@given(st.text() | st.from_regex(r"(doi:|PMID:|https?://|<)?10\.[0-9]{4}/[!-~]+"))
@example("10.0000/:/")
@example("10.1234/a./.;/")
def test_what_is_found_stays_the_same_when_it_is_read_again(text):
    found = find_identifiers(text)

    assert normalize_doi(found.doi) == found.doi
    assert normalize_pmid(found.pmid) == found.pmid


def test_a_very_long_line_is_read_in_time():
    hostile = "PMID" + " " * 50_000 + "https://doi.org/" + "10.1234/(" * 50_000

    assert find_identifiers(hostile) == Identifiers()


def _lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_linked_reference_of_aliem_gives_its_pmid_and_doi(shared):
    lines = _lines(shared / "data/citations/aliem_references.jsonl")
    expected = [(line["pmid"] or "", (line["doi"] or "").rstrip(".").lower()) for line in lines]

    found = [find_identifiers(line["markdown"]) for line in lines]

    assert [(identifiers.pmid, identifiers.doi) for identifiers in found] == expected


def test_a_reference_of_pdq_without_identifiers_gives_none(shared):
    lines = _lines(shared / "data/citations/pdq_references.jsonl")

    found = {line["raw"]: find_identifiers(line["raw"]) for line in lines}

    assert not [raw for raw, identifiers in found.items() if identifiers.doi or identifiers.pmid or identifiers.pmcid]
