"""What of the list of sources is in order."""

import pytest
from django.utils.timezone import localdate

from articles.checks import engine
from articles.checks.claims import sources
from articles.document.gather import gather_page
from tests.checks.conftest import make_draft, make_section, make_source
from tests.checks.faults import UNSOURCED, of_publishers, of_year, sourced
from tests.factories import make_article, make_user


@pytest.mark.parametrize(
    "draft",
    [
        sourced({"doi": "10.1/a", "pmid": "1"}, {"doi": "10.1/b", "pmid": "2"}),
        sourced({}, {}),
        make_draft(sections=tuple(UNSOURCED)),
        of_publishers("Elsevier"),
        of_publishers("Elsevier", "BMJ"),
        of_publishers("Elsevier", ""),
        make_draft(sources={1: of_year(2016)}),
        make_draft(sources={1: of_year(2015)}, gathered_on=None),
        make_draft(sources={1: make_source()}),
    ],
    ids=["works", "unnamed", "listed", "two", "several", "unknown", "ten-years", "no-day", "undated"],
)
def test_sources_in_order_have_no_finding(draft):
    assert [finding for check in sources.CHECKS for finding in check(draft)] == []


def test_one_undated_source_may_be_new():
    draft = sourced({"csl": {"issued": {"date-parts": [[1990]]}}})
    evidence = make_section("evidence", findings=[{"citations": [{"source": 1}, {"source": 10}]}])

    assert list(sources.old_sources(make_draft(evidence, sources=draft.sources))) == []


def test_the_message_names_both_records_of_one_work():
    first, second = {"doi": "10.1/a", "title": "A study"}, {"doi": "10.1/A", "title": "A trial"}

    (finding,) = engine.run(sourced(first, second))

    assert finding.message == (
        "Merge the two records of DOI 10.1/a in the library, or cite one of them. Section 6 (“Conclusion”) names “A "
        "trial”, and “A study” is the same work: readers would see two references."
    )


@pytest.mark.django_db
def test_a_draft_knows_the_day_on_which_it_was_gathered():
    page = make_article(by=make_user("author", "Authors"))

    assert gather_page(page).gathered_on == localdate()
