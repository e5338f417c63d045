"""A statement names all texts of its session with their notes: nobody gets it before all of them are published."""

import json

import pytest

from articles.record.models import Edition, SignOff
from tests.authenticator import enroll, sign_with
from tests.factories import edit
from tests.record.tamper import drop_triggers
from tests.review.test_signing_sessions import change, session, sign
from tests.tasks import run_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(people):
    """Two published articles whose changes wait for the clinician."""
    return [change(people, more=f"Article {at} is about scalps.") for at in range(2)]


@pytest.fixture
def signed(people, lead, pages):
    """signed(before) signs both in one session with a passkey, calls `before`, and lets the worker publish."""

    def make(before) -> SignOff:
        device = enroll(people.reviewer, lead)
        token, found = session(people.reviewer)
        sign_with(device, lambda gave: sign(people.reviewer, token, found, gave), people.reviewer)
        before()
        run_all()
        return SignOff.objects.filter(method="passkey").latest("event")

    return make


def shown(client, page) -> dict:
    """The clinician's sign-off of the second edition, as the API tells it."""
    answer = client.get(f"/api/v1/articles/{page.article_id}/editions/2/").json()
    return next(row for row in answer["sign_offs"] if row["role"] == "medical")


def test_a_statement_and_its_proof_are_public_once_all_its_texts_are(client, pages, signed):
    row = signed(lambda: None)

    assert len(json.loads(row.statement)["items"]) == 2
    for page in pages:
        told = shown(client, page)
        assert (told["statement"], told["proof"]) == (row.statement, row.proof)


def test_one_text_that_is_not_published_keeps_the_statement_of_all_others_back(client, people, pages, signed):
    other = pages[1]
    row = signed(lambda: edit(other, by=people.author, summary="Changed after it was signed."))
    assert Edition.objects.filter(subject=other.article_id).count() == 1
    hidden = next(item for item in json.loads(row.statement)["items"] if item["subject"] == str(other.article_id))

    told = shown(client, pages[0])

    assert (told["statement"], told["proof"]) == (None, None)
    own = SignOff.objects.get(statement=row.statement, subject=pages[0].article_id)
    assert (told["method"], told["event"]) == ("passkey", own.event)
    answers = [
        client.get(f"/api/v1/articles/{pages[0].article_id}/{rest}") for rest in ("", "editions/", "editions/2/")
    ]
    assert not any(hidden["digest"] in answer.content.decode() for answer in answers)


def test_a_text_that_was_published_with_another_note_keeps_the_signed_one_back(client, pages, signed):
    """Its digest is published, and the note that the clinician signed with it is not."""
    signed(lambda: None)
    drop_triggers()
    Edition.objects.filter(subject=pages[1].article_id, number=2).update(change_note="Another note.")

    assert shown(client, pages[0])["statement"] is None
