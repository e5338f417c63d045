"""Addresses whose meaning is certain are completed when a text is saved; all else stays as it was typed."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.authoring.rich_text.addresses import complete_addresses
from tests.factories import block, make_article, make_disclaimer, make_user

TAG = re.compile(r"<[^<>]*>")
COMPLETED = {
    '<a href="www.example.org">us</a>': '<a href="https://www.example.org">us</a>',
    '<a href="WWW.example.org/a?b=1&amp;c=2">us</a>': '<a href="https://WWW.example.org/a?b=1&amp;c=2">us</a>',
    '<a href="//example.org/a">us</a>': '<a href="https://example.org/a">us</a>',
    '<a class="x" href=" www.example.org">us</a>': '<a class="x" href="https://www.example.org">us</a>',
}
KEPT = [
    '<a href="https://www.example.org">us</a>',
    '<a href="example.org">us</a>',
    '<a href="/www.example.org">us</a>',
    '<a href="///etc">us</a>',
    '<a href="#www.">us</a>',
    '<a href="www.">us</a>',
    '<a data-href="www.example.org">us</a>',
    '<p>Write href="www.example.org" here.</p>',
]


@pytest.mark.parametrize(("html", "completed"), COMPLETED.items())
def test_an_address_whose_meaning_is_certain_is_completed(html, completed):
    assert complete_addresses(html) == completed
    assert complete_addresses(completed) == completed


@pytest.mark.parametrize("html", KEPT)
def test_any_other_address_stays_as_it_is(html):
    assert complete_addresses(html) == html


PIECES = st.sampled_from(["<a", ' href="', "www.a", "//a", '"', ">", "us", "</a>", " ", "<p>"])


@given(st.lists(PIECES, max_size=12).map("".join))
def test_no_word_outside_of_an_address_changes(html):
    assert TAG.sub("", complete_addresses(html)) == TAG.sub("", html)


@pytest.mark.parametrize("repeated", ["<a ", '<a href="', ' href="', '<a href=" " ', 'a href="www.', "www."])
def test_a_very_long_text_is_completed_in_time(repeated):
    begun = time.monotonic()

    complete_addresses("<a" + repeated * 100_000)

    assert time.monotonic() - begun < 2


@pytest.mark.django_db
def test_an_article_and_a_disclaimer_are_completed_when_they_are_saved_in_their_rich_texts_alone():
    link, whole = '<p><a href="www.example.org">us</a></p>', '<p><a href="https://www.example.org">us</a></p>'
    body = [
        block("introduction", text=link),
        block("faq", items=[{"question": link, "answer": link}]),
        block("causes", items=[{"name": "Yeast", "text": link, "citations": []}]),
    ]

    page = make_article(by=make_user("author", "Authors"), body=body, summary=link)

    saved = page.get_latest_revision_as_object()
    assert saved.body[0].value["text"].source == whole
    assert saved.body[1].value["items"][0]["answer"].source == whole
    assert (saved.body[1].value["items"][0]["question"], saved.body[2].value["items"][0]["text"]) == (link, link)
    assert saved.summary == link
    assert make_disclaimer(text=link).text == whole
