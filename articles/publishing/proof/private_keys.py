"""The private keys of the organisation and of delivery: from a file or an environment variable, never anywhere else.

ORGANISATION_KEY and DELIVERY_KEY name a file in PEM, or hold the PEM itself; by default `keys/` in VAR_DIR. A key is
read when it is used and kept nowhere: not in the database, in a log, in a backup or in an evidence pack.
"""

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from joserfc import jws
from joserfc.jwk import OKPKey

from articles.errors import DomainError
from articles.record.canonical import exact_bytes
from articles.record.keys.cards import ALGORITHM, encoded, key_id

BEGINNING = "-----BEGIN"
OTHERS = 0o077  # bits of a file's mode by which others than its owner may use it


class NoKey(DomainError):
    code = "no-key"
    title = "A key is missing or cannot be used."


class SigningKey:
    """An Ed25519 key that can sign. Its text never shows more than its id."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self._key = OKPKey.import_key(pem_of(key))
        self.spki = encoded(public)
        self.id = key_id(self.spki)

    def __repr__(self) -> str:
        return f"<SigningKey {self.id}>"

    def sign(self, value: dict, *, typ: str) -> str:
        """A compact JWS (RFC 7515) over the canonical form of the value; `typ` says what it is."""
        head = {"alg": ALGORITHM, "kid": self.id, "typ": typ}
        return jws.serialize_compact(head, exact_bytes(value), self._key, algorithms=[ALGORITHM])


def organisation_key(given: str = "") -> SigningKey:
    """Raises NoKey."""
    return read(given or settings.ORGANISATION_KEY, "the organisation's key", "ORGANISATION_KEY")


def delivery_key() -> SigningKey | None:
    """None where this process has none. Raises NoKey for one that cannot be used."""
    given = settings.DELIVERY_KEY
    if not given.startswith(BEGINNING) and not Path(given).exists():
        return None
    return read(given, "the delivery key", "DELIVERY_KEY")


def read(given: str, what: str, variable: str) -> SigningKey:
    pem = given if given.startswith(BEGINNING) else _file(Path(given), what, variable)
    try:
        key = serialization.load_pem_private_key(pem.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise NoKey(
            f"{what.capitalize()} cannot be read: it must be an Ed25519 key in PEM, without a password."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"{what.capitalize()} is not an Ed25519 key.")
    return SigningKey(key)


def make(path: Path) -> SigningKey:
    """Write a new key to a file that only its owner reads, in a folder that only its owner enters. Raises NoKey if the
    file exists."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    while SigningKey(key).id.startswith("-"):  # a command line would read such an id as an option
        key = Ed25519PrivateKey.generate()
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise NoKey(f"{path} exists already. A key is never overwritten: move it away first.") from error
    with os.fdopen(file, "wb") as out:
        out.write(pem_of(key))
    return SigningKey(key)


def pem_of(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _file(path: Path, what: str, variable: str) -> str:
    try:
        if path.stat().st_mode & OTHERS:
            raise NoKey(f"{path} can be read by others. Run `chmod 600 {path}`, and consider whether anybody has.")
        return path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        said = (
            f"{what.capitalize()} is not at {path} ({type(error).__name__}). Set {variable} to its file or to its PEM."
        )
        raise NoKey(said) from error
