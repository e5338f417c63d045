"""The checklist: what the system decides of a draft, what the reviewer confirms, and what is stored."""

from dataclasses import replace

import pytest
from django.http import QueryDict

from articles.document.draft import Section, SourceData, draft_of_section
from articles.record.canonical import canonical_bytes
from articles.review.signing import checklist
from articles.review.signing.checklist import (
    ITEMS,
    VERSION,
    ChecklistIncomplete,
    answers,
    confirmed,
    posted,
    require_complete,
)
from articles.review.signing.reading_level import level_of, lix

SOURCE = SourceData(1, "s", "A study", "cohort", "standing", {"issued": {"date-parts": [[2024]]}}, "", "", "")
UNDATED = replace(SOURCE, key=2, csl={})


def draft(kind="evidence", sources=(SOURCE,), locale="en", **value):
    made = draft_of_section(Section("a", kind, 0, {"heading": "", "text": ""} | value))
    return replace(
        made, locale=locale, audience="patient", article_type="explainer", sources={row.key: row for row in sources}
    )


def finding(**fields):
    cited = {"source": 1, "support": "direct", "locator": "", "quote": "It helped."}
    return {"statement": "It helps.", "certainty": "low", "citations": [cited]} | fields


def verdict(made, item):
    return checklist.decisions(made)[item].verdict


@pytest.mark.parametrize(
    ("item", "made", "expected"),
    [
        ("sources-dated", draft(), "holds"),
        ("sources-dated", draft(sources=(SOURCE, UNDATED)), "does-not-hold"),
        ("sources-dated", draft(sources=()), "does-not-apply"),
        ("sources-cited", draft(findings=[finding()]), "holds"),
        ("sources-cited", draft(findings=[finding(), finding(citations=[])]), "does-not-hold"),
        ("sources-cited", draft(), "does-not-apply"),
        ("quotes-given", draft(findings=[finding()]), "holds"),
        ("quotes-given", draft(findings=[finding(citations=[{"source": 1, "quote": " "}])]), "does-not-hold"),
        ("quotes-given", draft(), "does-not-apply"),
        ("uncertainty", draft(findings=[finding()]), "holds"),
        ("uncertainty", draft(findings=[finding(certainty="not-assessed")]), "does-not-hold"),
        ("risks", draft(), "does-not-hold"),
        ("risks", draft("introduction"), "does-not-apply"),
        ("risks", replace(draft("introduction"), article_type="medicine"), "does-not-hold"),
        ("risks", draft("risks", text="<p>It may itch.</p>"), "holds"),
        ("risks", draft("risks"), "does-not-apply"),
        ("help", draft("seek-help", action="Call."), "holds"),
        ("help", draft(), "does-not-hold"),
        ("reading-level", draft(text="<p>It is so. </p>" * 40), "holds"),
        (
            "reading-level",
            draft(text="<p>Immunosuppressive pharmacotherapy necessitates monitoring.</p>" * 40),
            "does-not-hold",
        ),
        ("reading-level", draft(text="<p>Too short.</p>"), "does-not-apply"),
        ("reading-level", draft(text="<p>It is so. </p>" * 40, locale="ja"), "does-not-apply"),
        ("reading-level", replace(draft(text="<p>It is so. </p>" * 40), audience="clinician"), "does-not-apply"),
    ],
)
def test_the_system_decides(item, made, expected):
    assert verdict(made, item) == expected


def test_lix_is_words_per_sentence_and_the_share_of_long_words():
    sentence = "One two three four five six seven eight nine immunology. "

    assert lix(sentence * 10) == 10 + 10
    assert lix("Too short.") is None


def test_a_language_that_is_not_measured_is_named():
    assert level_of(draft(locale="ja")).words == "not measured: LIX is not used for the language “ja”"


def test_every_item_has_its_own_id_a_sentence_and_a_source():
    assert len({item.id for item in ITEMS}) == len(ITEMS)
    assert all(item.sentence.endswith(".") and item.source for item in ITEMS)


def test_one_tick_answers_every_point_of_the_reviewer():
    made = answers(draft(), posted(QueryDict(f"checklist={VERSION}")))

    assert made["version"] == VERSION
    assert set(made["answers"]) == {item.id for item in ITEMS if item.decide is None}
    assert set(made["answers"].values()) == {"yes"}
    assert set(made["decided"]) == {item.id for item in ITEMS if item.decide}
    require_complete("medical", "whole", made)


def test_single_points_may_not_apply_but_never_the_essential_ones():
    made = answers(draft(), posted(QueryDict(f"checklist={VERSION}&not-applicable=choices&not-applicable=safe")))

    assert made["answers"]["choices"] == "not-applicable"
    assert made["answers"]["safe"] == "yes"
    require_complete("medical", "whole", made)


@pytest.mark.parametrize("form", ["", "checklist=on", "checklist=2020-01", "not-applicable=choices"])
def test_without_the_confirmation_of_this_version_a_whole_medical_review_is_refused(form):
    with pytest.raises(ChecklistIncomplete, match="I have checked each of these"):
        require_complete("medical", "whole", answers(draft(), posted(QueryDict(form))))


@pytest.mark.parametrize("given", [None, {}, {"version": VERSION}, {"version": VERSION, "answers": {"safe": "yes"}}])
def test_half_a_checklist_is_none(given):
    with pytest.raises(ChecklistIncomplete):
        require_complete("medical", "whole", given)


def test_an_essential_point_that_does_not_apply_is_refused_by_the_service():
    made = answers(draft(), confirmed())
    made["answers"]["safe"] = "not-applicable"

    with pytest.raises(ChecklistIncomplete):
        require_complete("medical", "whole", made)


@pytest.mark.parametrize(("role", "scope"), [("editor", "whole"), ("medical", "changes"), ("legal", "whole")])
def test_other_signatures_need_no_checklist(role, scope):
    require_complete(role, scope, None)


def test_a_component_is_asked_less():
    made = answers(None, confirmed())

    assert made["decided"] == {}
    assert made["answers"]["choices"] == "not-applicable"
    require_complete("medical", "whole", made)


def test_what_is_stored_has_a_canonical_form():
    assert canonical_bytes(answers(draft(findings=[finding()]), confirmed()))
