"""What somebody can do who writes to the database, or stands between it and a reader. They hold no key of ours.

Each function changes the record (all its hashes and seals are made to fit again) or, under `then`, what was got of it.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from articles.authoring.people import Person
from articles.publishing.proof import issuing
from articles.publishing.proof.private_keys import SigningKey
from articles.record import events
from articles.record.canonical import canonical_bytes
from articles.record.delivery import projection
from articles.record.events import instant
from articles.record.keys import cards
from articles.record.keys.cards import encoded, key_id
from articles.record.models import Edition, Event, KeyCard, SignOff
from articles.record.vocabulary import EventKind
from articles.review.passkeys import keys
from articles.review.passkeys.models import Passkey
from tests.authenticator import Authenticator, enroll
from tests.factories import make_clinician
from tests.record.tamper import drop_triggers, restore_log, rewrite_from
from tests.verifiers import world as worlds

OTHER = "0b0e6d0e-0000-4000-8000-000000000000"
THERE = "sha-256:" + "0" * 64


@dataclass
class Scene:
    """A published article, the clinician's sign-off of its latest edition, and what a reader does not get of us:
    `state`, `head`: who signs them, if not delivery."""

    world: worlds.World
    page: object
    known: list[str]
    head: SigningKey | None = None
    state: dict = field(default_factory=dict)
    state_key: SigningKey | None = None
    has_state: bool = True

    @property
    def row(self) -> SignOff:
        return SignOff.objects.filter(subject=self.page.article_id, role="medical").latest("event")

    @property
    def said(self) -> dict:
        return json.loads(self.row.statement)

    def got(self) -> tuple[dict, dict[str, bytes]]:
        """(the API's answers, the files of the pack)."""
        worlds.sign_head(self.head or self.world.delivery)
        state = worlds.state_of(self.page, self.state_key or self.world.delivery, **self.state)
        state = state if self.has_state else None
        answers = worlds.answers_about(self.page, state=state)
        for row in (row for edition in answers["editions"] for row in edition["sign_offs"]):
            stored = SignOff.objects.get(event=row["event"])  # what we would hold back, somebody else would not
            row["statement"], row["proof"] = stored.statement, stored.proof or None
        return answers, worlds.pack_about(self.page, state=state)


def new_key() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.generate())


def rewritten(number: int) -> None:
    rewrite_from(number)
    restore_log()


def update(scene: Scene, **columns) -> None:
    """Other columns of the clinician's sign-off."""
    drop_triggers()
    number = scene.row.event
    SignOff.objects.filter(event=number).update(**columns)
    row = SignOff.objects.get(event=number)
    line = Event.objects.get(number=number)
    line.data |= {name: getattr(row, name) for name in ("part", "digest", "role", "scope")}
    Event.objects.filter(number=number).update(data=line.data, at=row.signed_at)
    rewritten(number)


def statement(scene: Scene, **changed) -> str:
    return canonical_bytes(scene.said | changed).decode()


def proof_by(device: Authenticator, text: str, **named) -> dict:
    """What the device answers to this text; `rp`, `origin` as the row is going to say."""
    answer = json.loads(device.get(text))["response"]
    key = {"id": encoded(device.id), "spki": encoded(device.spki), "alg": device.alg}
    assertion = {name: answer[name] for name in ("authenticatorData", "clientDataJSON", "signature")}
    return {"assertion": assertion, "key": key, "rp": device.rp, "origin": device.origin} | named


def column(**changed) -> Callable[[Scene], None]:
    return lambda scene: update(scene, **changed)


def stated(**changed) -> Callable[[Scene], None]:
    """The statement and the columns say the same, and the passkey signed something else."""

    def act(scene: Scene) -> None:
        columns = {name: value for name, value in changed.items() if name in ("role", "scope", "meaning", "name")}
        update(scene, statement=statement(scene, **changed), **columns)

    return act


def in_proof(*place: str, value) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        proof = deepcopy(scene.row.proof)
        at = proof
        for name in place[:-1]:
            at = at[name]
        at[place[-1]] = value(at[place[-1]]) if callable(value) else value
        update(scene, proof=proof)

    return act


def device_says(honest: bool = True, **lies) -> Callable[[Scene], None]:
    """The clinician's device was made to sign otherwise; `honest`: the row says of it what it should say."""

    def act(scene: Scene) -> None:
        device, was = scene.world.device, scene.row.proof
        before = {name: getattr(device, name) for name in lies}
        vars(device).update(lies)
        proof = proof_by(device, scene.row.statement)
        vars(device).update(before)
        update(scene, proof=proof | ({"rp": was["rp"], "origin": was["origin"]} if honest else {}))

    return act


def client_says(**changed) -> Callable[[Scene], None]:
    """The browser told the device something else, and the device signed it."""

    def act(scene: Scene) -> None:
        device = scene.world.device
        ours = device._client

        def client(kind: str, text: str) -> bytes:
            return json.dumps(json.loads(ours(kind, text)) | changed).encode()

        device._client = client
        proof = proof_by(device, scene.row.statement)
        del device._client
        update(scene, proof=proof)

    return act


def flip(text: str) -> str:
    raw = bytearray(cards.decoded(text))
    raw[-1] ^= 1
    return encoded(bytes(raw))


def another_text(scene: Scene) -> None:
    update(scene, proof=proof_by(scene.world.device, "Another text."))


def digest_of_the_edition_before(scene: Scene) -> None:
    first = Edition.objects.get(subject=scene.page.article_id, number=1)
    update(scene, digest=first.digests["medical"])


def statement_of_another_article(scene: Scene) -> None:
    other = worlds.publish_with_passkey(scene.world)
    row = SignOff.objects.get(subject=other.article_id, role="medical")
    update(scene, statement=row.statement, proof=row.proof)


def session(change: Callable[[list], list]) -> Callable[[Scene], None]:
    """A statement on two texts, which the passkey signed; then its items are changed."""

    def act(scene: Scene) -> None:
        items = [*scene.said["items"], scene.said["items"][0] | {"subject": OTHER}]
        signed = statement(scene, items=items)
        update(scene, statement=statement(scene, items=change(items)), proof=proof_by(scene.world.device, signed))

    return act


def change_in_both(**change) -> Callable[[Scene], None]:
    """In the sign-off and in the edition."""

    def act(scene: Scene) -> None:
        drop_triggers()
        latest = Edition.objects.filter(subject=scene.page.article_id).latest("number")
        Edition.objects.filter(pk=latest.pk).update(change_kind=change["kind"], change_note=change.get("note", ""))
        update(scene, change=scene.row.change | change)

    return act


def used_twice(scene: Scene, **columns) -> None:
    """Another row like the genuine one, on which the edition relies, too."""
    copy, latest = scene.row, Edition.objects.filter(subject=scene.page.article_id).latest("number")
    vars(copy).update(columns)
    data = {name: getattr(copy, name) for name in ("part", "digest", "role", "scope")}
    with transaction.atomic():
        events.insert(
            copy, EventKind.SIGNED, actor={"user": copy.user, "name": copy.name}, data=data, at=copy.signed_at
        )
    drop_triggers()
    Edition.objects.filter(pk=latest.pk).update(signoffs=[*latest.signoffs, copy.pk])
    rewritten(latest.event)


def another_persons_key(scene: Scene) -> None:
    other = make_clinician("second", name="Dr Second")
    device = enroll(other, scene.world.lead)
    line = worlds.issue(scene.world, device, Person.objects.get(user=other))
    early = instant(scene.row.signed_at - timedelta(days=1))
    reissue(KeyCard.objects.get(event=line.number), scene.world.organisation, validFrom=early)
    update(scene, proof=proof_by(device, scene.row.statement))


def unknown_key(scene: Scene) -> None:
    update(scene, proof=proof_by(Authenticator(), scene.row.statement))


def reissue(card: KeyCard, signer: SigningKey, *, subject: dict | None = None, **changed) -> None:
    """Another card for this key; `subject`: what it says of the person."""
    drop_triggers()
    value = worlds.payload_of(card.card) | changed
    value["credentialSubject"] |= subject or {}
    signed = signer.sign(value, typ="vc+jwt")
    line = Event.objects.get(number=card.event)
    KeyCard.objects.filter(pk=card.pk).update(card=signed)
    Event.objects.filter(number=card.event).update(data=line.data | {"card": signed})
    rewritten(card.event)


def card(signer: Callable[[Scene], SigningKey] | None = None, *, kid: str = "", **changed) -> Callable[[Scene], None]:
    """Another card for the clinician's key."""

    def act(scene: Scene) -> None:
        by = signer(scene) if signer else scene.world.organisation
        by.id = scene.world.organisation.id if kid == "ours" else by.id
        reissue(KeyCard.objects.get(holder="person"), by, **changed)

    return act


def card_of_another_key(scene: Scene) -> None:
    other = encoded(Authenticator().spki)
    subject = worlds.payload_of(KeyCard.objects.get(holder="person").card)["credentialSubject"]
    card(subject={"key": subject["key"] | {"spki": other}})(scene)


def revoked_since_before(scene: Scene) -> None:
    keys.revoke(Passkey.objects.get(), since=scene.row.signed_at, reason="Stolen.", by=scene.world.lead)


def revoked_before_by_the_order_of_lines(scene: Scene) -> None:
    """The statement is dated back, but the line of the sign-off comes after that of the revocation."""
    keys.revoke(Passkey.objects.get(), since=timezone.now(), reason="Stolen.", by=scene.world.lead)
    text = statement(scene, nonce="another")
    used_twice(scene, statement=text, proof=proof_by(scene.world.device, text))


def card_by_a_key_that_was_replaced(scene: Scene) -> None:
    """The old key signs a card after the rotation, for the key of a stranger."""
    old, new = scene.world.organisation, new_key()
    issuing.establish(new, actor={}, before=old)
    device = Authenticator()
    value = worlds.payload_of(KeyCard.objects.get(holder="person").card)
    spki = encoded(device.spki)
    value["credentialSubject"]["key"] = {"id": key_id(spki), "spki": spki, "alg": "ES256"}
    data = {"key": key_id(spki), "holder": "person", "spki": spki, "card": old.sign(value, typ="vc+jwt"), "name": "x"}
    projection.write_shared(
        events.append(
            EventKind.KEY_ISSUED,
            subject_kind="person",
            subject=UUID(value["credentialSubject"]["id"].removeprefix("urn:uuid:")),
            actor={},
            data=data,
        )
    )
    update(scene, proof=proof_by(device, scene.row.statement))


def head_by(key: Callable[[Scene], SigningKey]) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        scene.head = key(scene)

    return act


def delivery_revoked(scene: Scene) -> None:
    issuing.revoke(scene.world.delivery.id, since=timezone.now() - timedelta(hours=1), reason="compromised", actor={})


def state(**changed) -> Callable[[Scene], None]:
    def act(scene: Scene) -> None:
        scene.state = changed

    return act


def state_by_a_stranger(scene: Scene) -> None:
    scene.state_key = new_key()


def named_another(scene: Scene) -> None:
    scene.known = ["A" * 43]


def nothing(scene: Scene) -> None:
    pass


# What somebody changes who stands between us and a reader: (answers, files of the pack).


def path_changed(answers: dict, files: dict) -> None:
    for log in logs(answers, files):
        log["proofs"][-1]["path"][0] = "0" * 64


def entry_changed(answers: dict, files: dict) -> None:
    for log in logs(answers, files):
        for proof in log["proofs"]:
            if proof["entry"].get("kind") == "published":
                proof["entry"]["edition"] = 9


def proof_left_out(answers: dict, files: dict) -> None:
    for log in logs(answers, files):
        log["proofs"].pop()


def logs(answers: dict, files: dict):
    yield answers["log"]
    log = json.loads(files["log.json"])
    yield log
    files["log.json"] = worlds.in_canonical_form(log)


def words_changed(answers: dict, files: dict) -> None:
    answers["article"]["content"]["summary"] += " It is harmless."
    document = json.loads(files["documents/medical.json"])
    document["summary"] += " It is harmless."
    files["documents/medical.json"] = canonical_bytes(document)


def head_without_signature(answers: dict, files: dict) -> None:
    for log in logs(answers, files):
        log["head"]["signed"] = None


@dataclass
class Case:
    """`reason`: what both verifiers say."""

    act: Callable[[Scene], None]
    reason: str
    then: Callable[[dict, dict], None] = lambda answers, files: None


YESTERDAY = instant(timezone.now() - timedelta(days=1))
LATER = instant(timezone.now() + timedelta(days=1))
ANOTHER = "The signed statement has another"
CASES = {
    "swapped role": Case(column(role="legal"), f"{ANOTHER} role."),
    "role also in the statement": Case(stated(role="legal"), "The passkey signed another statement."),
    "swapped part": Case(column(part="presentation"), "The signed statement does not name this text."),
    "swapped digest": Case(digest_of_the_edition_before, "The signed statement does not name this text."),
    "statement of another article": Case(statement_of_another_article, "The signed statement does not name this text."),
    "swapped name": Case(column(name="Dr Other"), f"{ANOTHER} name."),
    "name also in the statement": Case(stated(name="Dr Other"), "The passkey signed another statement."),
    "swapped registration": Case(column(registration="GMC 7654321"), f"{ANOTHER} registration."),
    "swapped credentials": Case(column(credentials="Prof"), "The card has another entry under credentials."),
    "swapped scope": Case(column(scope="changes"), f"{ANOTHER} scope."),
    "swapped meaning": Case(column(meaning="I agree."), f"{ANOTHER} meaning."),
    "swapped change kind": Case(change_in_both(kind="editorial", note="Says more."), "change"),
    "swapped change note": Case(change_in_both(kind="material", note="Nothing new."), "change"),
    "swapped time": Case(column(signed_at=timezone.now() - timedelta(days=9)), f"{ANOTHER} time."),
    "replayed statement": Case(used_twice, "Its statement was used before."),
    "item added to a session": Case(session(lambda items: [*items, items[0] | {"digest": THERE}]), "another statement"),
    "item removed from a session": Case(session(lambda items: items[:1]), "another statement"),
    "item swapped in a session": Case(
        session(lambda items: [items[0], items[1] | {"part": "offer"}]), "another statement"
    ),
    "statement not in canonical form": Case(
        lambda scene: update(scene, statement=f" {scene.row.statement}"), "This is not the statement of a sign-off."
    ),
    "another challenge": Case(another_text, "The passkey signed another statement."),
    "not asked for a signature": Case(client_says(type="webauthn.create"), "not asked for a signature"),
    "framed by another page": Case(client_says(crossOrigin=True), "signed for another origin"),
    "another origin": Case(device_says(origin="https://evil.example"), "signed for another origin"),
    "another origin, admitted": Case(
        device_says(honest=False, origin="https://evil.example"), "The origin does not belong to the relying party."
    ),
    "another rp": Case(device_says(rp="evil.example"), "signed for another relying party"),
    "person not verified": Case(device_says(flags=1), "The passkey did not verify the person."),
    "person not present": Case(device_says(flags=4), "The passkey did not verify the person."),
    "signature changed": Case(
        in_proof("assertion", "signature", value=flip), "The signature is not that of the passkey."
    ),
    "flags changed": Case(
        in_proof("assertion", "authenticatorData", value=flip), "The signature is not that of the passkey."
    ),
    "another algorithm": Case(in_proof("key", "alg", value=-8), "The signature is not that of the passkey."),
    "key without a card": Case(unknown_key, "No card says whose key this is."),
    "card of another person": Case(another_persons_key, "The card has another entry under name."),
    "card of another key": Case(card_of_another_key, "The card is of another key."),
    "card without the role": Case(card(subject={"roles": ["legal"]}), "The card does not have the role “medical”."),
    "card that ended": Case(card(validUntil=YESTERDAY), "The card was not valid when this was signed."),
    "card that begins later": Case(card(validFrom=LATER), "The card was not valid when this was signed."),
    "card by a stranger": Case(card(lambda scene: new_key()), "The organisation’s key did not sign the card."),
    "card by a stranger in our name": Case(
        card(lambda scene: new_key(), kid="ours"), "The organisation’s key did not sign the card."
    ),
    "card by delivery": Case(card(lambda scene: scene.world.delivery), "The organisation’s key did not sign the card."),
    "card by a replaced key": Case(card_by_a_key_that_was_replaced, "The organisation’s key did not sign the card."),
    "revoked since before": Case(revoked_since_before, "The key was revoked"),
    "revoked, and dated back": Case(revoked_before_by_the_order_of_lines, "The key was revoked"),
    "password passed off as a passkey": Case(column(proof={}), "Its statement or proof cannot be read."),
    "passkey called a password": Case(column(method="password"), "It says password, and has the proof of a passkey."),
    "unknown method": Case(column(method="face"), "It says face, and has the proof of a passkey."),
    "head by a stranger": Case(head_by(lambda scene: new_key()), "No key of delivery signed the head of the log."),
    "head by the organisation": Case(
        head_by(lambda scene: scene.world.organisation), "No key of delivery signed the head of the log."
    ),
    "head not signed": Case(nothing, "No key of delivery signed the head of the log.", head_without_signature),
    "head by a revoked key": Case(delivery_revoked, "No key of delivery signed the head of the log."),
    "inclusion path changed": Case(nothing, "does not lead to its head", path_changed),
    "entry of the log changed": Case(nothing, "is in the log does not lead to its head", entry_changed),
    "event not in the log": Case(nothing, "is not in the log", proof_left_out),
    "words changed": Case(nothing, "signed", words_changed),
    "another organisation": Case(named_another, "The organisation’s key is not the one that you named."),
    "state by a stranger": Case(state_by_a_stranger, "No key of delivery signed the state of this article."),
    "state of another article": Case(state(article=OTHER), "No key of delivery signed the state of this article."),
}
