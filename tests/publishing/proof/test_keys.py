"""The organisation's key and its cards: who may issue, what a card says, and that no private key is anywhere."""

import base64
import io
import json
import logging
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from joserfc import jws
from joserfc.jwk import OKPKey

from articles.authoring.people import Person
from articles.publishing.proof import issuing, keep, private_keys
from articles.publishing.proof.private_keys import NoKey, SigningKey
from articles.record import events
from articles.record.keys import cards, proofs
from articles.record.ledger.verify import verify
from articles.record.models import Event, KeyCard, TreeHead
from articles.record.vocabulary import EventKind


@pytest.fixture
def folder(tmp_path, settings):
    settings.ORGANISATION_KEY = str(tmp_path / "keys" / "organisation.pem")
    settings.DELIVERY_KEY = str(tmp_path / "keys" / "delivery.pem")
    return tmp_path / "keys"


@pytest.fixture
def keys(published, folder):
    run("init")
    return folder


@pytest.fixture
def person(people) -> Person:
    return Person.objects.get(user=people.reviewer)


@pytest.fixture
def pem(tmp_path):
    """pem(key): the file of its public half."""

    def write(key) -> str:
        path = tmp_path / "public.pem"
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        path.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
        return str(path)

    return write


def run(*arguments) -> str:
    out = StringIO()
    call_command("keys", *map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def refused(*arguments) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    return str(error.value)


def findings() -> list[str]:
    return [finding.code for finding in verify(now=timezone.now())[0]]


def spki_of(key) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return cards.encoded(key.public_key().public_bytes(serialization.Encoding.DER, form))


def organisation(client) -> list[dict]:
    return client.get("/.well-known/vetted.json").json()["keys"]


def test_init_makes_two_keys_that_only_their_owner_reads(keys):
    assert keys.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in keys.iterdir()} == {
        "organisation.pem": 0o600,
        "delivery.pem": 0o600,
    }


def test_a_second_init_changes_nothing(keys, client):
    before = {path: path.read_bytes() for path in keys.iterdir()}

    assert "already" in refused("init")
    assert {path: path.read_bytes() for path in keys.iterdir()} == before
    assert len(organisation(client)) == 1


def test_a_person_s_card_says_what_a_second_lead_confirmed_and_any_library_checks_it(keys, person, pem, client):
    key = ec.generate_private_key(ec.SECP256R1())

    run("issue", "--person", person.person_id, "--public-key", pem(key))

    told = client.get("/api/v1/keys/").json()["results"]
    (row,) = [row for row in told if row["holder"] == "person"]
    (ours,) = organisation(client)
    public = OKPKey.import_key(
        b"-----BEGIN PUBLIC KEY-----\n"
        + base64.b64encode(cards.decoded(ours["spki"]))
        + b"\n-----END PUBLIC KEY-----\n"
    )
    card = jws.deserialize_compact(row["card"], public, algorithms=["Ed25519"])
    subject = json.loads(card.payload)["credentialSubject"]
    assert card.headers()["kid"] == ours["id"]
    assert subject == {
        "id": f"urn:uuid:{person.person_id}",
        "name": person.name,
        "credentials": person.credentials,
        "registration": person.registration,
        "roles": ["medical"],
        "key": {"id": cards.key_id(spki_of(key)), "spki": spki_of(key), "alg": "ES256"},
    }
    assert row["revoked"] is None
    assert findings() == []


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ed25519.Ed25519PrivateKey.generate(), -8),
        (ec.generate_private_key(ec.SECP256R1()), -7),
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), -257),
    ],
    ids=["Ed25519", "ES256", "RS256"],
)
def test_enrolled_keys_of_three_kinds_get_their_cards_at_once(keys, person, key, alg):
    said = {"key": "a credential", "spki": spki_of(key), "alg": alg, "name": person.name, "user": person.user_id}
    said |= {"check": "in-person", "synced": False}
    events.append(EventKind.KEY_ENROLLED, subject_kind="person", subject=person.person_id, actor={}, data=said)

    told = run("issue")

    assert cards.key_id(spki_of(key)) in told
    assert run("issue") == ""
    assert KeyCard.objects.get(key=cards.key_id(spki_of(key))).subject == person.person_id
    assert findings() == []


def test_who_signs_in_no_role_gets_no_card(keys, person, pem):
    Person.objects.filter(pk=person.pk).update(confirmed_at=None)

    said = refused("issue", "--person", person.person_id, "--public-key", pem(ed25519.Ed25519PrivateKey.generate()))

    assert "second lead" in said


def test_a_card_ends_with_the_credentials(keys, person, pem):
    day = timezone.now().date() + timedelta(days=10)
    Person.objects.filter(pk=person.pk).update(valid_until=day)

    run("issue", "--person", person.person_id, "--public-key", pem(ed25519.Ed25519PrivateKey.generate()))

    card = KeyCard.objects.get(holder="person").card
    until = json.loads(cards.decoded(card.split(".")[1]))["validUntil"]
    assert until == f"{day + timedelta(days=1)}T00:00:00.000000Z"


def test_a_revoked_key_is_told_with_its_instant_and_gets_no_new_card(keys, person, pem, client):
    path = pem(ed25519.Ed25519PrivateKey.generate())
    run("issue", "--person", person.person_id, "--public-key", path)
    key = KeyCard.objects.get(holder="person").key

    run("revoke", "--reason", "lost", "--since", "2026-03-03T12:00:00+01:00", "--", key)

    (row,) = [row for row in client.get("/api/v1/keys/").json()["results"] if row["holder"] == "person"]
    event = Event.objects.order_by("number").last()
    assert row["revoked"] == {"since": "2026-03-03T11:00:00.000000Z", "reason": "lost", "event": event.number}
    assert (event.subject_kind, event.subject) == ("person", person.person_id)
    assert "revoked" in refused("issue", "--person", person.person_id, "--public-key", path)


def test_rotation_is_signed_by_the_key_before_and_all_cards_are_issued_again(keys, person, pem, client):
    run("issue", "--person", person.person_id, "--public-key", pem(ed25519.Ed25519PrivateKey.generate()))

    run("rotate", "--new", keys / "next.pem")

    old, new = organisation(client)
    assert proofs.verified(new["signed"], old["spki"])["spki"] == new["spki"]
    assert (old["until"], new["until"]) == (new["since"], None)
    told = client.get("/api/v1/keys/").json()["results"]
    assert [row["holder"] for row in told] == ["delivery", "person", "delivery", "person"]
    assert [cards.signer_of(row["card"]) for row in told] == [old["id"], old["id"], new["id"], new["id"]]
    assert findings() == []


def test_a_lost_key_is_replaced_without_its_signature_and_it_shows(keys, client):
    (keys / "organisation.pem").unlink()

    assert "ORGANISATION_KEY" in refused("rotate", "--new", keys / "next.pem")
    run("rotate", "--new", keys / "next.pem", "--lost")

    assert [row["signed"] for row in organisation(client)] == [None, None]


def test_only_the_key_in_force_issues(keys, settings):
    run("rotate", "--new", keys / "next.pem")  # ORGANISATION_KEY is still the old one

    assert "in force" in refused("issue", "--delivery")
    settings.ORGANISATION_KEY = str(keys / "next.pem")
    run("issue", "--delivery")


def test_a_card_that_somebody_inserted_is_named(keys, person):
    """As the application's role, with the ledger's counter right and no trigger dropped."""
    forger = SigningKey(ed25519.Ed25519PrivateKey.generate())
    KeyCard.objects.filter(holder="organisation").update(key=forger.id, spki=forger.spki)
    issuing.issue_to_person(person, forger.spki, "Ed25519", by=forger, actor={})

    assert "card_not_signed" in findings()


def test_a_rotation_that_somebody_inserted_is_named(keys, client):
    forger = SigningKey(ed25519.Ed25519PrivateKey.generate())
    last = issuing.current()
    data = {
        "key": forger.id,
        "spki": forger.spki,
        "before": last.key,
        "card": forger.sign({"spki": forger.spki}, typ="x"),
    }
    issuing._append(EventKind.KEY_ROTATED, forger.id, data, actor={})

    assert "card_not_signed" in findings()


def test_a_card_of_another_person_is_named(keys, person, people):
    key, line = private_keys.organisation_key(), None
    line = issuing.issue_to_person(person, SigningKey(ed25519.Ed25519PrivateKey.generate()).spki, "x", by=key, actor={})
    events.append(
        EventKind.KEY_ISSUED, subject_kind="person", subject=issuing._uuid(key.id), actor={}, data=dict(line.data)
    )

    assert "card_not_signed" in findings()


def test_the_worker_signs_the_head_and_strangers_check_it(keys, client):
    keep.keep(timezone.now())

    head = client.get("/api/v1/ledger/head/").json()
    (delivery,) = [row for row in client.get("/api/v1/keys/").json()["results"] if row["holder"] == "delivery"]
    card = proofs.verified(delivery["card"], organisation(client)[0]["spki"])
    said = proofs.verified(head["signed"], card["credentialSubject"]["key"]["spki"])
    assert said == {name: head[name] for name in ("log", "size", "root", "at")}
    assert findings() == []


def test_a_delivery_key_without_a_card_in_force_signs_nothing(keys, client):
    run("revoke", KeyCard.objects.get(holder="delivery").key, "--reason", "compromised")

    keep.keep(timezone.now())

    assert client.get("/api/v1/ledger/head/").json()["signed"] is None


def test_a_head_that_no_delivery_key_signed_is_named(keys):
    keep.keep(timezone.now())
    forger = SigningKey(ed25519.Ed25519PrivateKey.generate())
    head = TreeHead.objects.get()
    TreeHead.objects.update(signed=forger.sign({"size": head.size, "root": head.root}, typ=keep.HEAD))

    assert findings() == ["head_not_signed"]


def test_without_a_key_all_goes_on_and_the_api_says_so(published, folder, client):
    keep.keep(timezone.now())

    assert client.get("/api/v1/ledger/head/").json()["signed"] is None
    assert organisation(client) == []
    assert client.get("/api/v1/keys/").json() == {"results": [], "next": None}


def test_a_key_from_the_environment_needs_no_file(keys, settings):
    pem = (keys / "organisation.pem").read_text()
    settings.ORGANISATION_KEY = pem.replace("\n", "\\n")
    (keys / "organisation.pem").unlink()

    run("issue", "--delivery")


def test_a_key_that_others_can_read_is_refused(keys):
    (keys / "organisation.pem").chmod(0o644)

    assert "chmod 600" in refused("issue", "--delivery")


@pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_what_is_no_key_is_refused_without_repeating_it(keys, settings, text):
    path = keys / "organisation.pem"
    path.write_text(text)

    said = refused("issue", "--delivery")

    assert not text or text not in said


def test_a_key_is_never_overwritten(tmp_path):
    private_keys.make(tmp_path / "a.pem")

    with pytest.raises(NoKey, match="exists"):
        private_keys.make(tmp_path / "a.pem")


def test_the_private_keys_are_in_no_backup_pack_table_or_log(keys, tmp_path, client, published, caplog):
    caplog.set_level(logging.DEBUG)
    run("rotate", "--new", keys / "next.pem")
    keep.keep(timezone.now())
    secrets = [secret for path in keys.iterdir() for secret in forms(path.read_bytes())]
    call_command("evidence_pack", str(published.article_id), "--out", str(tmp_path / "pack.zip"), stdout=StringIO())
    with zipfile.ZipFile(io.BytesIO((tmp_path / "pack.zip").read_bytes())) as pack:
        told = [pack.read(name) for name in pack.namelist()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            told += [
                bytes(cell) if isinstance(cell, memoryview) else str(cell).encode() for row in cursor for cell in row
            ]

    text = b"\n".join([*told, caplog.text.encode(), repr(private_keys.organisation_key()).encode()])

    assert len(secrets) == 12
    assert not [secret for secret in secrets if secret in text]


def test_a_backup_of_a_folder_with_a_key_is_refused(keys, tmp_path, settings):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.ORGANISATION_KEY = str(tmp_path / "media" / "organisation.pem")

    with pytest.raises(CommandError, match="ORGANISATION_KEY"):
        call_command("backup", str(tmp_path / "backup.tar"), stdout=StringIO(), stderr=StringIO())
    assert not (tmp_path / "backup.tar").exists()


def forms(pem: bytes) -> list[bytes]:
    """The secret as it could lie somewhere: raw, in hex, in base64, as in PEM."""
    key = serialization.load_pem_private_key(pem, password=None)
    raw = key.private_bytes_raw()
    return [raw, raw.hex().encode(), cards.encoded(raw).encode()[:42], pem.splitlines()[1][22:]]


def test_cards_are_given_page_by_page(keys, client):
    for _ in range(3):
        run("issue", "--delivery")

    first = client.get("/api/v1/keys/?page_size=3").json()
    second = client.get(first["next"].removeprefix("http://testserver")).json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (3, 1, None)
