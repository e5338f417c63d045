"""A passkey in software: what a browser and an authenticator would answer, with ES256, EdDSA or RS256."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.timezone import now
from webauthn.helpers import encode_cbor

from articles.record.keys.cards import EDDSA, ES256, RS256, challenge_of, encoded
from articles.record.vocabulary import KeyCheck
from articles.review.passkeys import ceremony, keys
from articles.review.passkeys.models import Passkey, PasskeyRequest
from articles.review.signing.authentication import ASK, Answer, ToSign

FLAGS, ATTESTED = 0b101, 0b1000000  # present and verified; a key is enclosed


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _make(alg: int):
    if alg == ES256:
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate() if alg == EDDSA else rsa.generate_private_key(65537, 2048)


@dataclass
class Authenticator:
    """`flags`, `origin` and `rp` are what an honest one says."""

    alg: int = ES256
    flags: int = FLAGS
    origin: str = ""
    rp: str = ""
    count: int = 0
    id: bytes = field(default_factory=lambda: token_bytes(16))

    def __post_init__(self) -> None:
        self.private = _make(self.alg)
        self.origin, self.rp = self.origin or ceremony.origin(), self.rp or settings.RP_ID

    @property
    def cose(self) -> bytes:
        if self.alg == EDDSA:
            raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
            return encode_cbor({1: 1, 3: EDDSA, -1: 6, -2: raw})
        numbers = self.private.public_key().public_numbers()
        if self.alg == RS256:
            return encode_cbor({1: 3, 3: RS256, -1: _number(numbers.n), -2: _number(numbers.e)})
        x, y = (value.to_bytes(32, "big") for value in (numbers.x, numbers.y))
        return encode_cbor({1: 2, 3: ES256, -1: 1, -2: x, -3: y})

    @property
    def spki(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def create(self, text: str) -> str:
        """The answer to `navigator.credentials.create`, as JSON."""
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self.cose
        data = self._data(self.flags | ATTESTED) + attested
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        response = {"clientDataJSON": encoded(self._client("create", text)), "attestationObject": encoded(attestation)}
        return self._answer(response | {"transports": ["internal"]})

    def get(self, text: str) -> str:
        """The answer to `navigator.credentials.get`, as JSON."""
        self.count += 1
        client, data = self._client("get", text), self._data(self.flags)
        signature = self._sign(data + hashlib.sha256(client).digest())
        response = {"clientDataJSON": client, "authenticatorData": data, "signature": signature}
        return self._answer({name: encoded(value) for name, value in response.items()})

    def _answer(self, response: dict) -> str:
        name = encoded(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client(self, kind: str, text: str) -> bytes:
        said = {"type": f"webauthn.{kind}", "challenge": encoded(challenge_of(text)), "origin": self.origin}
        return json.dumps(said | {"crossOrigin": False}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _sign(self, message: bytes) -> bytes:
        if self.alg == ES256:
            return self.private.sign(message, ec.ECDSA(SHA256()))
        if self.alg == EDDSA:
            return self.private.sign(message)
        return self.private.sign(message, padding.PKCS1v15(), SHA256())


def enroll(user, lead=None, *, device: Authenticator | None = None, name: str = "A phone") -> Authenticator:
    """The person's new passkey; a lead confirms it unless there is none."""
    device = device or Authenticator()
    key = keys.add(ceremony.read_new_key(ceremony.read_answer(device.create("enrol")), "enrol"), user=user, name=name)
    if lead:
        keys.confirm(Passkey.objects.get(pk=key.pk), how=KeyCheck.IN_PERSON, by=lead)
    user.__dict__.pop("_passkeys", None)
    return device


def asked(act, user) -> str:
    """The text that `act(password)` makes for the person's passkey, kept as the view keeps it."""
    try:
        act(ASK)
    except ToSign as asked:
        return ceremony.keep(user, asked.text).text
    raise AssertionError("Nothing was to be signed.")


def sign_with(device: Authenticator, act, user):
    """Both steps of `act(password)`."""
    return act(Answer(device.get(asked(act, user))))


def pass_minutes(minutes: int) -> None:
    PasskeyRequest.objects.update(at=now() - timedelta(minutes=minutes))
