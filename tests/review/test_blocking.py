"""A blocking finding that readers have already stops no signature; one that is new stops every one."""

import re

import pytest

from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.errors import BlockedByFindings
from articles.publishing import reaffirm
from articles.publishing.recall import returning
from articles.publishing.withdraw import withdraw
from articles.record.vocabulary import Role
from articles.review import blocking
from articles.review.models import Mail
from articles.review.opening import load, load_current
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_article, make_clinician, make_on_call, publish_at_once, sign_as
from tests.hands import fresh
from tests.pipeline.reading import stored

pytestmark = pytest.mark.django_db


def no_promising(draft):
    """A check of tomorrow. Source: this test."""
    for section in draft.sections:
        if found := re.search(r"Promising[^.<]*", str(section.value)):
            message = f"Do not write “{found[0]}” in section {section.index}."
            yield Finding(Severity.BLOCKING, f"body/{section.id}/text", message)


@pytest.fixture
def newer(published, monkeypatch):
    """An article that was published before a check came that has a blocking finding in it."""
    monkeypatch.setattr(engine, "CHECKS", (*engine.CHECKS, no_promising))
    assert len(engine.blocking(load(published).draft)) == 1
    return published


def mended(page, people, **fields):
    page = edit(page, by=people.author, change_note="Clearer.", **({"summary": "Another text."} | fields))
    submit(page=fresh(page), by=people.author)
    return page


@pytest.mark.parametrize("scope", ["whole", "changes"])
def test_it_stops_no_signature_on_a_mend_of_something_else(newer, people, scope):
    page = mended(newer, people)

    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope=scope)

    assert stored(page)["edition"]["number"] == 2
    assert blocking.new(load(fresh(page))) == []


def test_the_owner_hears_of_it_when_the_mend_is_published(newer, people):
    people.author.email = "author@example.org"
    people.author.save()
    page = mended(newer, people)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL)

    letter = Mail.objects.filter(kind="published", user=people.author).order_by("pk").last()
    assert "What follows was in the text already" in letter.text
    assert f"- {blocking.of_edition(load(fresh(page)).base)[0].message}" in letter.text


def test_it_stops_no_second_review(newer, people):
    review = load_current(newer)
    given = {"page": newer, "role": "medical", "password": PASSWORD, "given": checklist.confirmed()}

    reaffirm.reaffirm(
        user=make_clinician("second", name="Dr Second"), shown={"medical": review.digests["medical"]}, **given
    )

    assert stored(newer)["review"]["reviewed_by"][-1]["name"] == "Dr Second"


def test_it_stops_no_emergency(newer, people):
    page = edit(newer, by=people.author, summary="Do not use batch 7.", change_note="A recall.")

    publish_at_once(page, make_on_call(), reason="A recall.")

    assert stored(page)["review"]["status"] == "emergency"


def test_it_stops_no_return(newer, people):
    withdraw(page=newer, reason="other", by=people.editor)
    token = returning.page_token(people.reviewer, returning.candidates([fresh(newer)], people.reviewer))

    returning.return_unchanged(user=people.reviewer, token=token, ticked=[str(newer.article_id)], password=PASSWORD)

    assert stored(newer)["edition"]["number"] == 1


def test_one_more_of_its_kind_is_new(newer, people):
    rows = fresh(newer).get_latest_revision_as_object().body.raw_data
    text = next(row for row in rows if row["type"] == "introduction")
    text["value"]["text"] = "<p>Promising, too.</p>"

    with pytest.raises(BlockedByFindings, match="Do not write “Promising, too” in section 0"):
        mended(newer, people, body=list(rows))


def test_other_words_at_the_same_place_are_new(newer, people):
    """Else what a check finds could be made worse where it found something."""
    rows = fresh(newer).get_latest_revision_as_object().body.raw_data
    text = next(row for row in rows if "Promising" in str(row["value"]))
    text["value"]["text"] = "<p>Promising a cure for everybody.</p>"

    with pytest.raises(BlockedByFindings, match="Promising a cure for everybody"):
        mended(newer, people, body=list(rows))


def test_of_a_text_that_was_never_published_all_are_new(people, monkeypatch):
    page = make_article(by=people.author)
    monkeypatch.setattr(engine, "CHECKS", (*engine.CHECKS, no_promising))

    with pytest.raises(BlockedByFindings):
        submit(page=page, by=people.author)


def test_where_the_revision_of_the_edition_is_gone_nothing_is_known(newer, people):
    page = edit(newer, by=people.author, summary="Another text.", change_note="Clearer.")
    page.revisions.exclude(pk=page.latest_revision_id).delete()

    with pytest.raises(BlockedByFindings):
        submit(page=fresh(page), by=people.author)
