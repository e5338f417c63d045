"""What recorded and hostile answers read as: the fields of a source, in plain text."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.record.vocabulary import SourceStatus, StudyDesign
from articles.sources.lookup.crossref import read_work
from articles.sources.lookup.errors import NotUnderstood
from articles.sources.lookup.pubmed import read_articles
from articles.sources.lookup.records import Record, merge
from articles.sources.models import Source
from tests.sources.lookup.server import lines_of

MINIMAL = {"DOI": "10.1000/A", "title": ["A study"], "type": "journal-article"}


@pytest.mark.django_db
def test_every_recorded_work_is_a_source_that_the_form_accepts(shared):
    works = [line["work"] for line in lines_of(shared / "data/citations/crossref_works.jsonl")]

    for work in works:
        record = read_work(work)
        source = Source(**record.source_fields)
        source.clean()
        source.clean_fields(exclude=["latest_revision"])
        assert source.csl["title"] == record.title
        assert record.source_fields == {name: getattr(source, name) for name in record.source_fields}, work["DOI"]

    assert len(works) == 300


@pytest.mark.django_db
def test_every_recorded_article_is_as_it_was_read_by_another_parser(shared):
    """`pubmed_records.jsonl` was made of the same XML independently."""
    expected = {line["pmid"]: line for line in lines_of(shared / "data/citations/pubmed_records.jsonl") if line["pmid"]}
    found = {}
    for file in sorted((shared / "data/citations/pubmed_xml").glob("*.xml")):
        try:
            found |= {record.pmid: record for record in read_articles(file.read_bytes())}
        except NotUnderstood:
            continue

    common = expected.keys() & found.keys()
    for pmid in common:
        record, line = found[pmid], expected[pmid]
        assert (record.volume, record.issue) == (line["volume"] or "", line["issue"] or ""), pmid
        assert record.issued[:4] == (line["year"] or ""), pmid
        assert record.doi == (line["doi"] or "").lower(), pmid
        assert len(record.authors.splitlines()) == len(line["authors"]), pmid
        Source(**record.source_fields).clean()
    assert len(common) >= 40


@pytest.mark.parametrize(
    ("title", "plain"),
    [
        ("Of<i>Mycobacterium smegmatis</i>Culture", "Of Mycobacterium smegmatis Culture"),
        ("MAPD<sub>90</sub> and 10<sup>2</sup>", "MAPD₉₀ and 10²"),
        ("Standards &amp; reports", "Standards & reports"),
        ("Decoded &amp;lt;once&amp;gt;", "Decoded &lt;once&gt;"),
        ("p &lt; 0.05", "p < 0.05"),
        ("p < 0.05 and q > 3", "p < 0.05 and q > 3"),
        ("<script>alert(1)</script>A study", "alert(1)A study"),
        ("Two\nlines\tand\u00a0spaces", "Two lines and spaces"),
        ("A\u202e\u200b\x07\ufeffstudy", "A study"),
        ("עברית بالعربية", "עברית بالعربية"),
        ("x" * 2000, "x" * 999 + "…"),
    ],
)
def test_a_title_is_plain_text_of_one_line(title, plain):
    assert read_work(MINIMAL | {"title": [title]}).title == plain


def test_a_subtitle_is_part_of_the_title_once():
    assert read_work(MINIMAL | {"subtitle": ["A trial"]}).title == "A study: A trial"
    assert read_work(MINIMAL | {"title": ["A study: A trial"], "subtitle": ["A trial"]}).title == "A study: A trial"


def test_the_date_of_the_issue_counts_if_there_is_one():
    dates = {"issued": {"date-parts": [[2014, 12, 3]]}, "published-print": {"date-parts": [[2015, 2]]}}

    assert read_work(MINIMAL | dates).issued == "2014-12-03"
    assert read_work(MINIMAL | dates | {"volume": "5"}).issued == "2015-02"


@pytest.mark.parametrize("parts", [[[None]], [], None, [[2015, 13]], [["2015"]], [[-5]], [[99999]], "2015", [[True]]])
def test_a_date_that_is_none_is_empty_or_as_far_as_it_goes(parts):
    assert read_work(MINIMAL | {"issued": {"date-parts": parts}}).issued in ("", "2015")


def test_an_address_of_a_record_never_becomes_one_of_the_source():
    record = read_work(
        MINIMAL | {"URL": "javascript:alert(1)", "resource": {"primary": {"URL": "javascript:alert(1)"}}}
    )

    assert "url" not in record.source_fields
    assert "javascript" not in json.dumps(record.source_fields)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("<b>&amp;\u202e"),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["family", "given", "name", "date-parts", "type", "DOI"]), children, max_size=3
        )
    ),
    max_leaves=6,
)
FIELDS = (
    *("title", "subtitle", "author", "editor", "container-title", "publisher", "issued", "volume", "issue", "page"),
    *("article-number", "published-print", "updated-by", "relation", "type", "institution", "DOI", "aliases"),
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=8))
def test_any_work_gives_plain_text_that_fits_or_is_not_understood(fields):
    try:
        record = read_work(MINIMAL | fields)
    except NotUnderstood:
        return

    for name, value in record.source_fields.items():
        longest = Source._meta.get_field(name).max_length
        lines = value.split("\n")
        assert longest is None or len(value) <= longest
        assert all(unicodedata.category(sign) not in ("Cc", "Cf", "Cs") for line in lines for sign in line)
        assert name == "authors" or len(lines) == 1


def test_of_two_records_the_graver_status_and_all_identifiers_count():
    work = Record(title="A STUDY", doi="10.1000/a", asked=("crossref",))
    article = Record(
        title="A study",
        pmid="7",
        issued="2015",
        design=StudyDesign.RANDOMIZED_TRIAL,
        status=SourceStatus.RETRACTED,
        asked=("pubmed",),
    )

    both = merge(work, article)

    assert (
        both.source_fields
        == Record(
            title="A study",
            doi="10.1000/a",
            pmid="7",
            issued="2015",
            design=StudyDesign.RANDOMIZED_TRIAL,
            status=SourceStatus.RETRACTED,
        ).source_fields
    )
    assert (both.origin, both.asked) == ("crossref", ("crossref", "pubmed"))
    assert merge(article, work).status == SourceStatus.RETRACTED
