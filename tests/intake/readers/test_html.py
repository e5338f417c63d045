"""HTML: what a page says becomes blocks, what surrounds the article is told apart, and nothing unsafe survives."""

# ruff: noqa: E501 - markup in one line reads better than wrapped
import base64
import io
import time

import pytest
from PIL import Image

from articles.errors import Unreadable
from articles.intake.outline import Block, BlockKind, Manuscript, count_words
from articles.intake.readers import html

PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it. " * 3


def read(markup: str | bytes) -> Manuscript:
    (found,) = html.read(markup.encode() if isinstance(markup, str) else markup)
    return found


def blocks(markup: str, kind: BlockKind | None = None) -> list[Block]:
    return [block for block in read(markup).blocks if kind is None or block.kind is kind]


def only(markup: str) -> Block:
    (found,) = read(markup).blocks
    return found


PAGE = f"""<!DOCTYPE html><html lang="de"><head><title>Gout | Elm Road Clinic</title>
<link rel="canonical" href="https://clinic.example/gout"><meta name="author" content="Dr. F. Lindwurm">
<meta property="article:published_time" content="2024-05-03T10:00:00Z"><style>p {{color: red}}</style></head>
<body><header><a href="/">Elm Road Clinic</a></header><nav><ul><li><a href="/a">Knees</a></li></ul></nav>
<main><article><h1>Gout</h1><p>{PROSE}</p><div class="sharedaddy"><a href="https://share.example">Share this</a></div>
<h2>Causes</h2><p>{PROSE}</p><aside><a href="/x">Related: Hips</a></aside></article></main>
<div class="comments"><p>I had that too.</p></div><footer>© Elm Road</footer><script>var secret = 1</script></body></html>"""


def test_the_article_is_told_from_the_page_around_it():
    found = read(PAGE).blocks

    own = [(block.kind, block.text) for block in found if block.kind is not BlockKind.FURNITURE]
    assert own == [
        (BlockKind.TITLE, "Gout"),
        (BlockKind.PARAGRAPH, PROSE.strip()),
        (BlockKind.HEADING, "Causes"),
        (BlockKind.PARAGRAPH, PROSE.strip()),
    ]


def test_what_is_around_the_article_is_furniture_with_its_words():
    furniture = " ".join(block.text for block in blocks(PAGE, BlockKind.FURNITURE))

    for words in ("Elm Road Clinic", "Knees", "Share this", "Related: Hips", "I had that too.", "© Elm Road"):
        assert words in furniture
    assert "secret" not in furniture


def test_a_page_tells_its_address_its_time_its_author_and_its_language():
    origin = read(PAGE).origin

    assert (origin.address, origin.language) == ("https://clinic.example/gout", "de")
    assert (origin.published_at, origin.authors) == ("2024-05-03T10:00:00Z", ("Dr. F. Lindwurm",))


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Gout | Elm Road Clinic", "Gout"), ("Gout – what helps", "Gout – what helps"), ("Gout | A | B", "Gout | A")],
)
def test_without_a_heading_the_pages_title_is_the_title_without_the_sites_name(title, expected):
    found = read(f"<html><head><title>{title}</title></head><body><p>{PROSE}</p></body></html>").blocks[0]

    assert (found.kind, found.text) == (BlockKind.TITLE, expected)


def test_headings_keep_their_level():
    found = blocks("<h1>T</h1><h2>A</h2><p>x</p><h3>B</h3><p>x</p><h6>C</h6>", BlockKind.HEADING)

    assert [(block.text, block.level) for block in found] == [("A", 2), ("B", 3), ("C", 6)]


def test_lists_keep_their_depth_their_numbers_and_their_start():
    found = blocks("<ol start=3><li>a<ul><li>b</ul><li>c</ol><ol type=a><li>d</ol>", BlockKind.ITEM)

    assert [(block.text, block.level, block.marker) for block in found] == [
        ("a", 0, "3."),
        ("b", 1, "•"),
        ("c", 0, "4."),
        ("d", 0, "a."),
    ]


def test_inline_marks_and_links_survive_and_nothing_else_does():
    markup = (
        '<p><b onclick="x()">Take</b> <i>10</i> mg <a href="https://a.example/?x=1&y=2" target=_blank>daily</a> '
        '<a href="javascript:alert(1)">now</a> <span style="color:red">or</span> <u>not</u> <a href="mailto:a@b.example">ask</a></p>'
    )

    assert only(markup).html == (
        '<b>Take</b> <i>10</i> mg <a href="https://a.example/?x=1&amp;y=2">daily</a> now or not '
        '<a href="mailto:a@b.example">ask</a>'
    )


@pytest.mark.parametrize(
    ("markup", "text", "rich"),
    [
        ("10<sup>3</sup> units", "10³ units", "10<sup>3</sup> units"),
        ("H<sub>2</sub>O", "H₂O", "H<sub>2</sub>O"),
        ("10<sup>-3</sup>", "10⁻³", "10<sup>-3</sup>"),
        ("the 1<sup>st</sup>", "the 1st", "the 1<sup>st</sup>"),
        ('10<span style="vertical-align: super">6</span>', "10⁶", "10<sup>6</sup>"),
    ],
)
def test_a_raised_number_is_raised_in_plain_text_too(markup, text, rich):
    block = only(f"<p>{markup} {PROSE}</p>")

    assert block.text.startswith(f"{text} ")
    assert block.html.startswith(rich)


def test_google_docs_says_bold_and_raised_in_its_style_sheet():
    markup = (
        "<style>.c1{font-weight:700}.c2{vertical-align:super}.c3{font-weight:400}</style>"
        '<b style="font-weight:normal"><p class="c3"><span class="c1">Take</span> 10<span class="c2">3</span> of it.</p></b>'
        '<p><a href="https://www.google.com/url?q=https://a.example/b%3Fc&amp;sa=D">there</a> it is.</p>'
    )

    assert [block.html for block in read(markup).blocks] == [
        "<b>Take</b> 10<sup>3</sup> of it.",
        '<a href="https://a.example/b?c">there</a> it is.',
    ]


@pytest.mark.parametrize(
    "markup", ["a<br>b", "a<p>b", "<div>a</div>b", "<li>a<li>b", "<td>a<td>b", "<dt>a<dd>b", "a<hr>b"]
)
def test_words_never_join_across_elements(markup):
    wrapped = f"<table><tr>{markup}</table>" if markup.startswith("<td") else markup

    assert count_words(block.text for block in read(wrapped).blocks) == count_words(["a b"])


def test_two_line_breaks_end_a_paragraph_and_a_short_bold_line_may_be_a_heading():
    found = read(f"<p><b>Side effects</b><br>{PROSE}<br><br>Second.</p>").blocks

    assert [(block.kind, block.text[:6]) for block in found] == [
        (BlockKind.LINE, "Side e"),
        (BlockKind.PARAGRAPH, "Half o"),
        (BlockKind.PARAGRAPH, "Second"),
    ]


def test_typed_bullets_and_numbers_that_count_are_items():
    found = read("<h2>A</h2><p>• one</p><p>1. first</p><p>2. second</p><p>text</p><p>3. Mai is a day.</p>").blocks[1:]

    assert [(block.kind, block.marker, block.text) for block in found] == [
        (BlockKind.ITEM, "•", "one"),
        (BlockKind.ITEM, "1.", "first"),
        (BlockKind.ITEM, "2.", "second"),
        (BlockKind.PARAGRAPH, "", "text"),
        (BlockKind.PARAGRAPH, "", "3. Mai is a day."),
    ]


def test_a_table_keeps_its_cells_its_header_and_its_caption():
    markup = (
        "<table><caption>Doses</caption><tr><th>Who<th>Dose<tr><td rowspan=2>Adults<td>10<sup>3</sup> units"
        "<tr><td>5<br>mg<tr><td colspan=2>All others</table>"
    )

    table, caption = read(markup).blocks

    assert table.rows == (("Who", "Dose"), ("Adults", "10³ units"), ("Adults", "5 mg"), ("All others", ""))
    assert table.text == "Who | Dose\nAdults | 10³ units\n5 mg\nAll others"
    assert (table.header, caption.kind, caption.text) == ("row", BlockKind.CAPTION, "Doses")


def test_a_table_that_only_arranges_the_page_is_text():
    found = read(f"<table><tr><td><h2>Causes</h2><p>{PROSE}</p></td><td><p>More.</p></td></tr></table>").blocks

    assert [block.kind for block in found] == [BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]


def test_a_figure_is_a_picture_with_its_caption():
    markup = (
        '<figure><img src="small.jpg" srcset="https://a.example/300.jpg 300w, https://a.example/900.jpg 900w" alt="A knee">'
        "<figcaption>A knee from <b>above</b></figcaption></figure>"
    )

    picture, caption = read(markup).blocks

    assert (picture.kind, picture.text, picture.picture) == (BlockKind.PICTURE, "A knee", "https://a.example/900.jpg")
    assert (caption.kind, caption.text) == (BlockKind.CAPTION, "A knee from above")


def test_a_picture_within_the_page_comes_along():
    png = io.BytesIO()
    Image.effect_noise((40, 40), 90).save(png, "PNG")
    address = f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"

    found = read(f'<p>{PROSE}</p><img src="{address}" alt="Noise"><img width=1 src="https://count.example/p.gif">')

    assert [(picture.name, picture.data) for picture in found.pictures] == [("picture-1.png", png.getvalue())]
    assert found.blocks[-1].picture == "picture-1.png"


NOTES = {
    "word": "<p class=MsoNormal>Zinc helps<a href='#_ftn1' name='_ftnref1'><span class=MsoFootnoteReference>[1]</span></a>.</p>"
    "<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText>"
    "<a href='#_ftnref1' name='_ftn1'>[1]</a> Adams 2017.</p></div></div>",
    "google docs": '<p>Zinc helps<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>.</p><hr><div><p>'
    '<a href="#ftnt_ref1" id="ftnt1">[1]</a><span> Adams 2017.</span></p></div>',
    "pandoc": '<p>Zinc helps<a href="#fn1" id="fnref1"><sup>1</sup></a>.</p><section><ol><li id="fn1">'
    '<p>Adams 2017.<a href="#fnref1">↩︎</a></p></li></ol></section>',
}


@pytest.mark.parametrize("program", NOTES)
def test_a_footnote_is_a_note_and_its_reference_a_number_in_brackets(program):
    found = [block for block in read(NOTES[program]).blocks if block.kind is not BlockKind.FURNITURE]

    assert [(block.text, block.marker) for block in found] == [("Zinc helps[1].", ""), ("Adams 2017.", "1.")]
    assert found[1].kind is BlockKind.NOTE


def test_a_link_to_the_pages_list_of_references_is_a_number_in_brackets():
    markup = (
        f'<p>{PROSE} It does.<sup><a href="#r2">2</a></sup></p><h2>References</h2><ol><li id="r1">A<li id="r2">B</ol>'
    )

    found = read(markup).blocks

    assert found[0].text.endswith("It does.[2]")
    assert [(block.kind, block.marker) for block in found[2:]] == [(BlockKind.ITEM, "1."), (BlockKind.ITEM, "2.")]


def test_deleted_words_are_left_out_with_a_warning_and_inserted_ones_are_kept():
    found = read(f"<p>Take <del>100 mg</del><ins>10 mg</ins> <s>twice</s> daily. {PROSE}</p>")

    assert found.blocks[0].text.startswith("Take 10 mg daily.")
    assert "100 mg twice" in found.warnings[0]


def test_hidden_words_are_set_aside_and_folded_answers_are_read():
    markup = (
        f'<p>{PROSE}</p><p style="display:none">Spam</p><p hidden>More spam</p>'
        f'<div class="faq-answer" style="display:none"><p>It is safe.</p></div>'
        "<details><summary>May I run?</summary><p>Yes.</p></details>"
    )

    found = read(markup).blocks

    assert [block.text for block in found if block.kind is BlockKind.FURNITURE] == ["Spam", "More spam"]
    assert [block.text for block in found if block.kind is BlockKind.HEADING] == ["May I run?"]
    assert {"It is safe.", "Yes."} <= {block.text for block in found}


def test_videos_and_links_that_lead_nowhere_are_told_of():
    warnings = read(f'<p>{PROSE}<a href="/b">b</a></p><iframe src="https://video.example/1"></iframe>').warnings

    assert "https://video.example/1" in warnings[0]
    assert warnings[1].startswith("1 links lead to no complete address.")


def test_relative_addresses_are_completed_by_the_pages_own():
    markup = (
        f'<link rel=canonical href="https://a.example/b/c"><p>{PROSE}<a href="../d">d</a> <img src="e.jpg" alt="e"></p>'
    )

    found = read(markup).blocks

    assert 'href="https://a.example/d"' in found[0].html
    assert found[1].picture == "https://a.example/b/e.jpg"


def test_a_page_says_its_encoding():
    page = f'<meta charset="windows-1252"><p>Größer als 5 µg – {PROSE}</p>'

    assert read(page.encode("cp1252")).blocks[0].text.startswith("Größer als 5 µg –")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 170_000 + "x",
        "<table><tr><td>" * 30_000 + "x",
        "<ul><li>" * 60_000 + "x",
        "<p>a" * 160_000,
    ],
    ids=["div", "b", "table", "list", "paragraphs"],
)
def test_what_nests_too_deep_or_is_too_much_is_refused_at_once(markup):
    started = time.perf_counter()

    with pytest.raises(Unreadable):
        read(markup)

    assert time.perf_counter() - started < 10  # generous: CI shares its cores


@pytest.mark.parametrize("tag", ["div", "b", "span", "ul><li", "blockquote"])
def test_900_elements_in_one_another_are_read(tag):
    depth = 900 // len(tag.split("><"))

    assert read(f"<{tag}>" * depth + "deep words").blocks[0].text == "deep words"


def test_a_page_without_words_is_refused():
    with pytest.raises(Unreadable, match="no words"):
        read("<html><body><script>x()</script><br></body></html>")
