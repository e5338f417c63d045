"""Forged sign-offs, written with all that the application's database role can write: `ledger verify` names each.

A forger has a clinician's genuine statement and proof, and seals rows as the application does.
"""

import json
from copy import deepcopy
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from articles.publishing.sign import sign
from articles.record import events
from articles.record.keys import cards, proofs
from articles.record.keys.cards import EDDSA, encoded
from articles.record.ledger.verify import verify
from articles.record.models import SignOff
from articles.record.vocabulary import EventKind, Role
from articles.review.opening import load
from articles.review.passkeys import keys
from articles.review.passkeys.models import Passkey
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.authenticator import Authenticator, enroll, sign_with
from tests.factories import make_article, make_clinician, sign_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(people, lead):
    return enroll(people.reviewer, lead)


@pytest.fixture
def genuine(people, device) -> SignOff:
    """A clinician's signature on the medical part."""
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    shown = load(page).shown(["medical"])
    given = {"target": page, "user": people.reviewer, "role": Role.MEDICAL, "shown": shown}
    sign_with(device, lambda gave: sign(**given, password=gave, checklist=checklist.confirmed()), people.reviewer)
    return SignOff.objects.get(subject=page.article_id, role=Role.MEDICAL)


def forge(row: SignOff, **changed) -> None:
    """Another sign-off like this one, sealed and in the chain."""
    copy = SignOff.objects.get(pk=row.pk)
    for name, value in changed.items():
        setattr(copy, name, value)
    data = {"part": copy.part, "digest": copy.digest, "role": copy.role, "scope": copy.scope}
    with transaction.atomic():
        actor = {"user": copy.user, "name": copy.name}
        events.insert(copy, EventKind.SIGNED, actor=actor, data=data, at=copy.signed_at)


def said_of() -> str:
    found, _ = verify(now=timezone.now())
    return " ".join(row.message for row in found if row.code.startswith("signoff_") or "proof" in row.code)


def with_statement(row: SignOff, **changed) -> str:
    return json.dumps(json.loads(row.statement) | changed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_a_genuine_signature_has_no_finding(genuine):
    assert said_of() == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"role": "legal"}, "another role"),
        ({"scope": "changes"}, "another scope"),
        ({"meaning": "I agree."}, "another meaning"),
        ({"name": "Dr Other"}, "another name"),
        ({"registration": "GMC 7654321"}, "another registration"),
        ({"part": "presentation"}, "does not name this text"),
        ({"digest": "sha-256:" + "0" * 64}, "does not name this text"),
        ({"change": {"kind": "editorial", "note": "", "correction": False}}, "another change note"),
        ({"method": "password"}, "has the proof of a passkey"),
        ({"proof": {}}, "cannot be read"),
        ({}, "used before"),
    ],
    ids=lambda value: "-".join(value) or "replay" if isinstance(value, dict) else "",
)
def test_a_proof_proves_only_what_was_signed(genuine, changed, said):
    forge(genuine, **changed)

    assert said in said_of()


def test_a_proof_proves_no_other_subject(genuine):
    forge(genuine, subject=uuid4())

    assert "does not name this text" in said_of()


def test_a_statement_that_was_changed_is_not_the_one_that_was_signed(genuine):
    forge(genuine, role="legal", statement=with_statement(genuine, role="legal"))

    assert "another statement" in said_of()


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (("rp",), "other.example", "another relying party"),
        (("origin",), "https://other.example", "another origin"),
        (("assertion", "signature"), "AAAA", "not that of the passkey"),
        (("key", "alg"), -8, "not that of the passkey"),
        (("key", "id"), "unknown", "No medical lead had confirmed"),
        (("assertion", "authenticatorData"), "AAAA", "another relying party"),
        (("assertion", "clientDataJSON"), "AAAA", "cannot be read"),
    ],
)
def test_a_changed_proof_does_not_hold(genuine, place, value, said):
    proof = deepcopy(genuine.proof)
    at = proof
    for name in place[:-1]:
        at = at[name]
    at[place[-1]] = value

    forge(genuine, proof=proof, signed_at=genuine.signed_at)

    assert said in said_of()


def test_a_cleared_flag_does_not_hold(genuine):
    data = bytearray(cards.decoded(genuine.proof["assertion"]["authenticatorData"]))
    data[32] &= ~proofs.VERIFIED
    proof = deepcopy(genuine.proof)
    proof["assertion"]["authenticatorData"] = encoded(bytes(data))

    forge(genuine, proof=proof)

    assert "did not verify the person" in said_of()


def forged_by(genuine: SignOff, device: Authenticator, **changed) -> None:
    """A new statement, signed by this device, in a row that fits it."""
    items = [{**json.loads(genuine.statement)["items"][0], "subject": str(uuid4())}]
    text = with_statement(genuine, items=items, nonce="another", **changed)
    answer = json.loads(device.get(text))["response"]
    named = {"id": encoded(device.id), "spki": encoded(device.spki), "alg": device.alg}
    assertion = {name: answer[name] for name in ("authenticatorData", "clientDataJSON", "signature")}
    proof = {"assertion": assertion, "key": named, "rp": device.rp, "origin": device.origin}
    forge(genuine, statement=text, proof=proof, subject=items[0]["subject"])


def test_a_key_that_no_lead_confirmed_proves_nothing(genuine):
    forged_by(genuine, Authenticator(EDDSA))

    assert "No medical lead had confirmed" in said_of()


def test_another_persons_key_proves_nothing(genuine, lead):
    other = enroll(make_clinician("second", name="Dr Second"), lead)

    forged_by(genuine, other)

    assert "another person's" in said_of()


def test_a_key_that_was_exchanged_proves_nothing(genuine, device):
    forged_by(genuine, Authenticator(id=device.id))

    assert "another one than the one that was confirmed" in said_of()


def test_a_revoked_key_proves_nothing_afterwards(genuine, device, lead):
    keys.revoke(Passkey.objects.get(), since=timezone.now(), reason="Stolen.", by=lead)
    assert said_of() == ""

    forged_by(genuine, device)

    assert "had revoked its passkey" in said_of()


def test_a_text_that_is_missing_from_a_session_is_noticed(genuine, device):
    items = [{**json.loads(genuine.statement)["items"][0], "subject": str(uuid4())} for _ in range(2)]
    text = with_statement(genuine, items=items, nonce="another")
    answer = json.loads(device.get(text))["response"]
    assertion = {name: answer[name] for name in ("authenticatorData", "clientDataJSON", "signature")}
    forge(genuine, statement=text, proof=genuine.proof | {"assertion": assertion}, subject=items[0]["subject"])

    assert "covers 1 more texts" in said_of()
