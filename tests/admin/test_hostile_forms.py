"""The admin's forms under bad input: an error on the form or the words saved whole; never a 500, never half."""

# ruff: noqa: E501 - tables of hostile strings: one case a line reads better than a wrapped one

import json
import time

import pytest
from django.urls import reverse
from wagtail.models import Revision
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.authoring.models import ArticlePage
from tests.admin.conftest import edit_form
from tests.factories import make_article

SECONDS = 30  # generous: CI shares its cores; what is quadratic takes minutes


@pytest.fixture
def page(people):
    return make_article(by=people.author, body=[])


@pytest.fixture
def save(client, people, page):
    """save(form) posts the edit form as its author; gives the answer. A 500 would raise here."""
    client.raise_request_exception = False
    client.force_login(people.author)

    def post(form: dict):
        started = time.perf_counter()
        answer = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form)
        assert time.perf_counter() - started < SECONDS
        return answer

    return post


def text_of(page) -> list[str]:
    return [
        block.value["text"].source for block in ArticlePage.objects.get(pk=page.pk).get_latest_revision_as_object().body
    ]


def prose(text: str, heading: str = "H") -> tuple[str, dict]:
    return "prose", {"heading": heading, "text": text, "aspect": "other"}


def content_state(**block) -> str:
    base = {"key": "a", "text": "x", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    return json.dumps({"blocks": [base | block], "entityMap": {}})


def test_sixty_sections_are_saved_whole(save, page):
    answer = save(edit_form(page, body=streamfield([prose(rich_text(f"<p>w{n}</p>")) for n in range(60)])))

    assert answer.status_code == 302
    assert len(text_of(page)) == 60


def test_one_section_more_is_an_error_on_the_form_and_nothing_is_saved(save, page):
    before = Revision.objects.count()

    answer = save(edit_form(page, body=streamfield([prose(rich_text(f"<p>w{n}</p>")) for n in range(61)])))

    assert answer.status_code == 200
    assert "The maximum number of items is 60" in answer.content.decode()
    assert Revision.objects.count() == before


def test_a_megabyte_of_pasted_text_is_saved_whole(save, page):
    words = "word " * 200_000

    assert save(edit_form(page, body=streamfield([prose(content_state(text=words))]))).status_code == 302
    assert text_of(page)[0].count("word") == 200_000


def test_pasted_markup_is_words(save, page):
    pasted = "<div>" * 50_000 + "<script>alert(1)</script>"

    assert save(edit_form(page, body=streamfield([prose(content_state(text=pasted))]))).status_code == 302
    assert "<div>" not in text_of(page)[0] and text_of(page)[0].count("&lt;div&gt;") == 50_000


def test_more_than_the_server_takes_is_told_and_nothing_is_saved(save, page):
    before = Revision.objects.count()

    answer = save(edit_form(page, body=streamfield([prose(content_state(text="word " * 600_000))])))

    assert answer.status_code == 400
    assert "Nothing was saved" in answer.content.decode() and "2.5 MB" in answer.content.decode()
    assert Revision.objects.count() == before


def test_too_many_fields_are_told_and_nothing_is_saved(save, page):
    before = Revision.objects.count()

    answer = save(edit_form(page) | {f"body-{n}-value-heading": "x" for n in range(25_000)})

    assert answer.status_code == 400
    assert Revision.objects.count() == before


def test_five_thousand_unknown_fields_change_nothing(save, page):
    assert save(edit_form(page) | {f"x-{n}": "y" for n in range(5_000)}).status_code == 302


HOSTILE_STATES = {
    "no-json": "{", "empty": "", "null": "null", "list": "[]", "number": "1", "text": '"x"', "deep": "[" * 100_000, "deep-object": '{"a":' * 100_000,
    "no-blocks": "{}", "blocks-null": '{"blocks": null, "entityMap": {}}', "block-null": '{"blocks": [null], "entityMap": {}}',
    "unknown-block": content_state(type="evil"), "unknown-style": content_state(inlineStyleRanges=[{"offset": 0, "length": 1, "style": "EVIL"}]),
    "range-beyond": content_state(inlineStyleRanges=[{"offset": 900, "length": 9000, "style": "BOLD"}]),
    "range-negative": content_state(inlineStyleRanges=[{"offset": -5, "length": -9, "style": "BOLD"}]),
    "no-entity": content_state(entityRanges=[{"offset": 0, "length": 1, "key": 7}]), "deep-list": content_state(type="unordered-list-item", depth=5000),
    "depth-text": content_state(type="unordered-list-item", depth="x"), "lone-surrogate": '{"blocks": [{"key":"a","text":"x\\ud800y","type":"unstyled","depth":0,"inlineStyleRanges":[],"entityRanges":[]}],"entityMap":{}}',
    "nul": content_state(text="a\x00b"), "overlapping": content_state(text="abcdef", inlineStyleRanges=[{"offset": 0, "length": 4, "style": "BOLD"}, {"offset": 2, "length": 4, "style": "ITALIC"}]),
    "script-link": json.dumps({"blocks": [{"key": "a", "text": "x", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": [{"offset": 0, "length": 1, "key": 0}]}], "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}}}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_STATES)
def test_rich_text_that_no_editor_sends_is_an_error_or_saved(save, page, name):
    before = Revision.objects.count()

    answer = save(edit_form(page, body=streamfield([prose(HOSTILE_STATES[name])])))

    assert answer.status_code in (200, 302, 400)
    assert (Revision.objects.count() > before) == (answer.status_code == 302)
    assert "javascript:" not in "".join(text_of(page))


@pytest.mark.parametrize("field", ["title", "summary", "sponsorship", "change_note", "seo_title", "hero_alt", "slug"])
@pytest.mark.parametrize("text", ["a\x00b", "x" * 100_000], ids=["nul", "long"])
def test_a_text_that_cannot_be_kept_is_an_error_or_kept_readable(save, page, field, text):
    form = edit_form(page) | {field: text}

    answer = save(form)

    assert answer.status_code in (200, 302)
    assert ArticlePage.objects.get(pk=page.pk).title


@pytest.mark.parametrize(
    "wrong",
    [
        {"body-count": "-1"}, {"topics-TOTAL_FORMS": "x"}, {"topics-TOTAL_FORMS": "9" * 25},
        {"audience": "everybody"}, {"article_type": "\x00"}, {"body-count": "1", "body-0-type": "evil", "body-0-deleted": "", "body-0-order": "0"},
    ],
)  # fmt: skip
def test_a_form_that_no_browser_sends_is_an_error(save, page, wrong):
    before = Revision.objects.count()

    answer = save(edit_form(page) | wrong)

    assert answer.status_code in (200, 302, 400)
    assert (Revision.objects.count() > before) == (answer.status_code == 302)


def test_stored_markup_that_does_not_match_is_shown_as_text_and_the_page_opens(client, people):
    page = make_article(by=people.author)
    revision = page.get_latest_revision()
    body = json.loads(revision.content["body"])
    body[0]["value"]["text"] = "<p><b>Precious <script>words</b></script></p>"
    Revision.objects.filter(pk=revision.pk).update(content=revision.content | {"body": json.dumps(body)})
    client.force_login(people.author)

    answer = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    assert answer.status_code == 200
    assert "Precious" in answer.content.decode()
