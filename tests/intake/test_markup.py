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
