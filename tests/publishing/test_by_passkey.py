"""Each act that signs is done with a passkey as with a password: one statement, proved by one answer of the device."""

import json

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from articles.errors import NotAuthenticated
from articles.publishing import notices
from articles.publishing.emergency import publish_in_emergency
from articles.publishing.reaffirm import reaffirm
from articles.publishing.recall import returning
from articles.publishing.session import signing as sessions
from articles.publishing.withdraw import withdraw
from articles.record.keys import proofs
from articles.record.ledger.verify import verify
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load, load_current
from articles.review.signing import checklist
from articles.review.signing.authentication import Answer
from articles.review.submit import submit
from cms.models import User
from tests.authenticator import enroll, sign_with
from tests.factories import edit, make_on_call, sign_as
from tests.hands import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(db):
    """A clinician who may do all that clinicians sign; as an editor, also withdraw."""
    user = make_on_call()
    user.groups.add(Group.objects.get(name="Editors"))
    return User.objects.get(pk=user.pk)


def change(page, people):
    page = edit(fresh(page), by=people.author, summary="A new summary.", change_note="A new summary.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return fresh(page)


def in_a_session(page, user, people):
    change(page, people)
    texts, _ = sessions.waiting_for(user, Role.MEDICAL)
    token = sessions.token_of(user, Role.MEDICAL, (text.shown for text in texts))
    ticked = {each.key for text in texts for each in text.told}
    return lambda password: sessions.sign_several(user=user, token=token, ticked=ticked, password=password)


def as_a_return(page, user, people):
    withdraw(page=page, reason="other", by=people.editor)
    token = returning.page_token(user, returning.candidates([fresh(page)], user))
    ticked = [str(page.article_id)]
    return lambda password: returning.return_unchanged(user=user, token=token, ticked=ticked, password=password)


def as_a_notice(page, user, people):
    texts = {"en": "Do not use the shampoo of this batch."}
    return lambda password: notices.give(articles=[page.article_id], texts=texts, user=user, password=password)


def as_a_withdrawal_that_explains(page, user, people):
    said = {"reason": "safety", "explanation": "The shampoo was recalled.", "by": user}
    return lambda password: withdraw(page=page, password=password, **said)


def as_a_new_review(page, user, people):
    shown = load_current(fresh(page)).shown(["medical"])
    given = {"role": Role.MEDICAL, "shown": shown, "given": checklist.confirmed()}
    return lambda password: reaffirm(page=fresh(page), user=user, password=password, **given)


def in_an_emergency(page, user, people):
    page = edit(fresh(page), by=people.author, summary="A new summary.", change_note="A new summary.")
    given = {
        "shown": load(page).shown(["medical", "presentation"]),
        "reason": "A recall.",
        "given": checklist.confirmed(),
    }
    return lambda password: publish_in_emergency(page=fresh(page), user=user, password=password, **given)


ACTS = [in_a_session, as_a_return, as_a_notice, as_a_withdrawal_that_explains, as_a_new_review, in_an_emergency]


@pytest.mark.parametrize("way", ACTS)
def test_an_act_is_signed_with_a_passkey_and_the_ledger_proves_it(published, people, lead, signer, way):
    device = enroll(signer, lead)
    act = way(published, signer, people)
    before = set(SignOff.objects.values_list("pk", flat=True))

    sign_with(device, act, signer)

    made = SignOff.objects.exclude(pk__in=before)
    assert made and {row.method for row in made} == {"passkey"}
    (text,) = {row.statement for row in made}
    assert all(proofs.fault(row.proof, text) == "" for row in made)
    items = [(item["subject"], item["part"], item["digest"]) for item in json.loads(text)["items"]]
    assert sorted(items) == sorted((str(row.subject), row.part, row.digest) for row in made)
    assert [finding.message for finding in verify(now=timezone.now())[0]] == []


@pytest.mark.parametrize("way", ACTS)
def test_an_answer_to_another_statement_signs_nothing(published, people, lead, signer, way):
    device = enroll(signer, lead)
    act = way(published, signer, people)
    before = SignOff.objects.count()
    answer = device.get(json.dumps({"v": "vetted-signoff/1"}))

    with pytest.raises(NotAuthenticated):
        act(Answer(answer))

    assert SignOff.objects.count() == before
