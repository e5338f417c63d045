"""A document in memory: what it says (`value`), its canonical bytes and their digest."""

from dataclasses import dataclass
from typing import Any

from articles.record.canonical import canonical_bytes, digest_of

FORMAT = 1


@dataclass(frozen=True)
class Document:
    """`kind` is one of DocumentKind; the bytes carry kind and format too."""

    kind: str
    value: dict[str, Any]
    content: bytes
    digest: str
    format: int = FORMAT


def make_document(kind: str, value: dict[str, Any]) -> Document:
    """Raises NotRepresentable when the value has no canonical form."""
    value = {"kind": kind, "format": FORMAT} | value
    content = canonical_bytes(value)
    return Document(kind, value, content, digest_of(content))
