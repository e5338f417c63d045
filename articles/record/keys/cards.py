"""Keys and their cards in words: ids, encodings, and what a compact JWS says. Pure, and verifies nothing.

Nothing here can sign: private keys are read in articles.publishing.proof only.
"""

import hashlib
import json
from base64 import b64decode, urlsafe_b64encode
from typing import Any

ES256, EDDSA, RS256 = -7, -8, -257  # numbers of COSE
ALGORITHM = "Ed25519"  # as RFC 9864 names it; its older name in JWS is EdDSA
NAMES = {ES256: "ES256", EDDSA: ALGORITHM, RS256: "RS256"}
ORGANISATION, DELIVERY, PERSON = "organisation", "delivery", "person"


def challenge_of(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Raises ValueError for what is not base64url."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def key_id(spki: str) -> str:
    """43 characters: base64url of the SHA-256 of a public key (SubjectPublicKeyInfo, DER, base64url)."""
    return encoded(hashlib.sha256(decoded(spki)).digest())


def payload_of(signed: str) -> dict[str, Any]:
    """What a compact JWS says, whoever signed it. Raises ValueError."""
    value: dict[str, Any] = json.loads(decoded(signed.split(".")[1]))
    return value


def signer_of(signed: str) -> str:
    """The id of the key that a compact JWS names, "" if it names none."""
    try:
        return str(json.loads(decoded(signed.partition(".")[0]))["kid"])
    except (ValueError, TypeError, LookupError):
        return ""
