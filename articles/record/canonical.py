"""Canonical JSON: the same value gives the same bytes on every machine. Source: RFC 8785 (JCS), RFC 7493 (I-JSON).

Only strings, booleans, null, integers up to 2^53-1, lists and objects; strings in NFC, without NUL
and lone surrogates. Decimals are strings: a float is refused. Documents have no empty members.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import rfc8785

from articles.errors import NotRepresentable


def canonical_bytes(value: object) -> bytes:
    """The RFC 8785 form of `value`, strings in NFC. Raises NotRepresentable with the place."""
    return _dump(_mapped(value, "$", lambda text: unicodedata.normalize("NFC", text)))


def document_bytes(value: object) -> bytes:
    """The canonical form of a document, without empty members. Raises NotRepresentable."""
    return canonical_bytes(without_empty_members(value))


def without_empty_members(value: Any) -> Any:
    """Without object members that are null, "", [] or {}, at any depth. Elements of lists stay; False and 0 do too."""
    if isinstance(value, dict):
        kept = {key: without_empty_members(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        return [without_empty_members(item) for item in value]
    return value


def exact_bytes(value: object) -> bytes:
    """`canonical_bytes` with strings as they are stored, so that a hash reveals each changed character."""
    return _dump(_mapped(value, "$", str))


def _dump(value: Any) -> bytes:
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotRepresentable(f"The content has no canonical form: {error}.") from error


def digest_of(content: bytes) -> str:
    """`sha-256:` and the hex digest of the bytes."""
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def _mapped(value, path: str, form: Callable[[str], str]):
    if isinstance(value, str):
        return form(_string(value, path))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_mapped(item, f"{path}[{index}]", form) for index, item in enumerate(value)]
    if isinstance(value, dict):
        return {form(_string(str(key), path)): _mapped(item, f"{path}.{key}", form) for key, item in value.items()}
    raise NotRepresentable(
        f"{path} contains a {type(value).__name__}. Only text, whole numbers, lists and objects can be stored."
    )


def _string(text: str, path: str) -> str:
    if "\x00" in text:
        raise NotRepresentable(f"{path} contains a NUL character. Remove it.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise NotRepresentable(f"{path} contains half a character (a lone surrogate). Type it again.")
    return str(text)


def values_of(value: Any, key: str) -> Iterator[Any]:
    """Every value under `key`, at any depth, in order."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from values_of(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from values_of(item, key)
