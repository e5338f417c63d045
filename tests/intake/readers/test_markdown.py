"""Markdown: CommonMark, tables, footnotes and front matter."""

# ruff: noqa: E501 - markup in one line reads better than wrapped
from articles.intake.outline import BlockKind, Manuscript
from articles.intake.readers import markdown


def read(text: str) -> Manuscript:
    (found,) = markdown.read(text.encode())
    return found


def kinds(text: str) -> list[tuple[BlockKind, str]]:
    return [(block.kind, block.text) for block in read(text).blocks]


def test_title_headings_lists_and_marks_are_read():
    found = read(
        "# Gout\n\n## Causes\n\n- *Beer*\n  1. ale\n- Meat\n\nTake **5 mg** [daily](https://a.example)."
    ).blocks

    assert [(block.kind, block.level, block.marker) for block in found] == [
        (BlockKind.TITLE, 0, ""),
        (BlockKind.HEADING, 2, ""),
        (BlockKind.ITEM, 0, "•"),
        (BlockKind.ITEM, 1, "1."),
        (BlockKind.ITEM, 0, "•"),
        (BlockKind.PARAGRAPH, 0, ""),
    ]
    assert found[-1].html == 'Take <b>5 mg</b> <a href="https://a.example">daily</a>.'


def test_a_table_is_a_table_with_a_header_row():
    table = read("| Who | Dose |\n| --- | --- |\n| Adults | 5 mg |").blocks[0]

    assert (table.kind, table.rows, table.header) == (BlockKind.TABLE, (("Who", "Dose"), ("Adults", "5 mg")), "row")


def test_a_footnote_is_a_note_with_the_number_of_its_first_citation():
    found = read("Zinc helps[^b] and so does tea.[^a]\n\n[^a]: Brown 2018.\n[^b]: Adams 2017.\n").blocks

    assert [(block.text, block.marker) for block in found] == [
        ("Zinc helps[1] and so does tea.[2]", ""),
        ("Adams 2017.", "1."),
        ("Brown 2018.", "2."),
    ]


def test_front_matter_tells_title_dates_authors_and_tags_and_keeps_the_rest():
    found = read(
        '---\ntitle: "Gout"\ndate: 2024-05-03\nauthors:\n  - F. Lindwurm\n  - A. Berg\ntags: [joints, pain]\nslug: gout\n'
        "reviewer: Dr. Ost\nupdated: null\n---\n\nIt hurts, most often in the big toe, and mostly at night.\n"
    )

    assert (found.blocks[0].kind, found.blocks[0].text) == (BlockKind.TITLE, "Gout")
    assert (found.origin.published_at, found.origin.modified_at, found.origin.slug) == ("2024-05-03", "", "gout")
    assert (found.origin.authors, found.origin.categories) == (("F. Lindwurm", "A. Berg"), ("joints", "pain"))
    assert found.origin.fields == {"reviewer": "Dr. Ost"}


def test_the_texts_own_title_stands_before_that_of_the_front_matter():
    found = read("---\ntitle: Gout in short\n---\n\n# Gout\n\nIt hurts.")

    assert [block.text for block in found.blocks if block.kind is BlockKind.TITLE] == ["Gout"]
    assert found.origin.fields == {"title": "Gout in short"}


def test_html_within_it_is_read_and_never_run():
    found = read(
        "Take <b>5 mg</b> of it daily, and not more.<script>alert(1)</script>\n\n<div onclick='x()'>More</div>"
    )

    assert "alert" not in str(found.blocks)
    assert found.blocks[0].html.startswith("Take <b>5 mg</b>")


def test_a_rule_between_paragraphs_is_no_front_matter():
    assert kinds("---\n\nIt hurts, and it hurts at night.\n\n---\n\nStill.")[0][1].startswith("It hurts")
