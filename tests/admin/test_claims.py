"""Which sentence a citation belongs to, and what stands beside it. Pure: the medical document alone."""

import pytest
from django.template.loader import render_to_string

from articles.admin.sign_off.shown.claims import Claim, Rest, claims_of

REFERENCES = {
    1: {"number": 1, "design": "cohort", "csl": {"author": [{"family": "Doe"}, {"family": "Roe"}], "title": "A"}},
    2: {"number": 2, "design": "other", "csl": {"title": "A study of scalps", "publisher": "WHO"}},
}


def section(*spans, **more):
    """Spans are words; (numbers) stand for a citation."""
    children, marks = [], []
    for span in spans:
        if isinstance(span, tuple):
            key = f"m{len(marks)}"
            made = {
                "_key": key,
                "_type": "citation",
                "citations": [{"reference": number, "support": "direct", "locator": "p. 3"} for number in span],
            }
            marks.append(made)
        children.append(
            {"text": span, "marks": []} if isinstance(span, str) else {"text": "[1]", "marks": [marks[-1]["_key"]]}
        )
    return {"kind": "prose", "text": [{"children": children, "markDefs": marks}]} | more


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        (("It helps", (1,), ". It harms."), "It helps."),
        (("It is so. It helps.", (1,), " It harms."), "It helps."),
        (("It is so. It helps, ", (1,), " and it harms. More."), "It helps, and it harms."),
        (("It helps ", (1,)), "It helps"),
        (("In 2.5 cases it helps ", (1,), "."), "In 2.5 cases it helps."),
    ],
)
def test_a_citation_belongs_to_the_sentence_it_stands_in_or_follows(spans, words):
    (claim,) = claims_of(section(*spans), REFERENCES)

    assert claim.words == words


def test_a_sentence_that_is_cited_twice_is_one_claim():
    (claim,) = claims_of(section("It helps", (1,), (2,), "."), REFERENCES)

    assert [rest.words for rest in claim.rests] == ["Doe et al.", "A study of scalps, WHO"]
    assert claim.rests[0].locator == "p. 3"


def test_an_item_without_a_citation_is_a_claim_that_rests_on_nothing():
    made = section(kind="risks", cautions=[], interactions=[], effects=[{"name": "Itching", "citations": []}])

    (claim,) = claims_of(made, REFERENCES)

    assert (claim.words, claim.rests) == ("Itching", ())


def test_the_quote_stands_with_the_item_that_it_carries():
    cited = {"reference": 1, "support": "indirect", "locator": "", "quote": "It itched."}
    made = section(kind="mechanism", steps=[{"target": "mTOR", "outcome": "Less growth.", "citations": [cited]}])

    (claim,) = claims_of(made, REFERENCES)

    assert claim.words == "mTOR: Less growth."
    assert (claim.rests[0].quote, claim.rests[0].support) == ("It itched.", "Supports the claim indirectly")


def test_a_reference_that_is_gone_is_left_out():
    (claim,) = claims_of(section("It helps", (9,), "."), REFERENCES)

    assert claim.rests == ()


def test_the_page_says_when_nobody_chose_how_a_source_supports_a_claim():
    claim = Claim("It helps.", (Rest(1, "Doe 2024", "Cohort study", "", "", ""),))

    html = render_to_string("admin/sign_off/_claims.html", {"claims": [claim], "section": {"kind": "prose"}})

    assert "Cohort study · Support not stated" in html
