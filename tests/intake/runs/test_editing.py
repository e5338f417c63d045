"""What an editor changes of an outline: no word is lost, and only the part in question changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.intake.outline import Block, BlockKind, Outline, Part, Role, Taught
from articles.intake.runs import editing
from articles.record.vocabulary import Aspect, SectionKind

CAUSES, PROSE, RISKS = SectionKind.CAUSES, SectionKind.PROSE, SectionKind.RISKS


def paragraph(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text)


def section(heading: str, *texts: str, kind: SectionKind = PROSE) -> Part:
    aspect = Aspect.SYMPTOMS if kind is PROSE else None
    return Part(Role.SECTION, tuple(map(paragraph, texts)), "A guess.", 0.4, heading, kind, aspect)


TITLE = Part(Role.TITLE, (Block(BlockKind.TITLE, "Knees"),), "It is the first line.", 0.9)
MENU = Part(Role.LEFT_OUT, (Block(BlockKind.FURNITURE, "Menu"),), "It is furniture.", 0.9)
SOURCE = Part(Role.SOURCE, (paragraph("Doe J. Knees. 2020."),), "It is a source.", 0.9)
OUTLINE = Outline((TITLE, section("Why", "One.", "Two."), MENU, section("How", "Three.", "Four."), SOURCE))


def roles(outline: Outline) -> list[str]:
    return [str(part.role) for part in outline.parts]


def test_a_kind_is_set_and_says_who_set_it():
    part = editing.set_kind(OUTLINE, 1, CAUSES).parts[1]

    assert (part.kind, part.aspect, part.reason, part.confidence) == (CAUSES, None, editing.BY_HAND, 1.0)


def test_prose_has_an_aspect_and_no_other_kind_has_one():
    assert editing.set_kind(OUTLINE, 1, PROSE).parts[1].aspect == Aspect.OTHER
    assert editing.set_kind(OUTLINE, 1, RISKS, Aspect.DOSAGE).parts[1].aspect is None


def test_a_call_to_action_gets_an_offer_to_fill_in():
    assert editing.set_kind(OUTLINE, 1, SectionKind.CTA).parts[1].call is not None
    assert editing.set_kind(OUTLINE, 1, CAUSES).parts[1].call is None


def test_lines_that_are_sources_become_sources():
    changed = editing.set_kind(OUTLINE, 3, SectionKind.SOURCES)

    assert roles(changed) == ["title", "section", "left-out", "left-out", "source", "source", "source"]
    assert changed.parts[4].reference is not None
    assert changed.words == OUTLINE.words


def test_a_part_is_merged_with_the_section_before_it_over_what_is_left_out():
    changed = editing.merge(OUTLINE, 3)

    assert roles(changed) == ["title", "section", "left-out", "source"]
    assert [block.text for block in changed.parts[1].blocks] == ["One.", "Two.", "How", "Three.", "Four."]
    assert changed.parts[1].blocks[2].kind is BlockKind.HEADING


def test_the_first_section_has_none_before_it():
    with pytest.raises(editing.NotPossible, match="no section before"):
        editing.merge(OUTLINE, 1)


def test_a_part_is_split_between_two_paragraphs():
    changed = editing.split(OUTLINE, 1, 1)

    assert [part.text for part in changed.sections] == ["One.", "Two.", "Three.\n\nFour."]
    assert (changed.parts[2].heading, changed.parts[2].kind) == ("", PROSE)


def test_a_split_before_a_subheading_makes_it_the_heading():
    merged = editing.merge(OUTLINE, 3)

    changed = editing.split(merged, 1, 2)

    assert [(part.heading, part.text) for part in changed.sections] == [
        ("Why", "One.\n\nTwo."),
        ("How", "Three.\n\nFour."),
    ]


@pytest.mark.parametrize("block", [0, 2, -1, 99])
def test_a_part_is_not_split_at_its_rims(block):
    with pytest.raises(editing.NotPossible):
        editing.split(OUTLINE, 1, block)


def test_what_is_left_out_can_be_brought_back_with_its_heading():
    gone = editing.leave_out(OUTLINE, 1)
    back = editing.bring_back(gone, 1)

    assert gone.parts[1].role is Role.LEFT_OUT
    assert back.parts[1].role is Role.SECTION
    assert back.words == gone.words == OUTLINE.words


def test_a_source_that_is_none_becomes_a_section():
    assert editing.bring_back(OUTLINE, 4).parts[4].role is Role.SECTION


@pytest.mark.parametrize(
    "act",
    [
        lambda: editing.set_kind(OUTLINE, 0, CAUSES),
        lambda: editing.set_kind(OUTLINE, 99, CAUSES),
        lambda: editing.merge(OUTLINE, 2),
        lambda: editing.leave_out(OUTLINE, 0),
        lambda: editing.bring_back(OUTLINE, 1),
        lambda: editing.leave_out(OUTLINE, -1),
    ],
)
def test_what_does_not_fit_the_part_is_refused(act):
    with pytest.raises(editing.NotPossible):
        act()


def test_a_title_is_set_where_there_is_one_and_where_there_is_none():
    assert editing.set_title(OUTLINE, "Sore knees").title == "Sore knees"
    assert editing.set_title(Outline(OUTLINE.parts[1:]), "Sore knees").title == "Sore knees"
    assert editing.set_title(OUTLINE, "Knees") == OUTLINE


def test_a_correction_changes_the_same_heading_however_it_is_written():
    outline = Outline((section("1. WHY?", "One."), section("How", "Two.")))

    corrected = editing.correct(outline, "why", Taught(CAUSES))

    assert [part.kind for part in corrected.sections] == [CAUSES, PROSE]
    assert corrected.parts[0].reason == editing.ELSEWHERE


def test_a_correction_leaves_what_an_editor_decided():
    outline = editing.set_kind(OUTLINE, 1, RISKS)

    assert editing.correct(outline, "why", Taught(CAUSES)) == outline


ACTS = st.sampled_from(["kind", "merge", "split", "leave-out", "bring-back", "sources"])


@given(st.lists(st.tuples(ACTS, st.integers(0, 6), st.integers(0, 4)), max_size=8))
def test_no_row_of_changes_loses_or_adds_a_word(steps):
    outline = OUTLINE
    for act, at, block in steps:
        try:
            outline = {
                "kind": lambda: editing.set_kind(outline, at, CAUSES),  # noqa: B023 - called at once
                "sources": lambda: editing.set_kind(outline, at, SectionKind.SOURCES),  # noqa: B023
                "merge": lambda: editing.merge(outline, at),  # noqa: B023
                "split": lambda: editing.split(outline, at, block),  # noqa: B023
                "leave-out": lambda: editing.leave_out(outline, at),  # noqa: B023
                "bring-back": lambda: editing.bring_back(outline, at),  # noqa: B023
            }[act]()
        except editing.NotPossible:
            continue

    assert outline.words == OUTLINE.words
