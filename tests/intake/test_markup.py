"""Blocks as rich text."""

from articles.intake.markup import html, questions
from articles.intake.outline import Block, BlockKind

TEXT = Block(BlockKind.PARAGRAPH, "p < 0.05 & more")


def item(text: str, marker: str = "-") -> Block:
    return Block(BlockKind.ITEM, text, marker=marker)


def test_text_is_escaped():
    assert html([TEXT]) == "<p>p &lt; 0.05 &amp; more</p>"


def test_bullets_and_numbers_become_lists():
    blocks = [TEXT, item("a"), item("b", "•"), item("c", "1."), item("d", "2.")]

    assert html(blocks).endswith("<ul><li>a</li><li>b</li></ul><ol><li>c</li><li>d</li></ol>")


def test_numbers_that_do_not_count_from_one_stay_words():
    assert html([item("c", "3."), item("d", "4.")]) == "<p>3. c</p><p>4. d</p>"


def test_sub_headings_become_headings_of_the_third_level():
    assert html([Block(BlockKind.HEADING, "Ointments", level=3)]) == "<h3>Ointments</h3>"


def test_sub_headings_of_a_faq_become_its_questions():
    blocks = [TEXT, Block(BlockKind.HEADING, "Is it safe?", level=3), TEXT]

    assert questions(blocks) == (html([TEXT]), [("Is it safe?", html([TEXT]))])


def test_inline_marks_of_a_block_survive():
    block = Block(BlockKind.PARAGRAPH, "10³ units", html="10<sup>3</sup> <b>units</b>")

    assert html([block]) == "<p>10<sup>3</sup> <b>units</b></p>"


def test_items_below_an_item_become_a_list_in_it():
    deep = [Block(BlockKind.ITEM, text, level, marker) for text, level, marker in [("a", 0, "•"), ("b", 1, "1."), ("c", 1, "2."), ("d", 2, "•"), ("e", 0, "•")]]  # fmt: skip # noqa: E501

    assert html(deep) == "<ul><li>a<ol><li>b</li><li>c<ul><li>d</li></ul></li></ol></li><li>e</li></ul>"


def test_a_list_that_begins_deep_or_counts_otherwise_loses_no_word():
    deep = [Block(BlockKind.ITEM, text, level, marker) for text, level, marker in [("a", 1, "•"), ("b", 0, "•"), ("c", 1, "4."), ("d", 0, "7.")]]  # fmt: skip # noqa: E501

    assert html(deep) == "<ul><li>a</li></ul><ul><li>b<ul><li>4. c</li></ul></li></ul><p>7. d</p>"


def test_a_table_within_text_is_a_line_for_each_row_and_a_picture_without_words_is_nothing():
    blocks = [
        Block(BlockKind.TABLE, "a | b\nc | d", rows=(("a", "b"), ("c", "d"))),
        Block(BlockKind.PICTURE, "", picture="x"),
    ]

    assert html(blocks) == "<p>a | b</p><p>c | d</p>"


def test_a_note_keeps_its_number():
    assert html([Block(BlockKind.NOTE, "Adams 2017.", marker="1.")]) == "<p>1. Adams 2017.</p>"
