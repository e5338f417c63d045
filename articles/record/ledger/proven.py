"""Verifies that each sign-off with a passkey has its signer's proof, on what the row says, by a key that counted.

Nobody who writes into the database can make such a proof. A sign-off with a password has none, and says so; once the
policy asks for passkeys, a clinician's password counts for nothing.
"""

import json
from collections.abc import Iterator
from typing import Any

from articles.record.events import instant
from articles.record.keys import cards, proofs
from articles.record.ledger.chain import TOLERANCE
from articles.record.ledger.finding import UNREADABLE, Finding, Key, Walk, tells
from articles.record.models import Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Method, Role

KINDS = (DocumentKind.PRESENTATION, DocumentKind.OFFER, DocumentKind.DISCLAIMER)  # with policies of their own


def note_key(event: Event, walk: Walk) -> None:
    """Remember keys that were enrolled and revoked, in the order of the ledger."""
    name = tells(event, "key")
    if event.kind == EventKind.KEY_ENROLLED and name not in walk.keys:
        walk.keys[name] = Key(tells(event, "user"), tells(event, "spki"), tells(event, "alg"), event.number)
    elif event.kind == EventKind.KEY_REVOKED and name in walk.keys:
        walk.keys[name].revoked = event.number


def note_policy(event: Event, walk: Walk) -> None:
    """Remember the policies as leads changed them."""
    if event.kind != EventKind.POLICY_CHANGED:
        return
    before, after = tells(event, "before") or {}, tells(event, "after") or {}
    facts = walk.policies.setdefault(event.subject, {})
    if after.get("needs_passkey"):
        facts["asked_at"] = event.at
    elif "needs_passkey" in before:
        facts["asked_at"] = None
    facts.update(after)
    if not after:
        del walk.policies[event.subject]


def check_proof(row: SignOff, event: Event, walk: Walk) -> Iterator[Finding]:
    """`event` is the line that the row names."""
    place = f"sign-off {row.pk}"
    if row.method == Method.PASSWORD:
        if row.proof:
            yield Finding("proof_of_a_password", place, "It says password, and has the proof of a passkey.")
        if policy := _asking(row, event, walk):
            found = f"It has a password, and the policy “{policy}” asked for a passkey."
            yield Finding("password_not_enough", place, found)
        return
    if row.method != Method.PASSKEY:
        yield Finding("method_unknown", place, f"Nobody signs with “{row.method}”.")
        return
    try:
        said = json.loads(row.statement)
        found = proofs.fault(row.proof, row.statement) or _difference(row, said) or _about_key(row, event, walk)
        if not found:
            found = _repeated(row, said, walk)
    except UNREADABLE as error:
        found = f"Its statement cannot be read ({type(error).__name__})."
    if found:
        yield Finding("signoff_not_proven", place, found)


def check_whole(walk: Walk) -> Iterator[Finding]:
    """A statement on several texts has a sign-off for each of them."""
    for given in walk.statements.values():
        if lacking := sum(not key for key in given.values()):
            place = f"sign-off {max(given.values())}"
            yield Finding("signoff_of_statement_gone", place, f"Its statement covers {lacking} more texts or parts.")


def _asking(row: SignOff, event: Event, walk: Walk) -> str:
    """The name of a policy that asked this clinician for a passkey; "" if there was none. A policy that was changed
    while somebody signed counts from a moment later on."""
    kind = row.part if row.part in KINDS else DocumentKind.MEDICAL
    named = tells(event, "policies") or ()
    for key, facts in walk.policies.items():
        applies = facts.get("kind") == kind and (facts.get("is_default") or str(key) in named)
        asked_at = facts.get("asked_at")
        if row.role == Role.MEDICAL and applies and asked_at and event.at > asked_at + TOLERANCE:
            return str(facts.get("name"))
    return ""


def _difference(row: SignOff, said: dict[str, Any]) -> str:
    """Where the row says something else than the signed statement; "" if nowhere."""
    if said.get("v") != "vetted-signoff/1":
        return "The passkey did not sign a statement."
    stored = {name: getattr(row, name) for name in ("role", "scope", "meaning", "name", "registration")}
    pairs = {name: (said.get(name, ""), value) for name, value in stored.items()}
    pairs["time"] = (said.get("at"), instant(row.signed_at))
    for name, (signed, value) in pairs.items():
        if signed != value:
            return f"The signed statement has another {name}."
    items = [item for item in said["items"] if item["subject"] == str(row.subject) and item["part"] == row.part]
    if not any(item["digest"] == row.digest for item in items):
        return "The signed statement does not name this text."
    if not any(item["digest"] == row.digest and item.get("change", {}) == row.change for item in items):
        return "The signed statement has another change note."
    return ""


def _about_key(row: SignOff, event: Event, walk: Walk) -> str:
    named = row.proof["key"]
    key = walk.keys.get(named["id"])
    if key is None or key.enrolled > event.number:
        return "No medical lead had confirmed its passkey."
    if (key.spki, key.alg) != (named["spki"], named["alg"]):
        return "Its passkey is another one than the one that was confirmed."
    if key.user != row.user:
        return "Its passkey is another person's."
    if key.revoked and key.revoked < event.number:
        return f"Event {key.revoked} had revoked its passkey."
    return ""


def _repeated(row: SignOff, said: dict[str, Any], walk: Walk) -> str:
    """A statement counts once for each text; "" the first time."""
    items = {(item["subject"], item["part"], item["digest"]): 0 for item in said["items"]}
    given = walk.statements.setdefault(cards.challenge_of(row.statement), items)
    item = (str(row.subject), row.part, row.digest)
    if given[item]:
        return f"Its statement was used before, for sign-off {given[item]}."
    given[item] = row.pk
    return ""
