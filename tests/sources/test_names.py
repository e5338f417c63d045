"""Author lines and dates: what people type comes back from CSL-JSON as typed, and prints right in AMA and NLM."""

import json
import re
import xml.etree.ElementTree as ET
from itertools import islice

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from articles.record.citations.styles import format_ama, format_nlm
from articles.sources.dates import read_date, tidy_date, write_date
from articles.sources.models import Source
from articles.sources.names import read_names, tidy_authors, write_name


@pytest.mark.parametrize(
    ("line", "name", "ama"),
    [
        ("Lee, Dennis J. W.", {"family": "Lee", "given": "Dennis J. W."}, "Lee DJW"),
        ("Cobb, Fields W., Jr.", {"family": "Cobb", "given": "Fields W.", "suffix": "Jr."}, "Cobb FW Jr"),
        ("Cobb, FW, Jr", {"family": "Cobb", "given": "FW", "suffix": "Jr"}, "Cobb FW Jr"),
        ("Doe, John, III", {"family": "Doe", "given": "John", "suffix": "III"}, "Doe J III"),
        ("Doe, John, 3rd", {"family": "Doe", "given": "John", "suffix": "3rd"}, "Doe J 3rd"),
        ("King, V", {"family": "King", "given": "V"}, "King V"),
        ("van der Meer, Jos W. M.", {"family": "van der Meer", "given": "Jos W. M."}, "van der Meer JWM"),
        ("Humboldt, Alexander von", {"family": "Humboldt", "given": "Alexander von"}, "Humboldt A von"),
        ("Thurn, Anna zu", {"family": "Thurn", "given": "Anna zu"}, "Thurn A zu"),
        ("O'Hara, Jean-Luc", {"family": "O'Hara", "given": "Jean-Luc"}, "O'Hara JL"),
        ("García Márquez, Ana", {"family": "García Márquez", "given": "Ana"}, "García Márquez A"),
        ("World Health Organization", {"literal": "World Health Organization"}, "World Health Organization"),
        ("Johnson and Johnson", {"literal": "Johnson and Johnson"}, "Johnson and Johnson"),
        (
            '"Health, Education and Welfare"',
            {"literal": "Health, Education and Welfare"},
            "Health, Education and Welfare",
        ),
        ("李, 小明", {"family": "李", "given": "小明"}, "李 小明"),
    ],
)
def test_a_line_is_a_name_and_comes_back(line, name, ama):
    assert read_names(tidy_authors(line)) == [name]
    assert write_name(name) == line
    assert format_ama({"author": [name]}).rstrip(".") == format_nlm({"author": [name]}).rstrip(".") == ama


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("Lee DJW, Hodzic Kuerec A, Maier AB", ["Lee, DJW", "Hodzic Kuerec, A", "Maier, AB"]),
        ("Hall HK Jr, van der Meer JWM", ["Hall, HK, Jr", "van der Meer, JWM"]),
        ("Roe J and Doe A", ["Roe, J", "Doe, A"]),
        ("Roe J.A., Doe B.", ["Roe, J.A.", "Doe, B."]),
        ("Roe, Jane; Cobb, Fields W., Jr.; WHO", ["Roe, Jane", "Cobb, Fields W., Jr.", "WHO"]),
        ("Roe, J. A., Cobb, F. W., Jr., & Doe, B.", ["Roe, J. A.", "Cobb, F. W., Jr.", "Doe, B."]),
        ("  Roe,   Jane \n\n Doe ,Ann\n", ["Roe, Jane", "Doe, Ann"]),
    ],
)
def test_authors_in_one_line_get_lines_of_their_own(pasted, lines):
    assert tidy_authors(pasted).split("\n") == lines


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Roe, Jane, Doe, Ann", "no single author"),
        ("Roe, Jane and Doe, Ann", "no single author"),
        ("Roe, Jane and Ann Doe", "no single author"),
        ("Department of Health, Education, and Welfare", "quotation marks"),
        ("Roe,", "no single author"),
        (", Jane", "no single author"),
        ("Cobb, Jr.", "no single author"),
        ("Roe, Jane, MD", "leave out degrees"),
        ("Roe, Ph.D.", "leave out degrees"),
        ("Roe J, et al.", "name all authors"),
        ("Cobb Jr., Fields W.", "“Cobb, Fields W., Jr.”"),
        ("Cobb, Fields W. Jr.", "“Cobb, Fields W., Jr.”"),
        ("—", "no name"),
        ("a" * 100_000, "too long for a name"),
        ("x<i>" * 20_000, "too long for a name"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_an_example(line, says):
    with pytest.raises(ValueError, match=re.escape(says)) as refusal:
        tidy_authors(f"Poe, Ed\n{line}")

    assert "Cobb, Fields W., Jr." in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ({"family": "Meer", "given": "Jos", "non-dropping-particle": "van der"}, "van der Meer, Jos"),
        ({"family": "Humboldt", "given": "A.", "dropping-particle": "von"}, "Humboldt, A. von"),
        ({"family": "Cobb Jr.", "given": "Fields"}, "Cobb, Fields, Jr."),
        ({"family": "Cobb", "given": "Fields W., Jr."}, "Cobb, Fields W., Jr."),
        ({"family": "Plato"}, "Plato"),
        ({"given": "Plato"}, "Plato"),
        ({"literal": "Unit, of a house"}, '"Unit, of a house"'),
        ({}, ""),
    ],
)
def test_a_name_of_a_record_is_a_line_that_is_accepted(name, line):
    assert write_name(name) == line
    assert tidy_authors(line) == line


LINES = st.lists(
    st.sampled_from(
        ["Cobb", "van der", "Fields W.", "J", "JA", "Jr.", "III", "V", "and", "&", ",", ";", '"', "O’Hara", "é"]
    )
    | st.text(max_size=4),
    max_size=8,
).map(" ".join)


@given(st.text() | LINES)
def test_any_accepted_line_comes_back_as_typed(text):
    try:
        accepted = tidy_authors(text)
    except ValueError:
        return

    assert "\n".join(map(write_name, read_names(accepted))) == accepted
    assert tidy_authors(accepted) == accepted


def _recorded_names(shared):
    """Every form of name in the recorded Crossref works and CSL items: at least forty, with all suffixes."""
    citations = shared / "data/citations"
    for line in (citations / "crossref_works.jsonl").read_text(encoding="utf-8").splitlines():
        for author in json.loads(line)["work"].get("author", []):
            yield {key: author[key] for key in ("family", "given", "suffix") if key in author} or {
                "literal": author["name"]
            }
    for line in (citations / "csl_expected.jsonl").read_text(encoding="utf-8").splitlines():
        yield from json.loads(line)["csl"].get("author", [])


def test_recorded_names_survive_and_print_the_same(shared):
    names = [name for name in _recorded_names(shared) if write_name(name)]

    for name in names:
        line = write_name(name)
        assert tidy_authors(line) == line, name
        assert [write_name(read) for read in read_names(line)] == [line]
        if name.get("suffix") == read_names(line)[0].get("suffix"):  # some records have it in the family name
            for style in (format_ama, format_nlm):
                assert style({"author": read_names(line)}) == style({"author": [name]}), name

    assert len(names) > 1000
    assert any("suffix" in name for name in names)
    assert any("literal" in name for name in names)


def test_recorded_pubmed_authors_survive(shared):
    names = []
    for file in sorted((shared / "data/citations/pubmed_xml").glob("metapub_3*.xml")):
        for author in islice(ET.parse(file).iter("Author"), 10):
            found = {"family": author.findtext("LastName"), "given": author.findtext("ForeName")}
            names.append(
                {key: value for key, value in found.items() if value} | {"suffix": author.findtext("Suffix") or ""}
            )
    names = [name for name in names if write_name(name)]

    assert [tidy_authors(write_name(name)) for name in names] == [write_name(name) for name in names]
    assert len(names) > 100


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("2015", "2015"),
        ("2015-10", "2015-10"),
        ("2015-10-13", "2015-10-13"),
        ("2015-1-3", "2015-01-03"),
        ("2016-02-29", "2016-02-29"),
        ("2000-02-29", "2000-02-29"),
        (" 2015 ", "2015"),
    ],
)
def test_a_partial_date_is_accepted(typed, stored):
    assert tidy_date(typed) == stored
    assert write_date(read_date(stored)) == stored


@pytest.mark.parametrize(
    "typed",
    [
        *("2015-13", "2015-00", "2015-02-30", "2015-02-29", "1900-02-29", "2015-04-31", "2015-10-00", "0000"),
        *("15", "2015-10-13-1", "2015/10", "13.10.2015", "Oct 2015", "２０１５", "2015-", "-2015", "20155"),
    ],
)
def test_a_date_that_the_calendar_does_not_have_is_refused(typed):
    with pytest.raises(ValueError, match="2015-10-13"):
        tidy_date(typed)


def test_every_recorded_date_of_a_work_is_accepted(shared):
    works = (shared / "data/citations/crossref_works.jsonl").read_text(encoding="utf-8").splitlines()
    dates = [parts for line in works if all(parts := json.loads(line)["work"]["issued"]["date-parts"][0])]

    assert [read_date(tidy_date(write_date(parts))) for parts in dates] == dates
    assert len(dates) > 250


@pytest.mark.parametrize(
    ("stored", "parts"), [("2015-13", [2015]), ("2015-02-30", [2015, 2]), ("2015-1-3", [2015, 1, 3]), ("soon", None)]
)
def test_a_stored_date_prints_as_far_as_the_calendar_goes_along(stored, parts):
    assert Source(title="A", issued=stored).csl.get("issued") == (parts and {"date-parts": [parts]})


def test_each_field_that_cannot_be_read_has_its_own_refusal():
    source = Source(title="A", authors="Roe, Jane, Doe", issued="2015-13", doi="x", pmid="x", pmcid="x")

    with pytest.raises(ValidationError) as refusal:
        source.clean()

    assert set(refusal.value.message_dict) == {"authors", "issued", "doi", "pmid", "pmcid"}


@pytest.mark.django_db
def test_what_can_be_read_is_stored_in_one_form():
    source = Source(title="A", authors="Roe J, Doe A", issued="2015-1", doi="doi:10.1000/A", pmid="PMID 7", pmcid="12")

    source.clean()

    stored = (source.authors, source.issued, source.doi, source.pmid, source.pmcid)
    assert stored == ("Roe, J\nDoe, A", "2015-01", "10.1000/a", "7", "PMC12")


@pytest.mark.parametrize(
    ("pages", "ama", "nlm"),
    [
        ("254-67", "254-267", "254–67"),
        ("254-267", "254-267", "254–67"),
        ("e152-e162", "e152-e162", "e152–62"),
        ("12-1-12-9", "12-1-12-9", "12-1-12-9"),
        ("2019-1", "2019-1", "2019-1"),
        ("95-12", "95-12", "95-12"),
        ("CD001869-x", "CD001869-x", "CD001869-x"),
        ("iv-xii", "iv-xii", "iv–xii"),
        ("123-5, 130-2", "123-125, 130-132", "123–5, 130–2"),
        ("109903", "109903", "109903"),
    ],
)
def test_pages_are_kept_as_typed_where_they_are_no_plain_range(pages, ama, nlm):
    item = {"type": "article-journal", "title": "A", "volume": "1", "page": pages}

    assert format_ama(item) == f"A. 1:{ama}."
    assert format_nlm(item) == f"A. 1:{nlm}."
    assert Source(title="A", pages=pages).csl["page"] == pages
