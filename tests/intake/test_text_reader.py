"""Plain text as people paste it: which characters, which paragraphs, which shapes."""

import textwrap

import pytest

from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind
from articles.intake.readers.text import read_blocks

PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
WRAPPED = """A wrapped paragraph breaks its lines where the next word has no
room, so that a reader of plain text sees an even right margin, and
the last line is short.
Next paragraph begins here, although no blank line divides it from
the one above it.
"""


def kinds(data: str) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in read_blocks(data.encode())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_that_editors_save_in_are_read_alike(encoding):
    blocks = read_blocks("Äpfel\n\nEine Überschrift folgt.".encode(encoding))

    assert blocks[0].text == "Äpfel"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no words"),
        (b" \n\t\n", "no words"),
        (b"\x89PNG\x00\x00", "UTF-8"),
        (b"text\x00text", "binary"),
        ("Müller".encode("latin-1"), "UTF-8"),
        (b"a" * 5_000_001, "5 MB"),
    ],
    ids=["empty", "blank", "image", "nul", "latin-1", "too large"],
)
def test_what_is_no_text_is_refused_with_what_to_do(data, says):
    with pytest.raises(Unreadable, match=says):
        read_blocks(data)


def test_hard_wrapped_lines_become_one_paragraph_each():
    blocks = read_blocks(WRAPPED.encode())

    assert [block.text[:17] for block in blocks] == ["A wrapped paragra", "Next paragraph be"]
    assert "no room, so that a reader of plain text sees an even right margin, and the last" in blocks[0].text


@pytest.mark.parametrize(
    "address", ["https://www.example.org/knees/exercises-at-home", "www.example.org/knees", "doi:10.5555/x1"]
)
def test_addresses_below_one_another_are_lines_of_their_own(address):
    first = "https://www.example.org/patients/knee-osteoarthritis"

    assert kinds(f"{PROSE}\n\n{first}\n{address}\n") == [("line", PROSE), ("line", first), ("line", address)]


@pytest.mark.parametrize(
    "sources",
    [
        (
            "https://www.example.org/knees-and-how-to-be-kind-to-them",
            "https://www.example.net/patients/osteoarthritis-of-the-knee-in-adults",
            "https://www.example.com",
        ),
        (
            "Example Institute for Joints – Exercise for knees and hips at home (2021)",
            "House of Health – Kind to your knees: a guide for people over sixty (2019)",
            "Another House – Walking (2020)",
        ),
        (
            "Lange A, Weiss B. Strength training for osteoarthritis of the knee. J Ex. 2014;24:1670-751.",
            "Roth C, Braun D, et al. Walking and pain: a randomized trial in adults. Ex J 2017 ; 376 : 2534-44",
            "Gruber E. Knees. Ex Rev. 2020;95(9):e11-e25.",
        ),
    ],
    ids=["addresses", "publishers", "journals"],
)
@pytest.mark.parametrize("width", [66, 72, 80])
def test_the_sources_of_a_wrapped_text_are_a_block_each(sources, width):
    text = " ".join([PROSE] * 6)
    lines = [text, "Sources", *sources]
    wrapped = "\n".join(part for line in lines for part in textwrap.wrap(line, width, break_long_words=False))

    assert [block for _, block in kinds(wrapped)] == lines


def test_lines_that_are_not_wrapped_are_paragraphs_of_their_own():
    blocks = kinds(f"{PROSE} {PROSE}\n{PROSE} {PROSE} {PROSE}\n{PROSE}")

    assert len(blocks) == 3


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n", "\u2028", "\f", "\v"])
def test_every_kind_of_line_end_divides(newline):
    assert len(kinds(f"Title{newline}{newline}{PROSE}")) == 2


@pytest.mark.parametrize(
    ("line", "marker", "text"),
    [
        ("- redness", "-", "redness"),
        ("• redness", "•", "redness"),
        ("1. redness", "1.", "redness"),
        ("(2) redness", "(2)", "redness"),
        ("a) redness", "a)", "redness"),
    ],
)
def test_list_markers_are_told_from_the_text(line, marker, text):
    blocks = read_blocks(f"Signs include:\n\n{line}\n{line}".encode())

    assert blocks[-1] == Block(BlockKind.ITEM, text, marker=marker, apart=False)


def test_a_species_is_no_list_item():
    blocks = read_blocks(f"{PROSE}\n\nE. coli lives in the gut of most people.".encode())

    assert blocks[-1].kind is BlockKind.LINE


@pytest.mark.parametrize(("rule", "level"), [("-----", 2), ("=====", 1), ("~~~~~", 2), ("———", 2)])
def test_a_rule_right_below_a_line_marks_a_heading(rule, level):
    blocks = read_blocks(f"Title\n\nWhere it hurts\n{rule}\n\n{PROSE}".encode())

    assert blocks[1:] == (Block(BlockKind.HEADING, "Where it hurts", level=level), Block(BlockKind.LINE, PROSE))


def test_a_rule_that_stands_alone_says_nothing():
    assert kinds(f"{PROSE}\n\n-----\n\n{PROSE}") == [("line", PROSE), ("line", PROSE)]


def test_a_block_knows_whether_a_blank_line_stands_before_it():
    blocks = read_blocks(f"Title\n\nWhere it hurts\n{PROSE}\n\n{PROSE}".encode())

    assert [block.apart for block in blocks] == [True, True, False, True]


@pytest.mark.parametrize("bullet", ["\uf0b7\t", "\uf0a7\t", "\uf0b7 ", "o\t", "  \uf0b7\u00a0"])
def test_a_bullet_from_word_makes_an_item(bullet):
    blocks = read_blocks(f"Zinc\n\nSide effects include:\n{bullet}Nausea\n{bullet}Headache after a meal\n".encode())

    items = [block.text for block in blocks if block.kind is BlockKind.ITEM]
    assert items == ["Nausea", "Headache after a meal"]


def test_an_o_that_is_a_word_stays():
    (block,) = read_blocks(b"o so many people ask about zinc and what it does to nails, and few get a good answer.")

    assert block.text.startswith("o so many")


def test_characters_that_nobody_sees_are_gone():
    (block,) = read_blocks(
        "Am\u00adoxi\u200bcillin is an antibio\ufefftic that many people take when they are ill.".encode()
    )

    assert block.text.startswith("Amoxicillin is an antibiotic")
