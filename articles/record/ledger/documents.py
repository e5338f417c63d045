"""Verifies that a document's bytes match its digest, and that it is empty only if the ledger records its erasure."""

import json
from collections.abc import Iterator

from articles.record.canonical import digest_of
from articles.record.ledger.finding import Finding, Walk, disagreements
from articles.record.models import Document, SignOff


def check_document(row: Document, walk: Walk) -> Iterator[Finding]:
    place, content = f"document {row.digest}", bytes(row.content)
    first, erased = walk.signed.get(row.digest), walk.erased.get(row.digest)
    if first is None:
        if not SignOff.objects.filter(digest=row.digest).exists():  # otherwise it was signed during this run
            yield Finding("document_unsigned", place, "No ledger line signed it: it was inserted from outside.")
    elif differing := disagreements({"kind": (row.kind, first[2]), "time of storing": (row.stored_at, first[1])}):
        yield Finding("document_differs", place, f"Event {first[0]}, which signed it first, differs in: {differing}.")
    if not content:
        yield from _check_emptied(row, erased, place)
    elif erased:
        yield Finding("erased_is_back", place, f"Event {erased[0]} erased it, but its bytes are present.")
    elif digest_of(content) != row.digest:
        yield Finding("document_changed", place, f"Its bytes have the digest {digest_of(content)}: they were changed.")
    elif differing := disagreements({name: (getattr(row, name), said) for name, said in _said(content).items()}):
        yield Finding("document_differs", place, f"Its bytes differ in: {differing}.")


def _check_emptied(row: Document, erased: tuple[int, dict] | None, place: str) -> Iterator[Finding]:
    if erased is None:
        yield Finding("document_emptied", place, "Its bytes are missing, but no ledger line erased them.")
    elif differing := disagreements({name: (getattr(row, name), erased[1].get(name)) for name in ("kind", "format")}):
        yield Finding("document_differs", place, f"Event {erased[0]}, which erased it, differs in: {differing}.")


def _said(content: bytes) -> dict[str, object]:
    value = json.loads(content)
    return {name: value.get(name) for name in ("kind", "format")}
