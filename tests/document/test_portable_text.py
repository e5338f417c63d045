"""Stored rich text becomes Portable Text: what an editor sees is what is signed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.document.portable_text import to_portable_text

CITED = '<a linktype="citation" sources="7,9" support="indirect" locator="p. 3">[1]</a>'


def convert(html, articles=None, sections=()):
    return to_portable_text(html, cite={7: 1, 9: 2}.get, articles=articles or {}, sections=sections)


def text_of(blocks):
    return "".join(span["text"] for block in blocks for span in block["children"])


@pytest.mark.parametrize(
    ("html", "mark"),
    [("<b>x</b>", "strong"), ("<i>x</i>", "em"), ("<sub>x</sub>", "sub"), ("<sup>x</sup>", "sup")],
)
def test_styles_become_marks(html, mark):
    (block,) = convert(f"<p>a {html} b</p>")

    assert [(span["text"], span["marks"]) for span in block["children"]] == [("a ", []), ("x", [mark]), (" b", [])]


def test_overlapping_marks_are_cut_where_they_begin_and_end():
    (block,) = convert("<p><b>one <i>two</i></b></p>")

    assert [span["marks"] for span in block["children"]] == [["strong"], ["strong", "em"]]


def test_a_citation_shows_the_numbers_of_its_sources_and_says_how_they_support():
    (block,) = convert(f"<p>It helps {CITED}.</p>")

    assert text_of([block]) == "It helps [1, 2]."
    assert block["markDefs"] == [
        {
            "_key": "m0",
            "_type": "citation",
            "citations": [
                {"reference": 1, "support": "indirect", "locator": "p. 3"},
                {"reference": 2, "support": "indirect", "locator": "p. 3"},
            ],
        }
    ]


def test_support_is_absent_until_somebody_chose_it():
    (block,) = convert('<p>It helps <a linktype="citation" sources="7" support="" locator="">[1]</a>.</p>')

    assert block["markDefs"][0]["citations"] == [{"reference": 1}]


def test_a_link_to_a_page_names_the_article():
    (block,) = convert('<p><a linktype="page" id="5">there</a></p>', articles={5: "an-id"})

    assert block["markDefs"] == [{"_key": "m0", "_type": "article", "article": "an-id"}]


def test_a_link_to_a_page_that_is_no_article_is_plain_text():
    (block,) = convert('<p><a linktype="page" id="6">there</a></p>')

    assert block["markDefs"] == []
    assert text_of([block]) == "there"


ANCHOR = '<p>See <a linktype="anchor" section="s1">the risks</a>.</p>'


def test_an_anchor_names_the_section_that_it_leads_to():
    (block,) = convert(ANCHOR, sections={"s1"})

    assert block["markDefs"] == [{"_key": "m0", "_type": "anchor", "section": "s1"}]


def test_an_anchor_to_no_section_of_the_article_is_plain_text():
    (block,) = convert(ANCHOR, sections={"s2"})

    assert (block["markDefs"], text_of([block])) == ([], "See the risks.")


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", " vbscript:x", "//evil.example"]
)
def test_a_link_that_could_run_something_is_plain_text(href):
    (block,) = convert(f'<p><a href="{href}">x</a></p>')

    assert block["markDefs"] == []


def test_headings_and_nested_lists_keep_their_level():
    blocks = convert("<h3>Head</h3><ul><li>one<ul><li>two</li></ul></li></ul><ol><li>three</li></ol>")

    assert [(block["style"], block.get("listItem"), block.get("level")) for block in blocks] == [
        ("h3", None, None),
        ("normal", "bullet", 1),
        ("normal", "bullet", 2),
        ("normal", "number", 1),
    ]


def test_empty_paragraphs_are_left_out():
    assert convert("<p></p><p> </p>") == []


def test_the_same_text_gives_the_same_blocks():
    html = f"<p>a <b>b</b> {CITED}</p><ul><li>c</li></ul>"

    assert convert(html) == convert(html)


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1), min_size=1, max_size=5))
def test_no_word_is_lost_or_invented(paragraphs):
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in paragraphs]
    html = "".join(f"<p>{text}</p>" for text in escaped)

    blocks = convert(html)

    words = [word for block in blocks for word in re.findall(r"\w+", text_of([block]))]
    assert words == [word for text in paragraphs for word in re.findall(r"\w+", text)]
