"""A document in memory: what it says (`value`), its canonical bytes and their digest."""

from dataclasses import dataclass
from typing import Any

from articles.document.folding import folded
from articles.record.canonical import digest_of, document_bytes
from articles.record.documents import read_document

FORMAT = 1


@dataclass(frozen=True)
class Document:
    """`kind` is one of DocumentKind; the bytes carry kind and format too. `value` holds all members, empty ones too."""

    kind: str
    value: dict[str, Any]
    content: bytes
    digest: str
    format: int = FORMAT


def make_document(kind: str, value: dict[str, Any]) -> Document:
    """Folds white space and leaves out what says nothing. Raises NotRepresentable without a canonical form."""
    content = document_bytes(folded({"kind": kind, "format": FORMAT} | value))
    return Document(kind, read_document(content), content, digest_of(content))
