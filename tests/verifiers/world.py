"""An article that passkeys signed, with everything a stranger gets of it: the API's answers, and an evidence pack.

The organisation, delivery and the state are signed here with keys of the test.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from articles.admin.evidence.pack import make_pack
from articles.admin.evidence.question import Question
from articles.authoring.people import Person
from articles.publishing.proof import issuing
from articles.publishing.proof.private_keys import SigningKey
from articles.publishing.sign import sign
from articles.record.canonical import canonical_bytes, digest_of, exact_bytes
from articles.record.delivery import projection
from articles.record.events import insert, instant
from articles.record.keys.cards import ES256, NAMES, decoded, encoded
from articles.record.models import ArticleState, Document, Edition, Event, SignOff, TreeHead
from articles.record.site import this_site
from articles.record.tree import growth
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.authenticator import Authenticator, enroll, sign_with
from tests.factories import edit, make_article, sign_as
from tests.verifiers.asking import files_of

V1 = "/api/v1/"
HEAD, STATE = "vetted-head+jwt", "vetted-state+jwt"


@dataclass
class World:
    """Who holds which key. `device` is the clinician's passkey."""

    organisation: SigningKey
    delivery: SigningKey
    people: object
    lead: object
    device: Authenticator

    @property
    def reviewer(self) -> Person:
        return Person.objects.get(user=self.people.reviewer)


def make_world(people, lead, *, alg: int = ES256) -> World:
    organisation, delivery = (SigningKey(Ed25519PrivateKey.generate()) for _ in range(2))
    world = World(organisation, delivery, people, lead, enroll(people.reviewer, lead, device=Authenticator(alg)))
    issuing.establish(organisation, actor={})
    issuing.issue_to_delivery(delivery.spki, by=organisation, actor={})
    issue(world, world.device)
    return world


def issue(world: World, device: Authenticator, person: Person | None = None):
    spki, name = encoded(device.spki), NAMES[device.alg]
    return issuing.issue_to_person(person or world.reviewer, spki, name, by=world.organisation, actor={})


def publish_with_passkey(world: World, page=None, *, editor: Authenticator | None = None):
    """The clinician signs with the passkey, the editor with a password if not with this device."""
    people = world.people
    page = page or make_article(by=people.author)
    submit(page=page, by=people.author)
    if editor:
        asked = {"target": page, "user": people.editor, "role": Role.EDITOR}
        asked["shown"] = load(page).shown(["medical", "presentation"])
        sign_with(editor, lambda gave: sign(**asked, password=gave), people.editor)
    else:
        sign_as(page, people.editor, Role.EDITOR)
    given = {"target": page, "user": people.reviewer, "role": Role.MEDICAL, "shown": load(page).shown(["medical"])}
    sign_with(world.device, lambda gave: sign(**given, password=gave, checklist=checklist.confirmed()), people.reviewer)
    return page


def publish_twice(world: World):
    """The second edition has another summary, and says so in its note."""
    page = publish_with_passkey(world)
    page = edit(page, by=world.people.author, summary="A second text.", change_note="Says more.")
    return publish_with_passkey(world, page)


def sign_head(key: SigningKey) -> TreeHead:
    head = growth.grow(now=timezone.now())
    growth.note_signature(head, key.sign(growth.said_by(head), typ=HEAD))
    head.refresh_from_db()
    return head


def state_of(page, key: SigningKey, **changed) -> str:
    """As proof-formats has it, signed by this key."""
    article = ask(f"articles/{page.article_id}/")
    head, now = TreeHead.objects.latest("size"), timezone.now()
    said = {
        "log": this_site().api_url,
        "article": article["id"],
        "locale": article["locale"],
        "status": article["review"]["status"],
        "edition": article["edition"]["number"],
        "digests": article["edition"]["digests"],
        "reason": "",
        "event": head.size,
        "size": head.size,
        "root": head.root,
        "at": instant(now),
        "valid_until": instant(now + timedelta(hours=24)),
    }
    return key.sign(said | changed, typ=STATE)


def ask(path: str):
    answer = Client().get(path if path.startswith("/") else V1 + path)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def answers_about(page, *, state: str | None) -> dict:
    """What verify.html fetches: {article, editions, keys: {organisation, cards}, log: {head, proofs}, state}."""
    name = f"articles/{page.article_id}/"
    editions, cards = ask(f"{name}editions/")["results"], ask("keys/?page_size=500")["results"]
    organisation, head = ask("/.well-known/vetted.json")["keys"], ask("ledger/head/")
    shown = editions[0]
    events = {row["event"] for row in [shown, *shown["sign_offs"], *cards, *organisation]}
    return {
        "article": ask(f"{name}?rich_text=portable"),
        "editions": editions,
        "keys": {"organisation": organisation, "cards": cards},
        "log": {
            "head": {name: head[name] for name in ("log", "size", "root", "at", "signed")},
            "proofs": [ask(f"ledger/proof/{event}/?size={head['size']}") for event in sorted(events)],
        },
        "state": state,
    }


def pack_about(page, *, state: str | None = None) -> dict[str, bytes]:
    """The files of an evidence pack, with this state as that which delivery signed last."""
    ArticleState.objects.filter(article=page.article_id).delete()
    if state:
        now = timezone.now()
        until = {"event": 1, "valid_until": now, "renew_at": now}
        ArticleState.objects.create(article=page.article_id, locale="en", signed=state, **until)
    return files_of(make_pack(Question(page.article_id)).content)


def in_canonical_form(value) -> bytes:
    """As a file of a pack."""
    return exact_bytes(value) + b"\n"


def payload_of(jws: str) -> dict:
    return json.loads(decoded(jws.split(".")[1]))


def forge_edition(page, *, method: str, make: Callable[[str], dict] | None = None) -> Edition:
    """`make` makes the proof of the clinician's statement; without it, that of the statement before serves.

    All that a database role can do that may only INSERT: a text that nobody signed, its sign-offs with their lines,
    an edition with its line, and the publication."""
    latest = Edition.objects.filter(subject=page.article_id).latest("number")
    old = Document.objects.get(digest=latest.digests["medical"])
    text = json.loads(bytes(old.content)) | {"summary": "Swallow it all. It is harmless."}
    now, content = timezone.now(), canonical_bytes(text)
    digest = digest_of(content)
    Document.objects.create(digest=digest, kind="medical", format=old.format, content=content, stored_at=now)
    rows = []
    for role in ("editor", "medical"):
        row = SignOff.objects.filter(subject=page.article_id, part="medical", role=role).latest("event")
        said = json.loads(row.statement)
        item = next(item for item in said["items"] if item["part"] == "medical") | {"digest": digest}
        row.digest, row.signed_at = digest, now
        row.statement = canonical_bytes(said | {"items": [item], "at": instant(now)}).decode()
        if role == "medical":
            row.method, row.proof = method, make(row.statement) if make else row.proof
        data = {"part": "medical", "digest": digest, "role": role, "scope": row.scope, "method": row.method}
        rows.append(insert(row, "signed", actor={"user": row.user, "name": row.name}, data=data, at=now))
    digests = latest.digests | {"medical": digest}
    kept = [key for key in latest.signoffs if SignOff.objects.get(pk=key).part == "presentation"]
    published = Event.objects.get(number=latest.event)
    latest.pk, latest.number, latest.digests, latest.published_at = None, latest.number + 1, digests, now
    latest.signoffs = [row.pk for row in rows] + kept
    data = {**published.data, "edition": latest.number, "digests": digests}
    del data["row"]
    insert(latest, "published", actor=published.actor, data=data, at=now)
    projection.write(page.article_id, now=now)
    return latest
