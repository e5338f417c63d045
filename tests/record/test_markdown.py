"""Rich text in Markdown reads as it does in HTML: the same words, emphasis, links, line breaks, headings and lists."""

# ruff: noqa: E501 - tables of texts and of what they become: one case a line reads better than a wrapped one

from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from articles.document.folding import folded
from articles.record.delivery.content.markdown import to_markdown
from articles.record.delivery.content.portable_text import Shown, Target, to_html

PARSER = MarkdownIt("commonmark")
MARKS = {"strong", "em", "sub", "sup"}
DEFINITIONS = [
    {"_key": "link", "_type": "link", "href": "https://e.org/a_(b)*c*?d=[1]&copy;=2&amp;x <y>#~`\\!"},
    {"_key": "article", "_type": "article", "article": "an-id"},
    {"_key": "gone", "_type": "article", "article": "withdrawn"},
    {"_key": "script", "_type": "link", "href": "javascript:alert(1)"},
    {"_key": "anchor", "_type": "anchor", "section": "s1"},
    {"_key": "citation", "_type": "citation", "citations": [{"reference": 1}, {"reference": 3}]},
    {"_key": "uncited", "_type": "citation", "citations": []},
]
CITED = "<sup>\\[[1](#reference-1), [3](#reference-3) **Retracted**\\]</sup>"
HREF = "https://e.org/a_%28b%29*c*?d=%5B1%5D&amp;copy;=2&amp;amp;x%20%3Cy%3E#~%60%5C!"  # of "link"
SHOWN = Shown("en", {"an-id": Target("https://example.org/articles/an-id/?a=1&lt;=2", "an-id")}, {3: "retracted"})


def block(*spans: tuple[str, ...], style: str = "normal", **item) -> dict:
    """A block of spans `(text, mark, …)`."""
    children = [{"_type": "span", "text": text, "marks": marks} for text, *marks in spans]
    return {"_type": "block", "style": style, "children": children, "markDefs": DEFINITIONS} | item


def bullet(text: str, level: int = 1) -> dict:
    return block((text,), listItem="bullet", level=level)


def number(text: str, level: int = 1) -> dict:
    return block((text,), listItem="number", level=level)


def written(*blocks: dict) -> str:
    return to_markdown(list(blocks), SHOWN)


def read(source: str) -> list[tuple]:
    """(block's path, character, marks, href) of each character, and of each block itself with the character ``."""
    return list(_blocks(html.fragment_fromstring(source, create_parent="div"), ()))


def _blocks(parent, path: tuple) -> Iterator[tuple]:
    """A paragraph inside an item is the item itself: Markdown shows it by spacing alone."""
    words = list(_words(parent, frozenset(), None)) if parent.tag != "div" else []
    yield from ((path, *word) for word in _folded(words))
    inside = [each for each in parent if each.tag in ("p", "h3", "h4", "ul", "ol", "li")]
    for at, each in enumerate(inside):
        here = (*path, each.tag, at)
        yield here, "", frozenset(), None
        yield from _blocks(each, here)


def _words(element, marks: frozenset, href: str | None) -> Iterator[tuple]:
    yield from ((sign, marks, href) for sign in element.text or "")
    for each in element:
        if each.tag == "br":
            yield "<br>", frozenset(), None
        elif each.tag == "a":
            yield from _words(each, marks, unquote(each.get("href")))
        elif each.tag in MARKS:
            yield from _words(each, marks | {each.tag}, href)
        yield from ((sign, marks, href) for sign in each.tail or "")


def _folded(words: list[tuple]) -> Iterator[tuple]:
    """Words as browsers show them: a run of spaces is one, there is none at the edge of a line, and nobody sees
    whether a space is bold. CommonMark keeps no space at the edge of a line, so it could not be compared otherwise."""
    before = "<br>"
    waiting = False
    for sign, marks, href in words:
        if sign in " \t\n\r\f":
            waiting = True
            continue
        if waiting and "<br>" not in (before, sign):
            yield " ", frozenset(), None
        yield (sign, frozenset(), None) if sign.isspace() else (sign, marks, href)
        before, waiting = sign, False


def require_same(*blocks: dict) -> None:
    markdown = written(*blocks)

    assert read(PARSER.render(markdown)) == read(to_html(list(blocks), SHOWN)), markdown


SIGNS = st.sampled_from(
    [
        *"ab19 \n\n\t\u00a0\u2003*_`~[]()<>!#+-=.:;&\\\"'/|{}^$%@,?é²°€≤—“”·١،",
        "😀",
        "𝔘",
        "\U00010100",
        "\u0301",
        "\u200d",
    ]
)
SNIPPETS = st.sampled_from(
    [
        "1. ", "12) ", "- ", "+ ", "* ", "# ", "> ", "===", "---", "```", "~~~", "    ", "\n\n", "&amp;", "&#35;", "&nbsp;", "<b>",
        "</em>", "<!-- ", "https://e.org", "<https://e.org>", "[a](b)", "![", "[a]: b", "**", "__", "***", "a*b*c", "5 mg", "words", " of ",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(SIGNS, SIGNS, SNIPPETS), min_size=1, max_size=6).map("".join)
STYLED = st.lists(st.sampled_from([*sorted(MARKS), "strong", "em", "blink"]), max_size=3, unique=True)
# As documents have them: a link in a link is words, and a citation comes last.
LINKED = st.sampled_from([[]] * 4 + [[made["_key"]] for made in DEFINITIONS])
SPANS = st.builds(lambda text, styles, link: (text, *styles, *link), TEXTS, STYLED, LINKED)
STYLES = st.sampled_from([{}, {}, {"style": "h3"}, {"style": "h4"}])
ITEMS = st.builds(
    lambda kind, level: {"listItem": kind, "level": level}, st.sampled_from(["bullet", "number"]), st.integers(1, 4)
)
BLOCKS = st.builds(
    lambda spans, how: block(*spans, **how), st.lists(SPANS, min_size=1, max_size=6), STYLES | ITEMS
).filter(lambda made: any(span["text"].strip() and "uncited" not in span["marks"] for span in made["children"]))
RICH_TEXT = st.lists(BLOCKS, min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(RICH_TEXT)
def test_any_rich_text_reads_the_same_in_markdown_and_in_html(blocks):
    require_same(*blocks)


@settings(max_examples=100, deadline=None)
@given(RICH_TEXT.map(folded))
def test_any_rich_text_of_a_document_reads_the_same_in_markdown_and_in_html(blocks):
    require_same(*blocks)


def require_written(markdown: str, *blocks: dict) -> None:
    assert written(*blocks) == markdown
    require_same(*blocks)


@pytest.mark.parametrize(
    ("spans", "markdown"),
    [
        ([("is",), (" very", "em"), (" good",)], "is *very* good"),
        ([("is ",), ("very ", "em"), ("good",)], "is *very* good"),
        ([("is",), (" very\u00a0", "strong"), ("good",)], "is **very**\u00a0good"),
        ([("is",), (" ", "em"), ("good",)], "is good"),
        ([("See",), (" this ", "anchor"), ("page",)], "See [this](#section-s1) page"),
        ([(" very ", "em")], "*very*"),
    ],
)
def test_emphasis_that_begins_or_ends_with_a_space_is_kept_without_it(spans, markdown):
    require_written(markdown, block(*spans))


@pytest.mark.parametrize(
    ("spans", "markdown"),
    [
        ([("both", "strong", "em")], "**_both_**"),
        ([("bold ", "strong"), ("both", "em", "strong"), (" bold", "strong")], "**bold *both* bold**"),
        ([("bold ", "strong"), ("both", "strong", "em")], "**bold _both_**"),
        ([("both", "strong", "em"), (" italic", "em")], "_**both** italic_"),
        ([("bold", "strong"), (" both", "strong", "em"), (" italic", "em")], "**bold _both_** *italic*"),
        ([("bold", "strong"), ("italic", "em")], "**bold**_italic_"),
        ([("one ", "link"), ("two", "link", "strong")], f"[one **two**]({HREF})"),
    ],
)
def test_emphasis_inside_and_beside_other_emphasis_is_kept(spans, markdown):
    require_written(markdown, block(*spans))


@pytest.mark.parametrize(
    ("spans", "markdown"),
    [
        ([("para",), ("ceta", "em"), ("mol",)], "para<em>ceta</em>mol"),
        ([("para", "strong"), ("cetamol",)], "<strong>para</strong>cetamol"),
        ([("a", "strong"), ("b", "strong", "em"), ("c", "em")], "<strong>a<em>b</em></strong>_c_"),
        ([("Stop:", "strong"), ("now",)], "<strong>Stop:</strong>now"),
        ([("“Stop”", "strong"), (".",)], "<strong>“Stop”</strong>."),
        ([("at ",), ("≥ 5", "strong"), (" mg",)], "at **≥ 5** mg"),
        ([("€",), ("5", "strong")], "€<strong>5</strong>"),
        ([("H",), ("2", "sub", "strong"), ("O",)], "H<sub>**2**</sub>O"),
    ],
)
def test_emphasis_where_asterisks_could_be_read_otherwise_is_a_tag(spans, markdown):
    require_written(markdown, block(*spans))


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("one\ntwo", "one\\\ntwo"),
        ("one \n two", "one\\\ntwo"),
        ("one\n\ntwo", "one\\\n\\\ntwo"),
        ("\none", "\\\none"),
        ("one\n", "one<br>"),
        ("one\\\ntwo\\", "one\\\\\\\ntwo\\\\"),
        ("one\n\u00a0two", "one\\\n&#160;two"),
    ],
)
def test_line_breaks_are_kept(text, markdown):
    require_written(markdown, block((text,)))


def test_a_line_break_inside_bold_words_or_a_heading_is_kept():
    require_written("**one\\\n\\- two**", block(("one\n- two", "strong")))
    require_written("### one<br>two", block(("one\ntwo",), style="h3"))


def test_lines_of_an_item_stand_below_each_other():
    require_written("- one\n  1. two\\\n     \\# three", bullet("one"), number("two\n# three", 2))


@pytest.mark.parametrize(
    ("spans", "markdown"),
    [
        ([("It helps",), ("[1, 3]", "citation"), (".",)], f"It helps{CITED}."),
        ([("[1, 3]", "strong", "link", "citation")], CITED),
        (
            [("It helps", "strong"), ("[1, 3]", "citation", "strong")],
            f"**It helps{CITED.replace(' **Retracted**', ' Retracted')}**",
        ),
        ([("It helps",), ("[]", "uncited"), (".",)], "It helps."),
    ],
)
def test_a_citation_keeps_its_numbers_and_their_links(spans, markdown):
    require_written(markdown, block(*spans))


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1. May", "1\\. May"), ("12) May", "12\\) May"), ("1.", "1\\."), ("1.5 mg", "1.5 mg"), ("In 1. May", "In 1. May"),
        ("- one", "\\- one"), ("+ one", "\\+ one"), ("* one", "\\* one"), ("---", "\\---"), ("===", "\\==="), ("# one", "\\# one"),
        ("> 5 mg", "\\> 5 mg"), ("```", "\\`\\`\\`"), ("~~~", "\\~\\~\\~"), ("    one", "one"), ("\tone", "one"),
        ("one\n===", "one\\\n\\==="), ("one\n1. two", "one\\\n1\\. two"), ("one\n    two", "one\\\ntwo"), ("[a]: b", "\\[a\\]: b"),
    ],
)  # fmt: skip
def test_a_line_that_looks_like_a_block_stays_words(text, markdown):
    require_written(markdown, block((text,)))


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("&amp; &#35; &nbsp;", "\\&amp; \\&#35; \\&nbsp;"), ("R&D; a & b", "R\\&D; a & b"), ("<b>x</b>", "\\<b>x\\</b>"),
        ("<https://e.org>", "\\<https://e.org>"), ("![a](b)", "!\\[a\\](b)"), ("[a][b]", "\\[a\\]\\[b\\]"), ("*a* __b__", "\\*a\\* \\_\\_b\\_\\_"),
        ("`a`", "\\`a\\`"), ("\\*", "\\\\\\*"), ("end\\", "end\\\\"), ("5\u00a0mg", "5\u00a0mg"), ("\u00a05 mg\u2003", "&#160;5 mg&#8195;"),
        ("<!-- a", "\\<!-- a"),
    ],
)  # fmt: skip
def test_words_that_look_like_marks_stay_words(text, markdown):
    require_written(markdown, block((text,)))


def test_an_entity_that_two_spans_make_together_stays_words():
    require_written("\\&amp;", block(("&am",), ("", "strong"), ("p;", "blink")))


def test_an_exclamation_mark_before_a_link_makes_no_picture_of_it():
    require_written("Stop\\![here](#section-s1)", block(("Stop!",), ("here", "anchor")))


@pytest.mark.parametrize("mark", [made["_key"] for made in DEFINITIONS])
def test_a_mark_leads_where_it_leads_in_html(mark):
    require_same(block(("See ",), ("*this* [page]", mark), ("(now).",)))


@pytest.mark.parametrize(
    "href",
    ["https://e.org/a_(b", "https://e.org/a b", "https://e.org/[a]<b>", "mailto:a@e.org", "https://e.org/?a&lt;=\\"],
)
def test_an_address_ends_where_it_ends(href):
    require_same(block(("this", "m0")) | {"markDefs": [{"_key": "m0", "_type": "link", "href": href}]})


@pytest.mark.parametrize(
    ("blocks", "markdown"),
    [
        ([bullet("a"), bullet("b", 2), number("c", 2), number("d", 3), bullet("e")], "- a\n  - b\n  1. c\n     1. d\n- e"),
        ([number("a"), number("b"), bullet("c", 2), number("d")], "1. a\n2. b\n   - c\n3. d"),
        ([bullet("a"), number("b"), bullet("c")], "- a\n1. b\n- c"),
        ([bullet("a", 3), bullet("b", 2), bullet("c", 9)], "- a\n  - b\n    - c"),
        ([block(("a",)), number("b"), block(("c",)), number("d")], "a\n\n1. b\n\nc\n\n1. d"),
        ([*[number("a")] * 10, bullet("b", 2), number("c", 3)], "\n".join(f"{at}. a" for at in range(1, 11)) + "\n    - b\n      1. c"),
        ([bullet("a"), bullet("", 2), bullet("b", 3), number("- c", 2)], "- a\n  - <!-- -->\n    - b\n  1. \\- c"),
    ],
)  # fmt: skip
def test_lists_in_and_after_lists_are_kept(blocks, markdown):
    require_written(markdown, *blocks)


@pytest.mark.parametrize(
    ("text", "style", "markdown"),
    [
        ("Doses", "h3", "### Doses"),
        ("Doses", "h4", "#### Doses"),
        ("1. Doses", "h3", "### 1. Doses"),
        ("Room #", "h3", "### Room \\#"),
        ("# Room ##", "h4", "#### # Room #\\#"),
        ("", "h3", "###"),
    ],
)
def test_headings_are_kept(text, style, markdown):
    require_written(markdown, block((text,), style=style))


@pytest.mark.parametrize("text", ["", " ", "\n", "\u00a0"])
def test_an_empty_paragraph_parts_two_lists_and_says_nothing(text):
    markdown = written(bullet("a"), block((text, "strong")), bullet("b"))

    assert markdown == "- a\n\n<!-- -->\n\n- b"
    assert PARSER.render(markdown).count("<ul>") == 2


def test_an_item_without_a_level_is_of_the_outermost_list():
    require_written("- a\n- b", bullet("a"), block(("b",), listItem="bullet"))


def test_a_link_inside_a_link_leads_where_the_inner_one_leads():
    assert written(block(("here", "anchor", "article"))) == "[here](#section-s1)"


def test_no_blocks_are_no_text():
    assert written() == ""
