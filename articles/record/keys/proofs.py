"""Verifies signatures: the proof that a passkey signed a statement, and a JWS of a key. Pure: no clock, no database.

A proof is {assertion: {authenticatorData, clientDataJSON, signature}, key: {id, spki, alg}, rp, origin}; bytes are
base64url without padding, `spki` is DER, `alg` a number of COSE. The challenge is the SHA-256 of the statement.
Source: W3C Web Authentication Level 3, §7.2; RFC 9053. Delivery verifies nothing, and does not import this module:
cryptography would take 8 MiB of each of its processes.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from articles.record.keys.cards import ALGORITHM, EDDSA, ES256, RS256, challenge_of, decoded, encoded

PRESENT, VERIFIED = 1, 4  # flags of the authenticator: the person was there, and was verified
RP_HASH = 32  # bytes; the flags follow


def fault(proof: Mapping[str, Any], statement: str) -> str:
    """Why the proof does not hold for this statement, as a sentence; "" if it holds."""
    try:
        return _fault(proof, statement)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return f"The proof cannot be read ({type(error).__name__})."


def _fault(proof: Mapping[str, Any], statement: str) -> str:
    assertion, key = proof["assertion"], proof["key"]
    client, authenticator = decoded(assertion["clientDataJSON"]), decoded(assertion["authenticatorData"])
    said = json.loads(client)
    if said["challenge"] != encoded(challenge_of(statement)):
        return "The passkey signed another statement."
    if said["type"] != "webauthn.get":
        return "The passkey was not asked for a signature."
    if said["origin"] != proof["origin"] or said.get("crossOrigin"):
        return "The passkey signed for another origin."
    if authenticator[:RP_HASH] != hashlib.sha256(proof["rp"].encode()).digest():
        return "The passkey signed for another relying party."
    if authenticator[RP_HASH] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        return "The passkey did not verify the person."
    signed = authenticator + hashlib.sha256(client).digest()
    if not is_signed(decoded(key["spki"]), key["alg"], decoded(assertion["signature"]), signed):
        return "The signature is not that of the passkey."
    return ""


def is_signed(spki: bytes, alg: int, signature: bytes, message: bytes) -> bool:
    """Whether the signature holds. A key of another kind than `alg` says signs nothing."""
    key = load_der_public_key(spki)
    try:
        if alg == ES256 and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
            key.verify(signature, message, ec.ECDSA(SHA256()))
        elif alg == EDDSA and isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        elif alg == RS256 and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def verified(signed: str, spki: str) -> dict[str, Any] | None:
    """The payload of a compact JWS if this Ed25519 key signed it, else None."""
    try:
        head, payload, signature = signed.split(".")
        key = load_der_public_key(decoded(spki))
        if json.loads(decoded(head))["alg"] != ALGORITHM or not isinstance(key, ed25519.Ed25519PublicKey):
            return None
        key.verify(decoded(signature), f"{head}.{payload}".encode())
        value = json.loads(decoded(payload))
    except (ValueError, TypeError, LookupError, AttributeError, InvalidSignature, UnsupportedAlgorithm):
        return None
    return value if isinstance(value, dict) else None
