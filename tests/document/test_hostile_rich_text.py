"""Stored rich text that no editor wrote (SQL, a script, a broken client): only known marks come out, and no word is lost."""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

import time
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.document.components import render_component
from articles.document.gather import gather
from articles.document.portable_text import to_portable_text
from articles.document.render import render
from articles.document.stored import page_keys, source_keys
from articles.errors import NotRepresentable
from articles.record.delivery.content.markdown import to_markdown
from articles.record.delivery.content.portable_text import SCHEMES, Shown, Target, to_html, to_plain
from articles.record.delivery.content.section_media import offer_href
from tests.factories import block, make_article, make_offer
from tests.hostile.vectors import h5sc, read_vectors

TAGS = {"p", "h3", "h4", "ul", "ol", "li", "strong", "em", "sub", "sup", "a", "br"}
ATTRIBUTES = {"a": {"href", "rel", "data-article"}, "sup": {"class"}}
NOWHERE = Shown("en")
LINKED = Shown("en", {"seven": Target("https://example.org/seven", "seven")})
PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<i>", "<h3>", "<ul>", "<li>", "</li>", "</ul>", "<script>", "</script>", "<!--", "-->",
        '<a href="javascript:x">', '<a href="https://e.org/">', "</a>", '<a linktype="citation" sources="1">', "<br/>", "<img>",
        '<a linktype="page" id="7">', "<svg onload=x>", "&lt;", "&#0;", "<![CDATA[", "]]>", "words", " ", '"', "'", "<", ">", "&",
    ]
)  # fmt: skip
HTML = st.one_of(
    st.text(), st.lists(PIECES, max_size=12).map("".join), st.lists(st.one_of(PIECES, st.text(max_size=5))).map("".join)
)
SECONDS = 30  # generous: CI shares its cores; what is quadratic takes minutes


class Allowed(HTMLParser):
    """Fails at a tag, an attribute or an address that our renderers never write, and where tags do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag, attrs):
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES.get(tag, set())
        href = dict(attrs).get("href", "#")
        assert href.startswith("#") or href.lower().startswith(SCHEMES)
        assert not (tag == "a" and "a" in self.open), "a link in a link"
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data

    def unknown_decl(self, data):
        raise AssertionError(data)

    handle_comment = handle_decl = handle_pi = unknown_decl


def read(html: str) -> list[dict]:
    return to_portable_text(html, cite=lambda key: key, articles={7: "seven"})


def require_allowed(html: str) -> Allowed:
    parser = Allowed()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


@given(HTML)
def test_whatever_is_stored_reads_to_allowed_html_or_is_refused(stored):
    try:
        blocks = read(stored)
    except NotRepresentable:
        return

    require_allowed(to_html(blocks, LINKED))


@given(st.text())
def test_every_character_of_a_text_comes_out_as_words(text):
    html = to_html(read(f"<p>{escape(text)}</p>"), NOWHERE)

    assert "".join(require_allowed(html).words.split()) == "".join(text.split())


SPANS = st.fixed_dictionaries(
    {"_type": st.just("span"), "text": st.text(), "marks": st.lists(st.sampled_from(["strong", "em", "blink", "m0", "m1"]), max_size=3, unique=True)}
)  # fmt: skip
BLOCKS = st.fixed_dictionaries(
    {
        "_type": st.just("block"),
        "style": st.one_of(st.just("normal"), st.text()),
        "listItem": st.sampled_from(["bullet", "number"]),
        "level": st.integers(1, 12),
        "children": st.lists(SPANS),
        "markDefs": st.text().map(lambda href: [{"_key": "m0", "_type": "link", "href": href}, {"_key": "m1", "_type": "x"}]),
    }
)  # fmt: skip


@given(st.lists(BLOCKS, max_size=5))
def test_any_portable_text_renders_to_allowed_html(blocks):
    require_allowed(to_html(blocks, NOWHERE))


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
        "\x01javascript:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", "vbscript:x", "data:text/html,&lt;script>",
        "blob:https://example.org/1", "file:///etc/passwd", "//evil.example", "/relative", "https:evil", "", "feed:javascript:alert(1)",
        "view-source:javascript:alert(1)", "\u2028javascript:alert(1)", "jar:https://x!/",
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_safe_is_kept_as_words(address):
    blocks = read(f'<p>See <a href="{address}">these words</a> here.</p>')

    assert to_plain(blocks) == "See these words here."
    assert blocks[0]["markDefs"] == []
    assert "(" not in to_markdown(blocks, NOWHERE)


@pytest.mark.parametrize(
    "address", ["https://e.org/?a=1&b=%22", "HTTPS://E.org", "http://e.org", "mailto:a@b.org", "tel:+44"]
)
def test_a_link_of_a_safe_kind_stays(address):
    assert read(f'<p><a href="{escape(address)}">w</a></p>')[0]["markDefs"][0]["href"] == address


def test_an_address_cannot_break_out_of_markdown():
    blocks = read('<p><a href="https://e.org/) [x](javascript:alert(1)">w</a></p>')

    assert to_markdown(blocks, NOWHERE) == ("[w](https://e.org/%29%20%5Bx%5D%28javascript:alert%281%29)")


def test_a_link_in_a_link_is_words_of_the_outer_one():
    html = to_html(read('<p><a href="https://a.org">x<a href="https://b.org">y</a>z</a></p>'), NOWHERE)

    assert (
        html
        == (
            '<p><a href="https://a.org" rel="noopener">x</a><a href="https://a.org" rel="noopener">y</a>'
            '<a href="https://a.org" rel="noopener">z</a></p>'
        )
        or html == '<p><a href="https://a.org" rel="noopener">xyz</a></p>'
    )


def test_an_empty_citation_takes_no_words_away():
    assert to_plain(read('<p>a <a linktype="citation" sources="1"></a>words</p>')) == "a words"


DEEP = {
    "50,000 divs": "<div>" * 50_000 + "x" + "</div>" * 50_000,
    "50,000 open divs": "<div>" * 50_000 + "x",
    "50,000 bold": "<p>" + "<b>" * 50_000 + "x" + "</b>" * 50_000 + "</p>",
    "20,000 words in bold in bold": "<p>" + "<b>x" * 20_000 + "</b>" * 20_000 + "</p>",
    "20,000 lists in lists": "<ul><li>" * 20_000 + "x" + "</li></ul>" * 20_000,
    "2,000 lists with words": "<ul><li>x" * 2_000 + "</li></ul>" * 2_000,
    "50,000 bold words": "<p>" + "<b>x</b>y" * 50_000 + "</p>",
    "20,000 links": "<p>" + '<a href="https://e.org/">x</a>y' * 20_000 + "</p>",
    "20,000 links in links": "<p>" + '<a href="https://e.org/">x' * 20_000 + "</a>" * 20_000 + "</p>",
    "10,000 citations": "<p>" + '<a linktype="citation" sources="1">[1]</a>x' * 10_000 + "</p>",
    "1 MB in one word": "<p>" + "x" * 1_000_000 + "</p>",
    "20,000 paragraphs": "<p>x</p>" * 20_000,
    "300,000 beginnings": "x" + "<a " * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("name", DEEP)
def test_deep_and_large_rich_text_is_read_in_time(name):
    started = time.perf_counter()

    source_keys([DEEP[name]]), page_keys([DEEP[name]])
    html = to_html(read(DEEP[name]), NOWHERE)

    assert "x" in require_allowed(html).words
    assert html.count("<ul>") <= 2_000
    assert time.perf_counter() - started < SECONDS


def test_lists_nest_no_deeper_than_browsers_show():
    levels = {made["level"] for made in read(DEEP["2,000 lists with words"])}

    assert max(levels) == 10


@pytest.mark.parametrize(
    "stored",
    [
        "<p>a</b></p>",
        "<p><b>a</p>",
        "<li>a</li>",
        "<p><img src='x'>words</p>",
        "<p><b><i>a</b></i></p>",
        "<p>a<hr>b</p>",
    ],
)
def test_what_no_editor_stores_is_refused_with_its_first_words(stored):
    with pytest.raises(NotRepresentable, match="Type it again in the editor"):
        read(stored)


@pytest.mark.django_db
@pytest.mark.parametrize("keys", ["²", "٣", "9" * 25, "1;2", "-1", "1e3", "x,,,", "0x1"])
def test_keys_that_are_none_name_nothing(people, keys):
    text = f'<p>w<a linktype="citation" sources="{keys}">[1]</a> <a linktype="page" id="{keys}">v</a></p>'

    page = make_article(by=people.author, body=[block("introduction", text=text)])

    assert b"w" in render(gather(page.latest_revision))["medical"].content


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("https", "javascript:alert(1)"), ("https", "http://e.org"), ("https", "https://e.org/\nx"), ("https", " https://e.org"),
        ("app", "javascript:alert(1)"), ("app", "javascript://%0aalert(1)"), ("app", "data:text/html,x"), ("app", "data://x"),
        ("app", "vbscript://x"), ("app", "JavaScript://x"), ("app", "screen"), ("tel", "+1;x"), ("mailto", "javascript:x@y"),
        ("mailto", "a@b?cc=c@d e"), ("ftp", "ftp://x"),
    ],
)  # fmt: skip
def test_a_target_that_is_no_address_of_its_type_is_never_linked(type_, value):
    assert offer_href({"type": type_, "value": value}) == ""


@pytest.mark.parametrize(
    ("type_", "value", "href"),
    [
        ("https", "https://e.org/a?b=c#d", "https://e.org/a?b=c#d"),
        ("tel", "+44 20 7946 0000", "tel:+44 20 7946 0000"),
        ("mailto", "help@e.org", "mailto:help@e.org"),
        ("app", "vetted://screens/consultation", "vetted://screens/consultation"),
    ],
)
def test_a_target_of_its_type_is_linked(type_, value, href):
    assert offer_href({"type": type_, "value": value}) == href


@pytest.mark.django_db
def test_an_offer_that_leads_to_a_script_has_no_document(people):
    offer = make_offer(by=people.author)
    offer.target, offer.target_type = "javascript:alert(1)", "app"

    with pytest.raises(NotRepresentable, match="Correct its target"):
        render_component(offer)


def test_every_vector_reads_to_allowed_html_as_words_and_raw(shared):
    vectors = [*read_vectors(shared), *h5sc(shared / "data/security")]

    for text in vectors:
        words = require_allowed(to_html(read(f"<p>{escape(text)}</p>"), NOWHERE)).words
        assert "".join(words.split()) == "".join(text.split())
        try:
            raw = read(text)
        except NotRepresentable:
            continue
        require_allowed(to_html(raw, NOWHERE))

    assert len(vectors) > 800
