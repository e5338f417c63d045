"""The statement that is signed: canonical JSON with the texts, the role, the person and the meaning of the signature.

A passkey signs its SHA-256; with a password it is stored and nothing proves it. Source: design §6, *Signature*.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from articles.record.canonical import canonical_bytes
from articles.record.events import instant
from articles.record.vocabulary import Scope
from articles.review.review import Review
from articles.review.roles import Signer

VERSION = "vetted-signoff/1"


def statement_of(
    texts: Iterable[tuple[Review, Iterable[str]]],
    *,
    role: str,
    scope: str,
    meaning: str,
    signer: Signer,
    at: datetime,
    nonce: str,
) -> str:
    """{v, items: [{subject, part, digest, from, change}], role, scope, meaning, name, registration, at, nonce}.

    `texts`: each with the parts of it that are signed.

    `from` is the digest that signed changes were compared with; `change` is the public change note. Empty members are
    left out. `at` and `nonce` come from the server, so no two statements are equal.
    """
    said = {
        "v": VERSION,
        "items": [_item(review, part, scope) for review, parts in texts for part in parts],
        "role": str(role),
        "scope": str(scope),
        "meaning": meaning,
        "name": signer.name,
        "registration": signer.registration,
        "at": instant(at),
        "nonce": nonce,
    }
    return canonical_bytes({name: value for name, value in said.items() if value}).decode()


def _item(review: Review, part: str, scope: str) -> dict[str, Any]:
    compared = review.base.digests.get(part) if review.base and scope == Scope.CHANGES else None
    item = {"subject": str(review.id), "part": part, "digest": review.digests[part], "from": compared}
    return {name: value for name, value in (item | {"change": review.change}).items() if value}
