"""Each check finds its fault and nothing else; what is in order gives no finding."""

import time
import timeit
from dataclasses import replace

import pytest
from django.conf import settings

from articles.authoring.blocks.article import MAX_FIELDS
from articles.checks import engine
from articles.errors import BlockedByFindings
from tests.checks.conftest import GONE, a_finding, an_effect, make_draft, make_image, make_section
from tests.checks.faults import (
    FAULTS,
    INTRODUCTION,
    SOURCES,
    UNSOURCED,
    WIDE,
    evidence,
    inline,
    mark,
    repeated,
    table,
    unlisted,
)

LONG = (
    f"<p>An itchy scalp is common, and most of the time it settles with what a pharmacist can name {mark('1')}. "
    "About 12 of 100 people itch for longer than a month.</p>"
)
NAMES = [check.__name__ for check in engine.CHECKS]


def test_a_whole_draft_has_no_finding(found):
    assert found(make_draft()) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.severity}-{fault.path}")
def test_a_check_finds_its_fault_and_nothing_else(found, fault):
    assert found(fault.draft) == [(fault.code, fault.severity, fault.path)]


@pytest.mark.parametrize("check", engine.CHECKS, ids=lambda check: check.__name__)
def test_each_check_has_a_fault_here_and_a_source_for_its_rule(check):
    assert check.__name__ in {fault.code for fault in FAULTS}
    assert "Source: " in (check.__doc__ or "")


def test_a_code_belongs_to_one_check():
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.severity}-{fault.path}")
def test_a_message_is_a_sentence_and_names_the_rules_source(fault):
    (finding,) = engine.run(fault.draft)

    assert finding.message[0].isupper() and finding.message.endswith(".")
    assert finding.source and "\n" not in finding.source


@pytest.mark.parametrize(
    "fields",
    [
        {"article_type": "treatment"},
        {"article_type": "medicine"},
        {"article_type": "supplement"},
        {"article_type": "test"},
        {"substances": ({"name": "sirolimus"},), "summary": "Not in pregnancy, nor while breastfeeding."},
    ],
)
def test_what_one_takes_or_undergoes_needs_a_risks_section(found, fields):
    draft = make_draft(sections=(INTRODUCTION, SOURCES), **fields)

    assert found(draft) == [("no_risks_section", "blocking", "body")]


def test_prose_on_treatment_needs_a_risks_section(found):
    draft = make_draft(make_section("prose", text="<p>Rest.</p>", aspect="treatment"), without="risks")

    assert found(draft) == [("no_risks_section", "blocking", "body")]


def test_a_source_that_is_listed_without_a_citation_is_a_source(found):
    assert found(make_draft(sections=tuple(UNSOURCED))) == []


def test_a_claim_whose_only_source_is_gone_has_none(found):
    codes = [code for code, *_ in found(make_draft(evidence(citations=[{"source": GONE, "support": "direct"}])))]

    assert codes == ["claim_without_citation", "citation_without_source"]


@pytest.mark.parametrize(
    "section",
    [
        make_section("causes", heading="Causes", items=[{"name": "Dandruff", "text": "", "citations": []}]),
        make_section("mechanism", heading="How", steps=[{"target": "mTOR", "action": "inhibits"}]),
        make_section("mechanism", heading="How", steps=[], figure={"image": 1, "alt": "A pathway"}),
        make_section("seek-help", heading="Help", level="urgent", signs=["Fever"]),
        make_section("seek-help", heading="Help", level="urgent", action="Call."),
        make_section("faq", heading="Questions", items=[{"question": "Is it?", "answer": "<p>No.</p>"}]),
        make_section("figure", heading="A scalp", figure={"image": 1, "alt": "A scalp"}),
        make_section("prose", heading="Dosage", text="<ul><li>Once a day</li></ul>"),
        make_section("prose", text="<h3>Dosage</h3><h4>Adults</h4><p>Once a day.</p>"),
        make_section("causes", text="<p>Many.</p><h3>The most common</h3>", items=[{"name": "Dandruff"}]),
        table(first_row_is_table_header=True),
        table(data=[["", "Rare", ""], ["Sting", "", ""]], first_row_is_table_header=True, first_col_is_header=True),
        table(data=WIDE, first_row_is_table_header=True, mergeCells=[{"row": 0, "col": 0, "colspan": 2}]),
        make_section("prose", text="<h3>Adults</h3><p>Once.</p><h4>Old adults</h4><p>Less.</p>"),
        inline("1"),
        unlisted(f"<p>It helped twelve people {mark('1')}.</p>"),
    ],
    ids=lambda section: section.kind,
)
def test_a_section_that_says_something_gives_no_finding(found, section):
    assert found(make_draft(section)) == []


@pytest.mark.parametrize(
    "section",
    [
        make_section("causes", heading="Causes", items=[{"name": "", "codes": [{"system": "icd-10-cm", "code": ""}]}]),
        make_section("mechanism", heading="How", steps=[{"target": "", "action": "inhibits"}], figure=None),
        make_section("seek-help", heading="Help", level="urgent", signs=[""], action=""),
        make_section("table", heading="Doses", table={"data": [[None, ""]], "first_row_is_table_header": True}),
        make_section("conclusion", heading="In short", text="<p>&nbsp;</p><p></p>"),
        make_section("prose", text="<h3>Dosage</h3>"),
        make_section("conclusion", heading="In short", text=f"<p>{mark('1')}</p>"),
    ],
    ids=lambda section: section.kind,
)
def test_defaults_and_blanks_are_no_content(found, section):
    assert found(make_draft(section)) == [("heading_without_content", "blocking", f"body/{section.kind}")]


def test_sixty_sections_are_not_too_many(found):
    assert found(repeated("prose", 55)) == []


def test_a_picture_with_an_alternative_text_in_the_article_has_no_finding(found):
    assert found(make_draft(hero=make_image(), hero_alt="A scalp")) == []


def test_the_message_names_the_claim_and_its_section():
    (finding,) = engine.run(make_draft(evidence(citations=[])))

    assert finding.message == "Name the source of finding 1 of “Does it help?” (“Redness went down”)."
    assert finding.block == "evidence"


def test_a_prescription_with_a_disclosure_is_in_order(found):
    offer = replace(make_draft().offers[1], is_prescription=True, disclosure="Example Clinic earns from it.")

    assert found(make_draft(offers={1: offer})) == []


def test_findings_come_blocking_first_then_in_reading_order(found):
    sections = [
        make_section("introduction", text="<p>It cures baldness.</p>"),
        make_section("risks", heading="Risks", effects=[{"name": "Sting", "frequency": "rare"}]),
        make_section("evidence", findings=[a_finding(citations=[]), a_finding(statement="Works for everyone.")]),
        make_section("prose", heading="Dosage"),
        make_section("sources"),
    ]

    draft = make_draft(title="", summary="It can cure it.", sections=tuple(sections))

    places = [(severity, path) for _, severity, path in found(replace_indices(draft))]
    assert places == [
        ("blocking", "title"),
        ("blocking", "body/introduction/text"),
        ("blocking", "body/evidence/findings/0"),
        ("blocking", "body/evidence/findings/1/statement"),
        ("blocking", "body/prose"),
        ("warning", "summary"),
        ("warning", "body/risks/effects/0"),
    ]


def test_a_long_article_is_checked_in_a_tenth_of_a_second():
    said = f"<h3>Adults</h3>{LONG * 2}"
    sections = [
        section
        for index in range(11)
        for section in (
            make_section("prose", id=f"p{index}", heading="Dosage", text=said),
            make_section("evidence", id=f"e{index}", heading="Does it help?", text=LONG, findings=[a_finding()] * 3),
            make_section("risks", id=f"r{index}", heading="Risks", text=LONG, effects=[an_effect()] * 5),
            make_section("faq", id=f"f{index}", items=[{"question": "Why?", "answer": LONG}] * 3),
            make_section("table", id=f"t{index}", table={"data": [["Sting", "Rare"]] * 9, "first_col_is_header": True}),
        )
    ]
    draft = replace_indices(make_draft(sections=(*make_draft().sections, *sections)))

    assert len(draft.sections) == 60
    assert engine.run(draft) == []
    assert min(timeit.repeat(lambda: engine.run(draft), timer=time.process_time, number=1, repeat=5)) < 0.1


def replace_indices(draft):
    sections = (replace(section, index=index) for index, section in enumerate(draft.sections))
    return replace(draft, sections=tuple(sections))


def test_a_draft_with_blocking_findings_is_refused_with_all_of_them():
    with pytest.raises(BlockedByFindings, match=r"Give the article a title\. Write a summary") as refused:
        engine.require_none(engine.blocking(make_draft(title="", summary="")))

    assert [finding.path for finding in refused.value.findings] == ["title", "summary"]


def test_warnings_refuse_nothing():
    engine.require_none(engine.blocking(make_draft(title="x" * 101)))


def test_a_decorative_picture_needs_no_alternative_text(found):
    figure = make_section("figure", heading="A scalp", figure={"image": 1, "alt": "", "decorative": True})

    assert found(make_draft(figure, hero=make_image(), hero_decorative=True)) == []


def test_the_editor_takes_as_many_fields_as_its_settings_say():
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == MAX_FIELDS
