"""The digest decides: whatever differs in the medical part, one comma included, needs a clinician's signature."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.errors import BlockedByFindings, NotSignedOff
from articles.publishing.publish import publish_article
from articles.record.models import Edition
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.signing import signatures
from articles.sources.models import Source
from tests.factories import complete_body, edit, make_article, make_source, sign_as
from tests.hands import fresh

TITLE = "Scalp inflammation, 10 facts"
SUMMARY = "Take 1.0 mg a day, not more, if your clinician agrees."
CODES = [{"type": "code", "value": {"system": "icd-10-cm", "code": "L65.9", "display": "Hair loss"}}]

Fields = dict[str, Any]
at = st.integers(0, 200)


def comma(text: str, place: int) -> str:
    """With one comma more after some word, or one less."""
    words = text.split(" ")
    place %= len(words) - 1
    word = words[place]
    words[place] = word[:-1] if word.endswith(",") else f"{word},"
    return " ".join(words)


def digit(text: str, place: int) -> str:
    """With another digit in the place of one."""
    places = [index for index, sign in enumerate(text) if sign.isdigit()]
    index = places[place % len(places)]
    return f"{text[:index]}{(int(text[index]) + 1) % 10}{text[index + 1 :]}"


def sections(change: Callable[[list[dict[str, Any]]], Any]) -> Callable[[Fields], Fields]:
    """`change` alters the stored blocks in place."""

    def make(body: list[dict[str, Any]]) -> Fields:
        change(body)
        return {"body": body}

    return lambda content: make(json.loads(content["body"]))


def first_sentence(change: Callable[[str], str]) -> Callable[[Fields], Fields]:
    return sections(lambda body: body[0]["value"].update(text=change(body[0]["value"]["text"])))


def codes(**said: str) -> Callable[[Fields], Fields]:
    return lambda content: {"codes": json.dumps([{**CODES[0], "value": CODES[0]["value"] | said}])}


changes = st.one_of(
    st.builds(lambda place: lambda content: {"title": comma(content["title"], place)}, at),
    st.builds(lambda place: lambda content: {"title": digit(content["title"], place)}, at),
    st.builds(lambda place: lambda content: {"summary": comma(content["summary"], place)}, at),
    st.builds(lambda place: lambda content: {"summary": digit(content["summary"], place)}, at),
    st.builds(lambda said: lambda content: {"summary": said}, st.text("abc .", min_size=1).filter(str.strip)),
    st.builds(lambda place: first_sentence(lambda text: comma(text, place)), at),
    st.just(first_sentence(lambda text: text.replace("<b>common</b>", "common"))),
    st.just(first_sentence(lambda text: text.replace("common", "not common"))),
    st.just(sections(lambda body: body[2]["value"]["findings"][0]["value"].update(sample_size=120))),
    st.just(sections(lambda body: body[3]["value"]["effects"][0]["value"].update(frequency="rare"))),
    st.builds(lambda place: sections(lambda body: body.pop(place % (len(body) - 1))), at),
    st.builds(lambda place: sections(lambda body: body.insert(0, body.pop(1 + place % (len(body) - 2)))), at),
    st.sampled_from([codes(code="L65.8"), codes(display="Loss of hair"), codes(system="mesh")]),
    st.sampled_from(["treatment", "medicine"]).map(lambda kind: lambda content: {"article_type": kind}),
    st.just(lambda content: {"audience": "clinician"}),
    st.just(lambda content: {"sponsorship": "A maker of shampoo."}),
)
references = st.sampled_from(
    [
        {"title": "A study of scalps, and more"},
        {"issued": "2023"},
        {"doi": "10.1000/182"},
        {"pages": "7-8"},
        {"authors": "Doe, John"},
        {"design": "case-report"},
    ]
)


@pytest.fixture
def page(people, publish):
    body = complete_body(make_source())
    told = {"title": TITLE, "summary": SUMMARY, "codes": json.dumps(CODES), "search_description": "What helps."}
    return publish(make_article(by=people.author, body=body, seo_title="For search engines", **told))


def require_a_clinician(page, people) -> None:
    """Editors sign all that editors can: publishing is refused, and names the clinician's signature."""
    before = Edition.objects.filter(subject=page.article_id).latest("number")
    review = load(fresh(page))
    assert review.digests["medical"] != before.digests["medical"]
    for part in signatures.parts_to_sign(review, Role.EDITOR):
        with suppress(BlockedByFindings):  # a section that is gone may be one that an article must have
            sign_as(page, people.editor, Role.EDITOR, part)

    with pytest.raises(NotSignedOff) as refused:
        publish_article(page=fresh(page), by=people.editor)

    assert "medical reviewer on the medical part" in refused.value.missing
    assert Edition.objects.filter(subject=page.article_id).latest("number") == before


def one(act: Callable[[], None]) -> None:
    """Each example begins with the published page."""
    with transaction.atomic():
        act()
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(change=changes, is_editorial=st.booleans())
def test_any_other_medical_part_needs_a_clinician_whatever_its_author_calls_it(page, people, change, is_editorial):
    def act() -> None:
        said = {"change_note": "" if is_editorial else "Another text.", "is_editorial": is_editorial}
        content = fresh(page).get_latest_revision().content
        edit(page, by=people.author, **(change(content) | said))
        require_a_clinician(page, people)

    one(act)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(fields=references, is_editorial=st.booleans())
def test_another_reference_needs_a_clinician_as_a_word_does(page, people, fields, is_editorial):
    def act() -> None:
        source = Source.objects.get()
        for name, value in fields.items():
            setattr(source, name, value)
        source.save()
        note = "" if is_editorial else "Mends a reference."
        edit(page, by=people.author, change_note=note, is_editorial=is_editorial)
        require_a_clinician(page, people)

    one(act)
