"""Canonical JSON: the same value gives the same bytes on every machine. Source: RFC 8785 (JCS), RFC 7493 (I-JSON).

Only strings, booleans, null, integers up to 2^53-1, lists and objects; strings in NFC, without NUL
and lone surrogates. Decimals are strings: a float is refused.
"""

import hashlib
import unicodedata

import rfc8785

from articles.errors import NotRepresentable


def canonical_bytes(value: object) -> bytes:
    """The RFC 8785 form of `value`, strings in NFC. Raises NotRepresentable, saying where."""
    try:
        return rfc8785.dumps(_normal(value, "$"))
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotRepresentable(f"The content has no canonical form: {error}.") from error


def digest_of(content: bytes) -> str:
    """`sha-256:` and the hex digest of the bytes."""
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def _normal(value, path: str):
    if isinstance(value, str):
        return _string(value, path)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_normal(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {_string(str(key), path): _normal(item, f"{path}.{key}") for key, item in value.items()}
    raise NotRepresentable(
        f"{path} holds a {type(value).__name__}; only text, whole numbers, lists and objects are kept."
    )


def _string(text: str, path: str) -> str:
    if "\x00" in text:
        raise NotRepresentable(f"{path} holds a NUL character; remove it.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise NotRepresentable(f"{path} holds half a character (a lone surrogate); type it again.")
    return unicodedata.normalize("NFC", str(text))
