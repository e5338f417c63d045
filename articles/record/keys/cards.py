"""Who holds a key, as the organisation's key says it: ids of keys, and whether a compact JWS was signed by one. Pure.

Nothing here can sign: private keys are read in articles.publishing.proof only.
"""
# ruff: noqa: PLC0415 - delivery verifies nothing, and cryptography would take 8 MiB of each of its processes

import binascii
import hashlib
import json
from typing import Any

from articles.record.keys.proofs import EDDSA, ES256, RS256, decoded, encoded

ALGORITHM = "Ed25519"  # as RFC 9864 names it; its older name in JWS is EdDSA
NAMES = {ES256: "ES256", EDDSA: ALGORITHM, RS256: "RS256"}
ORGANISATION, DELIVERY, PERSON = "organisation", "delivery", "person"


def key_id(spki: str) -> str:
    """43 characters: base64url of the SHA-256 of a public key (SubjectPublicKeyInfo, DER, base64url)."""
    return encoded(hashlib.sha256(decoded(spki)).digest())


def verified(signed: str, spki: str) -> dict[str, Any] | None:
    """The payload of a compact JWS if this Ed25519 key signed it, else None."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        head, payload, signature = signed.split(".")
        key = load_der_public_key(decoded(spki))
        if json.loads(decoded(head))["alg"] != ALGORITHM or not isinstance(key, Ed25519PublicKey):
            return None
        key.verify(decoded(signature), f"{head}.{payload}".encode())
        value = json.loads(decoded(payload))
    except (ValueError, TypeError, LookupError, AttributeError, binascii.Error, InvalidSignature, UnsupportedAlgorithm):
        return None
    return value if isinstance(value, dict) else None


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
