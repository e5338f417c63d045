"""Verify an evidence pack: `python3 verify_pack.py [--organisation KEYID] PACK.zip`.

Prints findings; exit 0 valid, 1 findings, 2 no file. KEYID is the id of the organisation's key as you know it from
elsewhere; give it again for another key. `--passkeys` refuses clinicians' sign-offs with a password.

This script shares no code with Vetted. It uses the standard library, and the package “cryptography” for signatures. A
pack is valid if:
- the ZIP contains exactly its files, and each file has the SHA-256 in the manifest;
- each full ledger line matches its hash, and each line carries the hash of the previous line, up to the head;
- each sign-off and the edition have the columns that their ledger lines sealed;
- the statement of each sign-off says what its columns say, and a passkey signed it if the sign-off says so;
- the organisation's key signed the card of that passkey, which counted then and fits the person and the role;
- the log has the lines of sign-offs, publications and keys, and a key of delivery signed its head;
- each document has the SHA-256 that a sign-off names, or the ledger records that it was erased;
- a clinician signed the medical part of the edition, and somebody its presentation;
- no line between the edition's own and the requested moment replaced or withdrew the edition.
"""

import argparse
import base64
import hashlib
import io
import itertools
import json
import sys
import urllib.parse
import zipfile
from datetime import UTC, datetime

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_public_key
except ImportError:
    CAN_CHECK = False
else:
    CAN_CHECK = True

SEALED = ("part", "digest", "role", "scope")
DECISIVE = ("published", "withdrawn", "returned")  # lines after which another edition, or none, is live
FACTS = {"article", "as_of", "edition", "published", "digests", "row", "documents", "head"}
STATED = ("role", "scope", "meaning", "name", "registration")
ALGORITHMS = {-7: "ES256", -8: "Ed25519", -257: "RS256"}
TOLD = {"key-rotated": ("key", "spki", "before"), "key-issued": ("key", "card"), "published": ("edition", "digests")}
UNCHECKED = (
    "Signatures were NOT checked: the package “cryptography” is not installed. Install it (pip install cryptography), "
    "or use verify.html."
)


def main(arguments):
    parser = argparse.ArgumentParser("verify_pack.py", description="Verify an evidence pack of Vetted.")
    parser.add_argument("pack", metavar="PACK.zip")
    parser.add_argument("--organisation", metavar="KEYID", action="append", default=[])
    parser.add_argument("--passkeys", action="store_true", help="refuse clinicians' sign-offs with a password")
    try:
        given = parser.parse_args(arguments)
        with open(given.pack, "rb") as file:
            content = file.read()
    except (SystemExit, OSError) as error:
        print(f"usage: verify_pack.py [--organisation KEYID] [--passkeys] PACK.zip ({error})", file=sys.stderr)
        return 2
    notes: list[str] = []
    findings = verify(content, given.organisation, passkeys=given.passkeys, notes=notes)
    print("\n".join(findings) if findings else "The pack is valid: nothing was changed.")
    print("".join(f"Note: {note}\n" for note in notes), end="")
    return 1 if findings else 0


def verify(content, organisation=(), *, passkeys=False, notes=None):
    """Every finding, as a sentence. What you should know beside them is added to `notes`."""
    found = []
    try:
        found.extend(check(content, organisation, passkeys, [] if notes is None else notes))
    except Exception as error:  # any error that a changed byte causes is a finding
        found.append(f"The pack cannot be read ({type(error).__name__}: {error}).")
    return found


def check(content, organisation, passkeys, notes):
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    facts, signoffs = read_json(files["pack.json"], b"\n"), read_json(files["signoffs.json"], b"\n")
    rows = [read_json(row) for row in files["ledger.jsonl"].removesuffix(b"\n").split(b"\n")]
    lines = {row["number"]: row for row in rows if "kind" in row}
    yield from check_files(content, files)
    yield from check_chain(rows, facts["head"])
    yield from check_signoffs(signoffs, lines)
    yield from check_documents(facts, files, signoffs, lines)
    yield from check_answer(facts, signoffs, lines)
    world = World(read_json(files["keys.json"], b"\n"), organisation, notes)
    yield from world.findings
    refused = {}
    for row in signoffs:
        refused[row["number"]] = reasons = check_proof(row["number"], row["columns"], world)
        yield from (f"Sign-off {row['number']}: {reason}" for reason in reasons)
    yield from check_replays(signoffs)
    yield from check_clinician(facts, signoffs, refused, passkeys, lines, notes)
    yield from check_log(read_json(files["log.json"], b"\n"), rows, signoffs, world)
    yield from check_state(files.get("state.jws"), facts, world)
    if not CAN_CHECK and world.asked:
        yield UNCHECKED


def check_files(content, files):
    if make_zip(files) != content:
        yield "The ZIP contains bytes that do not belong to its files."
    named = read_json(files["manifest.json"])
    if named != {"files": {name: sha(files[name]) for name in files if name != "manifest.json"}}:
        wrong = [name for name in named["files"] if name not in files or sha(files[name]) != named["files"][name]]
        yield f"The manifest does not match the files: {', '.join(wrong) or 'it leaves some out'}."


def make_zip(files):
    """Stored, sorted, undated."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            pack.writestr(entry, files[name])
    return buffer.getvalue()


def check_chain(rows, head):
    for before, row in itertools.pairwise(rows):
        if (row["number"], row["previous_hash"]) != (before["number"] + 1, before["hash"]):
            yield f"Line {row['number']} does not follow line {before['number']}: the chain is broken."
    for row in rows:
        content = {key: part for key, part in row.items() if key != "hash"}
        if "kind" in row and sha(canonical(content)) != row["hash"]:
            yield f"Line {row['number']} does not match its hash: it was changed."
        if "kind" not in row and set(content) != {"number", "previous_hash"}:
            yield f"Line {row['number']} is neither a full line nor a link of the chain."
    if head != {"number": rows[-1]["number"], "hash": rows[-1]["hash"]}:
        yield "The last line is not the head that pack.json names."


def check_signoffs(signoffs, lines):
    for row in signoffs:
        line, columns = lines[row["number"]], row["columns"]
        said = [columns["subject"], *(columns[name] for name in SEALED)]
        if line["kind"] != "signed" or said != [line["subject"], *(line["data"][name] for name in SEALED)]:
            yield f"Sign-off {row['number']} differs from its ledger line."
        if set(row) != {"number", "columns"} or line["data"]["row"] != seal(columns):
            yield f"Sign-off {row['number']} does not match its seal: a column was changed."


def check_documents(facts, files, signoffs, lines):
    signed = {row["columns"]["digest"] for row in signoffs}
    erased = {line["data"]["digest"] for line in lines.values() if line["kind"] == "erased"}
    named = {row["file"]: row for row in facts["documents"]}
    for name in sorted(named.keys() | {name for name in files if name.startswith("documents/")}):
        row = named[name]
        if set(row) != {"file", "digest", "erased"} or row["digest"] not in signed:
            yield f"{name}: no sign-off in this pack signed its digest."
        if row["erased"] and (name in files or row["digest"] not in erased):
            yield f"{name}: it is marked as erased, but the ledger records no erasure."
        if not row["erased"] and "sha-256:" + sha(files[name]) != row["digest"]:
            yield f"{name}: its bytes do not match the signed digest."
    for part, digest in facts["digests"].items():
        if named[f"documents/{part}.json"]["digest"] != digest:
            yield f"documents/{part}.json: it is not the {part} part of the edition."


def check_answer(facts, signoffs, lines):
    line = lines[facts["published"]]
    said = (line["kind"], line["subject"], line["data"]["edition"], line["data"]["digests"])
    if said != ("published", facts["article"], facts["edition"], facts["digests"]):
        yield f"Line {line['number']} did not publish this edition of this article."
    if set(facts) != FACTS or line["data"]["row"] != seal(facts["row"]):
        yield "The edition does not match its seal: a column was changed."
    if missing := set(facts["row"]["signoffs"]) - {row["number"] for row in signoffs}:
        yield f"The edition relies on sign-offs that are not in this pack: {sorted(missing)}."
    if line["at"] > facts["as_of"]:
        yield "The edition was published after the moment of the pack."
    later = [row for row in lines.values() if row["kind"] in DECISIVE and row["subject"] == facts["article"]]
    later = [row for row in later if row["number"] > line["number"] and line["at"] < row["at"] <= facts["as_of"]]
    if later and (later[-1]["kind"], later[-1]["data"].get("edition")) != ("returned", facts["edition"]):
        yield f"Line {later[-1]['number']} ({later[-1]['kind']}) ended the edition before the moment of the pack."


class World:
    """Whose key is whose: `trusted` {id: (spki, from line, to line)} of the organisation, and the cards."""

    def __init__(self, keys, known, notes):
        self.cards, self.organisation, self.notes, self.asked = keys["cards"], keys["organisation"], notes, False
        self.trusted: dict[str, tuple[str, int, int]] = {}
        self.findings: list[str] = []
        before = ""
        for at, key in enumerate(self.organisation):
            after = self.organisation[at + 1 :]
            next_by_it = self.signed(key["signed"], self.trusted.get(before, ("", 0, 0))[0], "vetted-rotation+jwt")
            is_known = not known or key["id"] in known or (next_by_it or {}).get("spki") == key["spki"]
            if is_known and key_id(key["spki"]) == key["id"]:
                self.trusted[key["id"]] = (key["spki"], key["event"], after[0]["event"] if after else 2**53)
            if key["alg"] != "Ed25519" or key["until"] != (after[0]["since"] if after else None):
                self.findings.append(f"keys.json says something else of the key {key['id']} than it should.")
            before = key["id"]
        for row in self.cards:
            is_delivery = said_by(row["card"], 1)["credentialSubject"]["roles"] == ["delivery"]
            if row["holder"] != ("delivery" if is_delivery else "person"):
                self.findings.append(f"keys.json says something else of the holder of {row['key']} than the card.")
        if not known:
            named = ",".join(self.trusted) or "none"
            notes.append(f"You named no key of the organisation, so its own word was taken: {named}")
        elif not self.trusted:
            self.findings.append("The organisation’s key is not the one that you named.")

    def signed(self, jws, spki, kind):
        """The payload of a compact JWS by this Ed25519 key, else None."""
        try:
            head, payload, signature = jws.split(".")
            told = json.loads(decoded(head))
            if told["alg"] != "Ed25519" or told["typ"] != kind or not spki:
                return None
            is_held = self.holds(-8, spki, decoded(signature), f"{head}.{payload}".encode())
            return json.loads(decoded(payload)) if is_held else None
        except (AttributeError, ValueError, TypeError, KeyError):
            return None

    def holds(self, alg, spki, signature, message):
        """True where signatures cannot be checked; `check` says so."""
        self.asked = True
        if not CAN_CHECK:
            return True
        key = load_der_public_key(decoded(spki))
        try:
            if alg == -7 and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
                key.verify(signature, message, ec.ECDSA(SHA256()))
            elif alg == -8 and isinstance(key, ed25519.Ed25519PublicKey):
                key.verify(signature, message)
            elif alg == -257 and isinstance(key, rsa.RSAPublicKey):
                key.verify(signature, message, padding.PKCS1v15(), SHA256())
            else:
                return False
        except InvalidSignature:
            return False
        return True

    def card(self, spki, at, event):
        """(subject, "") of the card in force at that moment, or (None, why not)."""
        fault = "No card says whose key this is."
        for row in self.cards:
            if row["key"] != key_id(spki):
                continue
            issuer, start, end = self.trusted.get(said_by(row["card"], 0).get("kid"), ("", 0, 0))
            card = self.signed(row["card"], issuer, "vc+jwt") if start < row["event"] < end else None
            revoked, subject = row["revoked"], card["credentialSubject"] if card else {}
            if revoked and (revoked["event"] < event or revoked["since"] <= at):
                return None, f"The key was revoked (event {revoked['event']}, since {revoked['since']})."
            if card is None:
                fault = "The organisation’s key did not sign the card."
            elif subject["key"]["spki"] != spki:
                fault = "The card is of another key."
            elif not card["validFrom"] <= at < card["validUntil"]:
                fault = "The card was not valid when this was signed."
            else:
                return subject, ""
        return None, fault

    def by_delivery(self, jws, kind):
        """The payload if a key of delivery with a card signed it, else None."""
        named = said_by(jws, 0).get("kid")
        card = next((row["card"] for row in self.cards if row["key"] == named), "")
        spki = said_by(card, 1).get("credentialSubject", {}).get("key", {}).get("spki", "")
        told = self.signed(jws, spki, kind)
        subject = self.card(spki, told["at"], 0)[0] if told else None
        return told if subject and "delivery" in subject["roles"] else None


def check_proof(number, columns, world):
    """Why the sign-off proves nothing, as sentences."""
    try:
        return [*_faults(number, columns, world)]
    except (AttributeError, KeyError, TypeError, ValueError, IndexError):
        return ["Its statement or proof cannot be read."]


def _faults(number, columns, world):
    text, proof, method = columns["statement"], columns.get("proof"), columns["method"]
    said = json.loads(text)
    if canonical(said).decode() != text or said.get("v") != "vetted-signoff/1":
        yield "This is not the statement of a sign-off."
    for name in STATED:
        if said.get(name, "") != columns[name]:
            yield f"The signed statement has another {name}."
    if said["at"] != columns["signed_at"]:
        yield "The signed statement has another time."
    items = [
        item for item in said["items"] if all(item[name] == columns[name] for name in ("subject", "part", "digest"))
    ]
    if not items:
        yield "The signed statement does not name this text."
    if not any(item.get("change", {}) == columns.get("change", {}) for item in items):
        yield "The signed statement has another change note."
    if method == "password" and not proof:
        who = f"{columns['name']}, {columns['role']}, {columns['part']} part"
        world.notes.append(
            f"Sign-off {number} ({who}) was given with a password: the record says so, nothing proves it."
        )
        return
    if method != "passkey":
        yield f"It says {method}, and has the proof of a passkey."
    yield from _faults_of_passkey(number, columns, said, world)


def _faults_of_passkey(number, columns, said, world):
    proof = columns["proof"]
    assertion, key, rp, origin = (proof[name] for name in ("assertion", "key", "rp", "origin"))
    client, data = decoded(assertion["clientDataJSON"]), decoded(assertion["authenticatorData"])
    told, host = json.loads(client), urllib.parse.urlsplit(origin).hostname
    if told["challenge"] != encoded(hashlib.sha256(columns["statement"].encode()).digest()):
        yield "The passkey signed another statement."
    if told["type"] != "webauthn.get":
        yield "The passkey was not asked for a signature."
    if told["origin"] != origin or told.get("crossOrigin"):
        yield "The passkey signed for another origin."
    if host != rp and not host.endswith(f".{rp}"):
        yield "The origin does not belong to the relying party."
    if data[:32] != hashlib.sha256(rp.encode()).digest():
        yield "The passkey signed for another relying party."
    if data[32] & 5 != 5:
        yield "The passkey did not verify the person."
    signature = decoded(assertion["signature"])
    if not world.holds(key["alg"], key["spki"], signature, data + hashlib.sha256(client).digest()):
        yield "The signature is not that of the passkey."
    subject, fault = world.card(key["spki"], said["at"], number)
    is_editor = said["role"] == "editor"
    if subject is None and is_editor and fault.startswith("No card"):  # cards are for those who sign as clinicians
        world.notes.append(f"Sign-off {number} (an editor's) has a passkey, and no card says whose it is.")
    elif subject is None:
        yield fault
    else:
        yield from _faults_of_card(columns, key, subject, is_editor)


def _faults_of_card(columns, key, subject, is_editor):
    for name in ("name", "registration", "credentials"):
        if subject.get(name, "") != columns[name]:
            yield f"The card has another entry under {name}."
    if subject["id"] != f"urn:uuid:{columns['person']}":
        yield "The card is of another person."
    if not is_editor and columns["role"] not in subject["roles"]:
        yield f"The card does not have the role “{columns['role']}”."
    if subject["key"]["alg"] != ALGORITHMS.get(key["alg"]):
        yield "The card is of another key."


def check_replays(signoffs):
    seen = set()
    for row in signoffs:
        once = tuple(row["columns"][name] for name in ("statement", "subject", "part", "digest"))
        if once in seen:
            yield f"Sign-off {row['number']}: Its statement was used before."
        seen.add(once)


def check_clinician(facts, signoffs, refused, passkeys, lines, notes):
    """Whose sign-offs the edition rests on."""
    voided = {line["data"]["signoff"]: line["number"] for line in lines.values() if line["kind"] == "voided"}
    notes.extend(
        f"Sign-off {row['number']} was voided by line {voided[row['number']]}: it does not count any more."
        for row in signoffs
        if row["number"] in voided
    )
    given = {
        row["number"]: row["columns"]
        for row in signoffs
        if row["number"] in facts["row"]["signoffs"] and not refused[row["number"]]
    }
    signed = {
        number: row
        for number, row in given.items()
        if (row["subject"], facts["digests"].get(row["part"])) == (facts["article"], row["digest"])
    }
    clinicians = {number: row for number, row in signed.items() if (row["part"], row["role"]) == ("medical", "medical")}
    if not clinicians:
        yield "No clinician signed the medical part."
    if not any(row["part"] == "presentation" for row in signed.values()):
        yield "Nobody signed the presentation part."
    if not any(row["method"] == "passkey" and number not in voided for number, row in clinicians.items()):
        said = "No clinician’s passkey signed the medical part: nothing outside of the record proves who did."
        if passkeys:
            yield said
        else:
            notes.append(said)


def check_log(log, rows, signoffs, world):
    head, hashes = log["head"], {row["number"]: row["hash"] for row in rows}
    told = {name: value for name, value in head.items() if name != "signed"}
    has_key = any(row["holder"] == "delivery" and not row["revoked"] for row in world.cards)
    if (head["signed"] or has_key) and world.by_delivery(head["signed"] or "", "vetted-head+jwt") != told:
        yield "No key of delivery signed the head of the log."
    elif not head["signed"]:
        world.notes.append("Nobody signed the head of the log: the publisher has no delivery key.")
    proofs = {row["event"]: row for row in log["proofs"]}
    lines = {row["number"]: row for row in rows if "kind" in row}
    wanted = {row["number"] for row in signoffs} | {row["event"] for row in [*world.cards, *world.organisation]}
    wanted |= {row["revoked"]["event"] for row in world.cards if row["revoked"]}
    wanted |= {
        line["number"] for line in lines.values() if line["kind"] == "published" and line["subject_kind"] == "article"
    }
    must = {number: {"hash": hashes[number]} for number in wanted if lines.get(number, {}).get("salt")}
    for key in world.organisation:
        must.setdefault(key["event"], {}).update(key=key["id"], spki=key["spki"], at=key["since"])
    for card in world.cards:
        must.setdefault(card["event"], {}).update(key=card["key"], card=card["card"], at=card["issued_at"])
        if revoked := card["revoked"]:
            must.setdefault(revoked["event"], {}).update(since=revoked["since"], kind="key-revoked")
    for number in wanted & lines.keys():
        line = lines[number]
        facts = {name: line["data"][name] for name in TOLD.get(line["kind"], ())}
        must.setdefault(number, {}).update({"kind": line["kind"], "subject": line["subject"]} | facts if facts else {})
    for number in sorted(wanted | proofs.keys()):
        yield from _check_inclusion(number, proofs.get(number), must.get(number, {}), head)


def _check_inclusion(number, proof, must, head):
    if proof is None:
        yield f"Event {number} is not in the log."
        return
    entry, place, last = proof["entry"], number - 1, head["size"] - 1
    found = leaf = hashlib.sha256(b"\0" + canonical(entry)).digest()
    for step in map(bytes.fromhex, proof["path"]):  # RFC 9162, 2.1.3.2
        is_right = place % 2 or place == last
        found = hashlib.sha256(b"\1" + (step + found if is_right else found + step)).digest()
        while is_right and place and not place % 2:
            place, last = place // 2, last // 2
        place, last = place // 2, last // 2
    if last or found.hex() != head["root"] or (proof["leaf"], proof["index"]) != (leaf.hex(), number - 1):
        yield f"The proof that event {number} is in the log does not lead to its head."
    elif any(entry.get(name) != value for name, value in ({"number": number} | must).items()):
        yield f"The log says something else of event {number}."


def check_state(jws, facts, world):
    """What delivery signed last about the article."""
    if jws is None:
        world.notes.append("There is no state: it is not known whether it is still in force.")
        return
    told = world.by_delivery(jws.decode().strip(), "vetted-state+jwt")
    if told is None or told["article"] != facts["article"]:
        yield "No key of delivery signed the state of this article."
    elif told["valid_until"] <= datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"):
        world.notes.append(f"Its state ended on {told['valid_until']}: it is not known whether it is still in force.")
    elif told["status"] in ("withdrawn", "erased"):
        world.notes.append(f"It is {told['status']}. {told['reason']}")
    elif (told["edition"], told["digests"]) != (facts["edition"], facts["digests"]):
        world.notes.append(f"Edition {told['edition']} is in force, not this one.")
    else:
        world.notes.append(f"It was in force on {told['at']}; this counts until {told['valid_until']}.")


def said_by(jws, part):
    """A part of a compact JWS, unchecked."""
    try:
        return json.loads(decoded(jws.split(".")[part]))
    except (AttributeError, ValueError, IndexError):
        return {}


def key_id(spki):
    return encoded(hashlib.sha256(decoded(spki)).digest())


def encoded(raw):
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text):
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def read_json(content, end=b""):
    """The value. Raises ValueError if the bytes are not in canonical form."""
    value = json.loads(content)
    if canonical(value) + end != content:
        raise ValueError(f"JSON that is not in canonical form: {content[:40]!r}")
    return value


def canonical(value):
    """RFC 8785 for strings, integers, booleans, null, lists and objects."""
    return text(value).encode()


def text(value):
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(text(key) + ":" + text(value[key]) for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(text, value)) + "]"
    if isinstance(value, float):
        raise ValueError("a number with a decimal point")
    return json.dumps(value, ensure_ascii=False)


def seal(columns):
    return "sha-256:" + sha(canonical(columns))


def sha(content):
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
