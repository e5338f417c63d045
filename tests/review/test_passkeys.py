"""Passkeys: enrolled, confirmed by a lead, and signing the statement itself. Whatever was tampered with is refused."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.errors import CannotSign, ContentChanged, NotAuthenticated
from articles.publishing.sign import sign
from articles.record.keys import cards, proofs
from articles.record.keys.cards import EDDSA, ES256, RS256
from articles.record.ledger.verify import verify
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind, KeyCheck, Role
from articles.review.models import Policy
from articles.review.needs.missing import missing
from articles.review.opening import load
from articles.review.passkeys import keys
from articles.review.passkeys.models import Passkey, PasskeyRequest
from articles.review.policies.leads import NotALead
from articles.review.signing import checklist
from articles.review.signing.authentication import Answer
from articles.review.submit import submit
from tests.authenticator import Authenticator, asked, enroll, pass_minutes, sign_with
from tests.factories import PASSWORD, edit, make_article, make_clinician, sign_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return page


@pytest.fixture
def act(page, people):
    """act(password) signs the medical part as the clinician."""

    def signing(password, **said):
        target = type(page).objects.get(pk=page.pk)
        shown = load(target).shown(["medical"])
        given = {"user": people.reviewer, "role": Role.MEDICAL, "shown": shown, "checklist": checklist.confirmed()}
        return sign(target=target, password=password, **(given | said))

    return signing


def findings() -> list[str]:
    return [finding.message for finding in verify(now=timezone.now())[0]]


@pytest.mark.parametrize("alg", [ES256, EDDSA, RS256])
def test_a_passkey_signs_and_publishes_and_the_ledger_proves_it(act, page, people, lead, alg):
    device = enroll(people.reviewer, lead, device=Authenticator(alg))

    sign_with(device, act, people.reviewer)

    row = SignOff.objects.get(subject=page.article_id, role=Role.MEDICAL)
    assert Edition.objects.filter(subject=page.article_id).exists()
    assert (row.method, row.proof["key"]["alg"]) == ("passkey", alg)
    assert proofs.fault(row.proof, row.statement) == ""
    assert not findings()


def test_the_first_step_writes_nothing(act, page, people, lead):
    enroll(people.reviewer, lead)
    before = Event.objects.count()

    text = asked(act, people.reviewer)

    assert json.loads(text)["items"][0]["subject"] == str(page.article_id)
    assert Event.objects.count() == before
    assert not SignOff.objects.filter(subject=page.article_id, role=Role.MEDICAL).exists()


def test_an_answer_signs_once(act, people, lead):
    device = enroll(people.reviewer, lead)
    answer = Answer(device.get(asked(act, people.reviewer)))
    act(answer)

    with pytest.raises(NotAuthenticated, match="five minutes"):
        act(answer)
    assert not PasskeyRequest.objects.exists()


def test_a_statement_expires_after_five_minutes(act, people, lead):
    device = enroll(people.reviewer, lead)
    answer = Answer(device.get(asked(act, people.reviewer)))
    pass_minutes(5)

    with pytest.raises(NotAuthenticated, match="five minutes"):
        act(answer)


def test_what_was_signed_is_what_is_signed_now(act, page, people, lead):
    device = enroll(people.reviewer, lead)
    answer = Answer(device.get(asked(act, people.reviewer)))
    people.reviewer.person.registration_number = "another number"
    people.reviewer.person.save()

    with pytest.raises(ContentChanged, match="not what would be signed now"):
        act(answer)
    assert not SignOff.objects.filter(subject=page.article_id, role=Role.MEDICAL).exists()


def test_a_statement_in_one_role_signs_in_no_other(page, people, lead):
    device = enroll(people.editor, lead)
    other = make_article(by=people.author)
    submit(page=other, by=people.author)

    def as_editor(password, *parts):
        shown = load(other).shown(parts or ["medical", "presentation"])
        return sign(target=other, user=people.editor, role=Role.EDITOR, shown=shown, password=password)

    answer = Answer(device.get(asked(as_editor, people.editor)))

    with pytest.raises(ContentChanged):
        as_editor(answer, "presentation")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"flags": 0b001}, "did not verify the person"),
        ({"flags": 0b100}, "did not verify the person"),
        ({"origin": "https://phishing.example"}, "another origin"),
        ({"rp": "phishing.example"}, "another relying party"),
    ],
)
def test_a_dishonest_answer_is_refused(act, people, lead, changed, said):
    device = enroll(people.reviewer, lead)
    text = asked(act, people.reviewer)
    for name, value in changed.items():
        setattr(device, name, value)

    with pytest.raises(NotAuthenticated, match=said):
        act(Answer(device.get(text)))


def test_a_sign_count_that_does_not_grow_is_refused(act, people, lead):
    device = enroll(people.reviewer, lead)
    Passkey.objects.update(sign_count=50)

    with pytest.raises(NotAuthenticated, match="does not hold"):
        sign_with(device, act, people.reviewer)


def test_another_persons_passkey_is_refused(act, people, lead):
    enroll(people.reviewer, lead)
    device = enroll(make_clinician("second", name="Dr Second"), lead)
    text = asked(act, people.reviewer)

    with pytest.raises(NotAuthenticated, match="another person's"):
        act(Answer(device.get(text)))


def test_a_key_with_another_persons_credential_id_is_refused(act, people, lead):
    device = enroll(people.reviewer, lead)
    text = asked(act, people.reviewer)
    thief = Authenticator(id=device.id)

    with pytest.raises(NotAuthenticated, match="not that of the passkey"):
        act(Answer(thief.get(text)))


def test_a_key_signs_only_after_a_lead_confirmed_it(act, people):
    device = enroll(people.reviewer)

    with pytest.raises(NotAuthenticated, match="no passkey that can sign"):
        sign_with(device, act, people.reviewer)


def test_a_revoked_key_signs_no_more_and_what_it_signed_stays(act, page, people, lead):
    lost, other = enroll(people.reviewer, lead), enroll(people.reviewer, lead, name="A key")
    sign_with(lost, act, people.reviewer)
    keys.revoke(keys.usable(people.reviewer)[0], since=timezone.now(), reason="Lost.", by=lead)
    people.reviewer.__dict__.pop("_passkeys")
    again = edit(page, by=people.author, summary="Another summary.")
    submit(page=again, by=people.author)
    sign_as(again, people.editor, Role.EDITOR)

    with pytest.raises(NotAuthenticated, match="it was revoked"):
        sign_with(lost, act, people.reviewer)
    sign_with(other, act, people.reviewer)

    assert Edition.objects.filter(subject=page.article_id).count() == 2
    assert not findings()


def test_a_key_that_is_revoked_between_both_steps_signs_nothing(act, people, lead):
    device = enroll(people.reviewer, lead)
    answer = Answer(device.get(asked(act, people.reviewer)))
    keys.revoke(Passkey.objects.get(), since=timezone.now(), reason="Lost.", by=lead)

    with pytest.raises(NotAuthenticated):
        act(answer)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"id": 1}', "[" * 5000, '{"id": "x", "response": {}}'])
def test_no_answer_is_refused_in_words(act, people, lead, text):
    enroll(people.reviewer, lead)

    with pytest.raises(NotAuthenticated, match="Nothing was signed"):
        act(Answer(text))


def test_a_password_is_not_enough_where_a_policy_asks_for_a_passkey(act, people, lead):
    Policy.objects.filter(kind="medical").update(needs_passkey=True)
    device = enroll(people.reviewer, lead)

    with pytest.raises(CannotSign, match="asks medical reviewers for a passkey"):
        act(PASSWORD)
    sign_with(device, act, people.reviewer)


def test_a_password_counts_until_the_day_that_a_lead_set(act, people):
    people.reviewer.person.password_until = timezone.now().date() - timedelta(days=1)
    people.reviewer.person.save()

    with pytest.raises(CannotSign, match="Your password counted until"):
        act(PASSWORD)


def test_a_password_given_before_a_policy_asked_for_a_passkey_does_not_publish(page, people, act):
    Policy.objects.filter(kind="medical").update(medical=2)
    act(PASSWORD)
    Policy.objects.filter(kind="medical").update(medical=1, needs_passkey=True)

    assert [item.role for item in missing(load(page))] == [Role.MEDICAL]


def test_nobody_confirms_their_own_key_and_only_leads_confirm(people, lead):
    enroll(lead)
    own = Passkey.objects.get(user=lead)

    with pytest.raises(keys.CannotConfirmKey, match="your own"):
        keys.confirm(own, how=KeyCheck.VIDEO, by=lead)
    with pytest.raises(NotALead):
        keys.confirm(own, how=KeyCheck.VIDEO, by=people.editor)


def test_the_ledger_says_how_the_person_was_checked_and_carries_the_key(people, lead):
    enroll(people.reviewer, lead)

    event = Event.objects.get(kind=EventKind.KEY_ENROLLED)
    assert (event.subject, event.data["check"]) == (people.reviewer.person.person_id, "in-person")
    assert event.data["spki"] == cards.encoded(bytes(Passkey.objects.get().spki))
