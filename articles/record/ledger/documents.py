"""Are a document's bytes the ones that its digest names, and was it emptied only where the ledger says so?"""

import json
from collections.abc import Iterator

from articles.record.canonical import digest_of
from articles.record.ledger.finding import Finding, Walk, disagreements
from articles.record.models import Document, SignOff


def check_document(row: Document, walk: Walk) -> Iterator[Finding]:
    place, content = f"document {row.digest}", bytes(row.content)
    first, erased = walk.signed.get(row.digest), walk.erased.get(row.digest)
    if first is None:
        if not SignOff.objects.filter(digest=row.digest).exists():  # else it was signed while we were reading
            yield Finding("document_unsigned", place, "No line of the ledger signed it; it was put in from outside.")
    elif differing := disagreements({"kind": (row.kind, first[2]), "time of storing": (row.stored_at, first[1])}):
        yield Finding("document_differs", place, f"Event {first[0]}, which signed it first, differs on: {differing}.")
    if not content:
        yield from _check_emptied(row, erased, place)
    elif erased:
        yield Finding("erased_is_back", place, f"Event {erased[0]} erased it, and its bytes are here.")
    elif digest_of(content) != row.digest:
        yield Finding("document_changed", place, f"Its bytes are those of {digest_of(content)}: they were changed.")
    elif differing := disagreements({name: (getattr(row, name), said) for name, said in _said(content).items()}):
        yield Finding("document_differs", place, f"Its bytes say otherwise on: {differing}.")


def _check_emptied(row: Document, erased: tuple[int, dict] | None, place: str) -> Iterator[Finding]:
    if erased is None:
        yield Finding("document_emptied", place, "Its bytes are gone, and no line of the ledger erased them.")
    elif differing := disagreements({name: (getattr(row, name), erased[1].get(name)) for name in ("kind", "format")}):
        yield Finding("document_differs", place, f"Event {erased[0]}, which erased it, differs on: {differing}.")


def _said(content: bytes) -> dict[str, object]:
    value = json.loads(content)
    return {name: value.get(name) for name in ("kind", "format")}
