"""A draft may be half-written or malformed: the checks report, they never raise."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.checks import engine
from articles.document import stored
from articles.document.draft import Section
from tests.checks.conftest import make_draft, make_section

NAMES = [
    "heading",
    "text",
    "items",
    "findings",
    "effects",
    "cautions",
    "interactions",
    "steps",
    "signs",
    "action",
    "figure",
    "table",
    "data",
    "image",
    "alt",
    "offer",
    "purposes",
    "citations",
    "source",
    "support",
    "quote",
    "statement",
    "certainty",
    "certainty_basis",
    "name",
    "group",
    "frequency",
    "answer",
    "aspect",
    "subjects",
    "population",
    "first_row_is_table_header",
    "first_col_is_header",
    "mergeCells",
]
RICH = st.sampled_from(
    [
        '<a linktype="citation" sources="1,,x,٣" support>[1]</a>',
        '<a linktype="citation" sources="',
        "<h3>Dosage</h3><h4>",
        "<![foo[ <p>It cures",
        "no side effects",
        "100% safe",
        "<" * 50,
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | RICH
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
ALL_KINDS = [stored.kind_of(name) for name in sorted(stored.KNOWN)]
KINDS = st.sampled_from(ALL_KINDS)
FIELDS = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8)
SECTIONS = st.builds(Section, st.text(max_size=5), KINDS, st.integers(0, 60), FIELDS | VALUES, st.booleans())


@pytest.mark.parametrize(
    "value", [None, True, 1.5, 10**30, "x", [], {}, [[]], [{}], [None], {"image": []}, {"data": 1}]
)
@pytest.mark.parametrize("name", NAMES)
def test_no_field_of_a_wrong_type_makes_a_check_raise(name, value):
    sections = (Section(kind, kind, index, {name: value}) for index, kind in enumerate(ALL_KINDS))

    assert engine.run(make_draft(sections=tuple(sections)))


@pytest.mark.parametrize("text", ["1,111,", "1", "1 in ", "9% ", "rare (", "AB (", "(AB ", "a. ", "<h4>", "<p>1 in 5"])
def test_a_very_long_text_is_checked_in_time(text):
    sections = (make_section(kind, text=text * 10_000) for kind in ("prose", "risks"))
    begun = time.process_time()

    engine.run(make_draft(sections=tuple(sections)))

    assert time.process_time() - begun < 15


@settings(max_examples=300, deadline=None)
@given(st.lists(SECTIONS, max_size=4), st.text(max_size=120), st.text(max_size=320))
def test_no_stored_value_makes_a_check_raise(sections, title, summary):
    draft = make_draft(title=title, summary=summary, sections=tuple(sections))

    findings = engine.run(draft)

    assert all(finding.code and finding.message for finding in findings)
    assert engine.run(draft) == findings
