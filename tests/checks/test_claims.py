"""Which wording is as strong as its certainty, which numbers are results, and which studies may carry a claim."""

import pytest

from articles.checks.claims.numbers import RESULT, number_without_citation
from articles.checks.claims.strength import (
    direct_support_not_in_people,
    direct_support_without_quote,
    wording_stronger_than_certainty,
)
from tests.checks.conftest import make_draft, make_section, make_source
from tests.checks.faults import evidence, mark, rated

TOO_STRONG = [
    ("low", "Steroids prevent hair loss."),
    ("low", "The cream is highly effective."),
    ("very-low", "The cream works within a week."),
    ("very-low", "The cream will help."),
    ("moderate", "The trials prove that redness goes down."),
    ("low", "It definitely went down."),
]
STRONG_ENOUGH = [
    ("high", "Steroids prevent hair loss."),
    ("not-assessed", "The cream reduces redness."),
    ("moderate", "The cream reduces redness."),
    ("low", "The cream may reduce redness."),
    ("low", "It is uncertain whether the cream helps."),
    ("low", "Redness went down in a small group."),
    ("low", "A cream used to prevent redness lowered the score."),
    ("very-low", "The cream does not help."),
    ("very-low", "It has not been proven."),
    ("", "The cream reduces redness."),
]
RESULTS = {
    "It affects 1 in 10 people.": "1 in 10",
    "About 13 of every 1,000 people died.": "13 of every 1,000 people",
    "It fell by about 16 percent.": "by about 16 percent",
    "It was twice as likely with placebo.": "twice as likely",
    "30% of patients got better.": "30% of patients",
    "It works better than placebo.": "better than placebo",
    "The tablets are as effective as the cream.": "as effective as",
    "The score fell (P = 0.03).": "P = 0.03",
}
NO_RESULTS = [
    "Use a 2.5% cream twice a day.",
    "Take 2 tablets 3 times a day for 14 days.",
    "See a clinician within 3 days.",
    "It was 5 in 2024.",
    "The trial took place in 2015 in 24 patients.",
    "Take 50% of the dose.",
    "It is licensed for adults aged 18 to 65.",
    "Wash your hair twice.",
]


@pytest.mark.parametrize(("certainty", "statement"), TOO_STRONG)
def test_wording_is_too_strong(certainty, statement):
    assert len(list(wording_stronger_than_certainty(stating(certainty, statement)))) == 1


@pytest.mark.parametrize(("certainty", "statement"), STRONG_ENOUGH)
def test_wording_fits_its_certainty(certainty, statement):
    assert list(wording_stronger_than_certainty(stating(certainty, statement))) == []


def test_wording_in_another_language_is_not_judged():
    assert list(wording_stronger_than_certainty(stating("low", "The cream prevents it.", locale="de"))) == []


def test_the_message_says_what_the_certainty_allows():
    (finding,) = wording_stronger_than_certainty(stating("very-low", "The cream reduces redness."))

    assert finding.message == (
        "Weaken “reduces” in finding 1 of “Does it help?”, for example to “it is very uncertain whether”: its "
        "certainty is very low."
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"statement": "In mice, redness went down."},
        {"subjects": "cells"},
        {"population": "Skin samples in the laboratory"},
        {"statement": "Bei Mäusen ging die Rötung zurück."},
        {"citations": [{"source": 1, "support": "indirect"}]},
        {"citations": [{"source": 1, "support": "background"}]},
        {"citations": [{"source": 1, "support": ""}]},
    ],
)
def test_a_study_of_animals_may_carry_what_is_not_said_of_people(fields):
    draft = make_draft(evidence(**fields), without="risks", sources={1: make_source(design="animal")})

    assert list(direct_support_not_in_people(draft)) == []


def test_one_quote_is_enough_for_a_finding():
    direct = [{"source": 1, "support": "direct", "quote": quote} for quote in ("", "It was.", "")]

    assert list(direct_support_without_quote(make_draft(evidence(citations=direct)))) == []


def test_a_finding_is_asked_once_for_a_quote():
    (finding,) = direct_support_without_quote(make_draft(evidence(citations=[{"source": 1, "support": "direct"}] * 3)))

    assert finding.path == "body/evidence/findings/0/citations/0/quote"


@pytest.mark.parametrize(("text", "result"), RESULTS.items())
def test_a_result_is_found(text, result):
    assert RESULT.search(text)[0] == result


@pytest.mark.parametrize("text", NO_RESULTS)
def test_another_number_is_no_result(text):
    assert not RESULT.search(text)


@pytest.mark.parametrize(
    "section",
    [
        make_section("prose", text=f"<p>It helps 1 in 10 {mark('1')}.</p>"),
        make_section("prose", text=f"<p>It helped {mark('1')}:</p><ul><li>1 in 10 adults</li></ul>"),
        make_section("introduction", text="<p>It affects 1 in 10.</p>"),
        make_section("conclusion", text="<p>It helps 1 in 10.</p>"),
        make_section("evidence", text="<p>1 in 10.</p>", findings=evidence().value["findings"]),
        make_section("faq", items=[{"answer": f"<p>1 in 10.</p><p>It was measured {mark('1')}.</p>"}]),
    ],
    ids=["cited", "list", "introduction", "conclusion", "findings", "answer"],
)
def test_a_result_that_is_cited_or_repeated_is_in_order(section):
    assert list(number_without_citation(make_draft(section))) == []


def test_a_citation_in_the_paragraph_before_does_not_reach():
    section = make_section("prose", text=f"<p>It helps {mark('1')}.</p><p>It helps 1 in 10, or 2 in 10.</p>")

    (finding,) = number_without_citation(make_draft(section))

    assert finding.message.startswith("Cite the source of “1 in 10”, “2 in 10” in section ")


def stating(certainty: str, statement: str, **fields):
    return make_draft(evidence(statement=statement, **rated(certainty)), **fields)
