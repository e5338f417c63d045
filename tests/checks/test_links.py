"""What the editor shows is what readers get: whatever rendering leaves out of a text is a finding, with its words."""

import time
import timeit
from html import escape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from articles.checks import engine
from articles.checks.links import link_not_delivered, undelivered
from articles.checks.places import Place
from articles.document.draft import DisclaimerData
from articles.document.entities import stored_entities
from articles.document.portable_text import to_portable_text
from articles.document.render import render_rich_text
from tests.checks.conftest import GONE, make_draft, make_section
from tests.checks.faults import asking, mark, saying

HERE = {"articles": {7: "an-id"}}
CAUSES = [
    ('<a href="#dosage">dosage</a>', "Link to a section"),
    ('<a href="/about">us</a>', "“/about” in full"),
    ('<a href="about.html">us</a>', "“about.html” in full"),
    ('<a href="www.example.org">us</a>', "“www.example.org” in full"),
    ('<a href="//example.org">us</a>', "“//example.org” in full"),
    ('<a href="sms:+44">us</a>', "in place of “sms:+44”"),
    ('<a href="ftp://example.org">us</a>', "in place of “ftp://example.org”"),
    ('<a href="JavaScript:alert(1)">us</a>', "in place of “JavaScript:alert(1)”"),
    ('<a href="">us</a>', "Enter the address"),
    ("<a>us</a>", "Enter the address"),
    ('<a linktype="page" id="8">this</a>', "Choose another article"),
    ('<a linktype="page" id="x">this</a>', "Choose another article"),
    ('<a linktype="document" id="3">the leaflet</a>', "files of this site"),
    ('<a linktype="anchor" section="gone">above</a>', "Choose another section"),
    ('<a linktype="anchor">above</a>', "Choose another section"),
    ('<a href="https://a.example">one <a href="https://b.example">two</a></a>', "outside any other link"),
    ('<a linktype="citation" sources="1"></a>', "Cite the source again"),
]
DELIVERED = [
    '<a href="https://example.org/?a=1&amp;b=2">us</a>',
    '<a href="mailto:a@example.org">us</a>',
    '<a href="TEL:+44">us</a>',
    '<a linktype="page" id="7">this</a>',
    '<a linktype="anchor" section="risks">the risks</a>',
    f'<a href="https://example.org">it <b>helps</b> {mark("1")} <br/>a lot</a>',
    mark(str(GONE)),
    '<a href="#nowhere"> </a>',
    "plain words",
]  # fmt: skip


def messages(draft) -> list[str]:
    return [finding.message for finding in link_not_delivered(draft)]


@pytest.mark.parametrize(("html", "remedy"), CAUSES)
def test_a_link_that_readers_would_not_get_is_told_with_what_to_do(html, remedy):
    (message,) = messages(make_draft(saying(html), **HERE))

    assert remedy in message


@pytest.mark.parametrize("html", [html for html, _ in CAUSES if "citation" not in html])
def test_the_linked_words_and_the_place_are_named(html):
    words = stored_entities(html)[-1].words

    (message,) = messages(make_draft(asking(f"<p>See {html}.</p>"), **HERE))

    assert f"“{words}” in question 2 of section" in message


@pytest.mark.parametrize("html", DELIVERED)
def test_a_link_that_readers_get_is_no_finding(html):
    assert messages(make_draft(saying(html), **HERE)) == []


@pytest.mark.parametrize("kind", ["cta", "sources", "risks"])
def test_an_anchor_to_a_section_that_says_something_is_no_finding(found, kind):
    assert found(make_draft(saying(f'<a linktype="anchor" section="{kind}">there</a>'))) == []


def test_of_two_links_on_the_same_words_the_one_that_readers_get_is_no_finding():
    (message,) = messages(make_draft(saying('<a href="https://example.org">here</a>, <a href="/x">here</a>')))

    assert "“/x”" in message


def test_a_link_that_the_editor_does_not_show_is_told():
    blocks = to_portable_text('<p><a href="https://example.org">here</a></p>', cite=lambda key: key, articles={})

    (finding,) = undelivered(Place("text", "the text", "<p>here</p>"), blocks)

    assert "the link “here” in the text" in finding.message


def test_a_disclaimer_tells_of_a_link_that_its_readers_would_not_get():
    html = '<p>Ask <a linktype="page" id="7">us</a> or <a href="https://example.org">them</a>.</p>'
    disclaimer = DisclaimerData(
        "d", "General", "Ask us.", html, to_portable_text(html, cite=lambda key: key, articles={})
    )

    (finding,) = engine.run(disclaimer)

    assert (finding.code, finding.path) == ("link_not_delivered", "text")
    assert "“us” in the disclaimer “General”" in finding.message


def test_a_text_that_cannot_be_rendered_is_left_to_rendering(found):
    assert messages(make_draft(saying("<b>open"))) == []


WORDS = st.text(st.sampled_from("ab <&>é1\u00a0\n"), max_size=6).map(escape)
ADDRESSES = st.sampled_from(["https://a.example", "#a", "/a", "sms:1", "", "mailto:a@b.example", "www.a.example"])
OPENINGS = st.one_of(
    ADDRESSES.map(lambda address: f'<a href="{address}">'),
    st.sampled_from(["7", "8", "x"]).map(lambda key: f'<a linktype="page" id="{key}">'),
    st.sampled_from(["risks", "gone"]).map(lambda key: f'<a linktype="anchor" section="{key}">'),
    st.sampled_from(["1", str(GONE), "", "1,2"]).map(lambda keys: f'<a linktype="citation" sources="{keys}">'),
    st.sampled_from(['<a linktype="document" id="1">', "<a>"]),
)
STYLED = st.tuples(st.sampled_from(["b", "i", "sup"]), WORDS).map(lambda pair: "<{0}>{1}</{0}>".format(*pair))
PIECES = st.one_of(WORDS, STYLED, st.just("<br/>"))
INSIDE = st.lists(
    st.one_of(PIECES, st.tuples(OPENINGS, PIECES).map(lambda pair: f"{pair[0]}{pair[1]}</a>")), max_size=3
)
LINKED = st.tuples(OPENINGS, INSIDE.map("".join)).map(lambda pair: f"{pair[0]}{pair[1]}</a>")
BLOCKS = st.tuples(st.sampled_from(["p", "h3"]), st.lists(st.one_of(PIECES, LINKED), max_size=4).map("".join))
TEXTS = st.lists(BLOCKS.map(lambda pair: "<{0}>{1}</{0}>".format(*pair)), max_size=3).map("".join)


def shown(blocks: list[dict]) -> list[tuple[dict, dict]]:
    """(block, mark) of what a reader can see: citations, and marks on words that are no citation's."""
    return [(block, mark) for block in blocks for mark in block["markDefs"] if _is_seen(block, mark)]


def _is_seen(block: dict, mark: dict) -> bool:
    cited = {each["_key"] for each in block["markDefs"] if each["_type"] == "citation"}
    spans = [span for span in block["children"] if mark["_key"] in span["marks"]]
    return mark["_key"] in cited or any(span["text"].strip() for span in spans if not cited & set(span["marks"]))


@given(TEXTS)
def test_each_link_of_a_stored_text_is_rendered_or_told(html):
    draft = make_draft(make_section("conclusion", text=html), **HERE)

    told = messages(draft)

    assert len(stored_entities(html)) == len(told) + len(shown(render_rich_text(html, draft)))


@given(TEXTS, st.data())
def test_whatever_rendering_leaves_out_in_future_is_told(html, data):
    blocks = render_rich_text(html, make_draft(**HERE))
    marks = shown(blocks)
    assume(marks)
    told = list(undelivered(Place("text", "the text", html), blocks))
    block, left_out = data.draw(st.sampled_from(marks))

    block["markDefs"] = [mark for mark in block["markDefs"] if mark is not left_out]

    assert len(list(undelivered(Place("text", "the text", html), blocks))) > len(told)


@pytest.mark.parametrize("repeated", ["<a ", "<a>", "<a x>y", '<a href="/">x</a>', '<a linktype="citation">x', "</a>"])
def test_the_links_of_a_very_long_text_are_read_in_linear_time(repeated):
    def seconds(times: int) -> float:
        text = repeated * times
        return timeit.timeit(lambda: stored_entities(text), timer=time.process_time, number=1)  # without the collector

    assert seconds(100_000) < 30 * seconds(10_000) + 0.5


@pytest.mark.parametrize("depth", [2, 12])
def test_links_in_links_are_told_however_deep_they_are(depth):
    html = '<a href="https://a.example">one ' * depth + "two" + "</a>" * depth

    assert messages(make_draft(saying(html)))
