"""The statement that a sign-off stores: canonical, complete, and never the same twice."""

import json

import pytest

from articles.record.canonical import canonical_bytes
from articles.record.events import instant
from articles.record.models import Edition, SignOff
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.factories import edit, make_article, sign_and_publish, sign_as

pytestmark = pytest.mark.django_db


def statement_of(row: SignOff) -> dict:
    return json.loads(row.statement)


@pytest.fixture
def signed(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return list(SignOff.objects.filter(subject=page.article_id).order_by("event"))


def test_one_signature_on_two_parts_is_one_statement_with_both(signed):
    medical, presentation = signed

    assert medical.statement == presentation.statement
    items = [(item["subject"], item["part"], item["digest"]) for item in statement_of(medical)["items"]]
    assert items == [(str(row.subject), row.part, row.digest) for row in signed]


def test_a_statement_is_canonical_and_says_what_the_row_says(signed, people):
    row = signed[0]
    said = statement_of(row)

    assert canonical_bytes(said).decode() == row.statement
    assert said["v"] == "vetted-signoff/1"
    assert (said["role"], said["scope"], said["meaning"]) == ("editor", "whole", row.meaning)
    assert (said["name"], said["at"]) == (row.name, instant(row.signed_at))
    assert row.method == "password"


def test_a_clinicians_statement_names_the_registration(people):
    people.reviewer.person.registration_body, people.reviewer.person.registration_number = "GMC", "1234567"
    people.reviewer.person.save()
    page = make_article(by=people.author)

    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)

    row = SignOff.objects.get(subject=page.article_id, role=Role.MEDICAL)
    assert statement_of(row)["registration"] == "GMC 1234567"


def test_a_signature_on_the_changes_names_the_digest_that_it_was_compared_with_and_what_readers_are_told(people):
    page = make_article(by=people.author)
    sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
    first = Edition.objects.get(subject=page.article_id)
    page = edit(page, by=people.author, summary="Another summary.")
    submit(page=page, by=people.author)

    sign_as(page, people.reviewer, Role.MEDICAL, "medical", scope="changes")

    row = SignOff.objects.filter(subject=page.article_id, scope="changes").get()
    (item,) = statement_of(row)["items"]
    assert item["from"] == first.digests["medical"]
    assert item["change"]["note"] == page.get_latest_revision_as_object().change_note


def test_no_two_statements_are_equal(signed, people):
    other = make_article(by=people.author)
    sign_as(other, people.editor, Role.EDITOR)

    nonces = {statement_of(row)["nonce"] for row in SignOff.objects.all()}
    assert len(nonces) == 2
    assert all(len(nonce) == 22 for nonce in nonces)
