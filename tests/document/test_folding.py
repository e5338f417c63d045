"""White space asks nobody for a signature, and no word joins or parts by it."""

import copy
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.document.documents import make_document
from articles.document.folding import fold_text, folded
from articles.document.portable_text import to_portable_text

# Few letters, so that texts that are nearly the same come up; every kind of space.
LETTERS = st.text(st.sampled_from("ab10²é.\n\u00a0\u202f  \t\r"), max_size=12)
MARKS = st.lists(st.sampled_from(["strong", "em", "m0", "m1"]), max_size=2, unique=True)
SPANS = st.builds(lambda text, marks: {"_type": "span", "text": text, "marks": marks}, LETTERS, MARKS)
DEFINITIONS = [
    {"_key": "m0", "_type": "link", "href": "https://example.org/a  b"},
    {"_key": "m1", "_type": "article", "article": "an-id"},
]
BLOCKS = st.lists(SPANS, max_size=5).map(
    lambda spans: {"_type": "block", "style": "normal", "children": spans, "markDefs": DEFINITIONS}
)


def digest(**said) -> str:
    return make_document("disclaimer", said).digest


def text_of(block: dict) -> str:
    return "".join(span["text"] for span in block["children"])


def marked(block: dict) -> list[tuple]:
    """Each character but spaces with what its marks mean, and whether a space stands before it."""
    meaning = {made["_key"]: tuple(sorted(made.items())[1:]) for made in block["markDefs"]}
    found: list[tuple] = []
    is_parted = False
    for span in block["children"]:
        for sign in span["text"]:
            if sign == " ":
                is_parted = bool(found)
            else:
                found.append((sign, tuple(meaning.get(mark, mark) for mark in span["marks"]), is_parted))
                is_parted = False
    return found


@given(LETTERS)
def test_the_words_of_a_text_stay_the_same(text):
    assert fold_text(text).split() == text.split()


@given(BLOCKS)
def test_the_words_of_rich_text_stay_the_same(block):
    assert text_of(folded(block)).split() == text_of(block).split()


@given(LETTERS | BLOCKS)
def test_folding_twice_is_folding_once(value):
    assert folded(folded(value)) == folded(value)


@given(BLOCKS)
def test_folding_changes_nothing_that_it_is_given(block):
    before = copy.deepcopy(block)

    folded(block)

    assert block == before


@given(LETTERS, LETTERS)
def test_texts_have_one_digest_exactly_if_they_differ_by_white_space_that_folds(one, other):
    def as_read(text: str) -> list[str]:
        text = unicodedata.normalize("NFC", re.sub("\r\n?", "\n", text).replace("\t", " "))
        return [word for word in text.split(" ") if word]

    assert (digest(label=one) == digest(label=other)) == (as_read(one) == as_read(other))


@given(LETTERS, st.data())
def test_more_spaces_where_a_space_is_change_no_digest(text, data):
    spaced = re.sub(" ", lambda found: " " * data.draw(st.integers(1, 3)), f" {text} ")

    assert digest(label=spaced) == digest(label=text)


@given(BLOCKS, BLOCKS)
def test_rich_texts_have_one_digest_exactly_if_the_same_words_bear_the_same_marks(one, other):
    same = marked(one) == marked(other)

    assert (digest(text=[one]) == digest(text=[other])) == same


@given(st.lists(SPANS, min_size=1, max_size=4), st.data())
def test_spaces_beside_a_space_change_no_digest_of_rich_text(spans, data):
    block = {"_type": "block", "style": "normal", "children": spans, "markDefs": DEFINITIONS}
    other = copy.deepcopy(block)
    for span in other["children"]:
        span["text"] = re.sub(" ", lambda found: " " * data.draw(st.integers(1, 3)), span["text"])
    other["children"][0]["text"] = " " + other["children"][0]["text"]
    other["children"].append({"_type": "span", "text": "  ", "marks": ["strong"]})

    assert digest(text=[block]) == digest(text=[other])


@pytest.mark.parametrize(
    "html",
    [
        "<p>Take <b>two</b> a day</p>",
        "<p> Take  <b>two</b> a day </p>",
        "<p>Take<b> two </b>a day</p>",
        "<p>Take <b>two </b> a<i> </i>day</p>",
        '<p>Take <b>two</b> a<a href="https://example.org"> </a>day</p>',
    ],
)
def test_where_an_editor_put_the_space_is_the_same_text(html):
    blocks = folded(to_portable_text(html, cite=lambda key: None, articles={}))

    [block] = blocks
    assert [(span["text"], span["marks"]) for span in block["children"]] == [
        ("Take ", []),
        ("two", ["strong"]),
        (" a day", []),
    ]
    assert block["markDefs"] == []


def test_a_space_inside_bold_words_stays_bold():
    [block] = folded(to_portable_text("<p><b>not  now</b></p>", cite=lambda key: None, articles={}))

    assert [(span["text"], span["marks"]) for span in block["children"]] == [("not now", ["strong"])]


@pytest.mark.parametrize("key", ["href", "quote", "csl", "code", "id", "source_id", "url", "doi", "pmid", "value"])
def test_words_of_others_and_identifiers_are_kept_to_the_letter(key):
    kept = {key: " a  b\t"}

    assert folded({"a": [kept]}) == {"a": [kept]}


@pytest.mark.parametrize("sign", ["\n", "\u00a0", "\u202f"])
def test_breaks_and_spaces_set_on_purpose_stay(sign):
    assert fold_text(f"5{sign}{sign}mg{sign}") == f"5{sign}{sign}mg{sign}"
