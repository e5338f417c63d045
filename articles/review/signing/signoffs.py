"""Signing, and its requirements for the person, the text and what was on the screen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser as User

from articles.document.documents import Document as Rendered
from articles.errors import CannotSign, ContentChanged
from articles.record import events
from articles.record.models import Document, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role, Scope
from articles.review import blocking, own_words, roles
from articles.review.needs import change_note
from articles.review.needs import rules as needs
from articles.review.needs.missing import part_label
from articles.review.policies.rules import Rules, rules_of
from articles.review.review import NOTE, Review
from articles.review.signing import authentication
from articles.review.signing import checklist as checklists
from articles.review.signing.authentication import Confirmation
from articles.review.signing.meanings import meaning_of
from articles.review.signing.signatures import lock_documents
from articles.review.signing.statement import statement_of


@dataclass(frozen=True)
class Ready:
    """A text of which this person may sign these parts now. `checklist`: their answers. `returns`: the signature brings
    it back unchanged."""

    review: Review
    parts: list[str]
    checklist: Mapping[str, object] | None = None
    returns: bool = False


def sign(
    review: Review,
    *,
    role: str,
    shown: Mapping[str, str],
    confirmation: Confirmation,
    scope: str = Scope.WHOLE,
    checklist: Mapping[str, object] | None = None,
) -> list[SignOff]:
    """Sign the parts in `shown` in `role`: {part: digest that was on the screen, note: mark}, see `Review.shown`.

    `review` is open in this transaction; `checklist`: the person's answers.
    Raises ContentChanged, BlockedByFindings, NoteMissing, CannotSign, ChecklistIncomplete.
    """
    user = confirmation.user
    if confirmation.is_question:  # the page offers only what can be signed, and the answer is checked in full
        ready = Ready(review, require_unchanged(review, shown))
    else:
        ready = prepare(review, user=user, role=role, shown=shown, scope=scope, checklist=checklist)
    meaning = meaning_of(role, ready.parts, scope=scope, own_words=own_words.statement(review, user))
    return write_all([ready], role, scope=scope, confirmation=confirmation, meaning=meaning)


def prepare(
    review: Review,
    *,
    user: User,
    role: str,
    shown: Mapping[str, str],
    scope: str,
    checklist: Mapping[str, object] | None = None,
) -> Ready:
    """All that must hold before this person signs what was shown. Raises what `sign` raises."""
    parts = require_unchanged(review, shown)
    for part in parts:
        require_may_sign(review, user=user, role=role, part=part)
    blocking.require_no_new(review)
    change_note.require(review)
    _require_scope(review, scope)
    answered = checklists.answers(review.draft, checklist or {}, is_article=review.is_article)
    checklists.require_complete(role, scope, answered)
    return Ready(review, parts, answered if role == Role.MEDICAL else None)


def write(
    review: Review,
    parts: Iterable[str],
    role: str,
    *,
    scope: str,
    confirmation: Confirmation,
    meaning: str,
    checklist: Mapping[str, object] | None = None,
) -> list[SignOff]:
    """`write_all` of one text. The caller has checked everything. Raises what it raises."""
    ready = Ready(review, list(parts), checklist)
    return write_all([ready], role, scope=scope, confirmation=confirmation, meaning=meaning)


def write_all(
    texts: Sequence[Ready], role: str, *, scope: str, confirmation: Confirmation, meaning: str
) -> list[SignOff]:
    """Write one statement, and for each part of each text a sign-off with its ledger line.

    Raises Erased, CannotSign where a password is not enough, and what `Confirmation.prove` raises.
    """
    for text in texts:
        lock_documents(text.review)
    policies = [rules for text in texts for part in text.parts for rules in policies_of(text.review, part)]
    authentication.require_enough(confirmation, role, policies)
    who = roles.signer(confirmation.user)
    signed = [(text.review, text.parts) for text in texts]

    def make(at: datetime, nonce: str) -> str:
        return statement_of(signed, role=role, scope=scope, meaning=meaning, signer=who, at=at, nonce=nonce)

    statement, now, proof = confirmation.prove(make, lambda: documents_of(texts, scope))
    said: dict[str, Any] = {
        "role": str(role),
        "scope": str(scope),
        "meaning": meaning,
        "statement": statement,
        "method": confirmation.method,
        "proof": proof,
        "signed_at": now,
    }
    return [_write(text, part, who, said) for text in texts for part in text.parts]


def policies_of(review: Review, part: str) -> list[Rules]:
    """The policies of a part. A safety notice and an explanation follow the default policy of medical text."""
    return [review.policies[part]] if part in review.policies else [rules_of(DocumentKind.MEDICAL, None)]


def documents_of(texts: Iterable[Ready], scope: str) -> dict[str, str]:
    """{digest: canonical bytes, as text} of what is signed, and of what signed changes were compared with."""
    found, old = {}, set[str]()
    for text in texts:
        for part in text.parts:
            document, base = text.review.documents[part], text.review.base
            found[document.digest] = bytes(document.content).decode()
            if base and scope == Scope.CHANGES and part in base.digests:
                old.add(base.digests[part])
    rows = Document.objects.filter(digest__in=old - set(found)).values_list("digest", "content")
    return found | {digest: bytes(content).decode() for digest, content in rows}


def _write(text: Ready, part: str, who: roles.Signer, said: dict[str, Any]) -> SignOff:
    review = text.review
    said = said | {"checklist": dict(text.checklist or {}), "change": review.change}
    document = review.documents[part]
    _store(review, document, said["signed_at"])
    row = SignOff(subject_kind=review.kind, subject=review.id, part=part, digest=document.digest, **said, **vars(who))
    data: dict[str, object] = {"part": part, "digest": document.digest, "role": row.role, "scope": row.scope}
    data["method"] = row.method
    if rules := review.policies.get(part):  # a safety notice has none
        data["policies"] = rules.ids  # they keep applying to the text (policies/history.py)
    if text.returns:
        data["returns"] = True
    actor = {"user": who.user, "name": who.name}
    events.insert(row, EventKind.SIGNED, actor=actor, data=data, at=row.signed_at)
    review.add(row)
    return row


def _store(review: Review, document: Rendered, now: datetime) -> None:
    """Store the signed bytes once. `lock_documents` has determined which are stored already."""
    assert review.stored is not None
    if document.digest not in review.stored:
        given = {"kind": document.kind, "format": document.format, "content": document.content, "stored_at": now}
        Document.objects.get_or_create(digest=document.digest, defaults=given)
        review.stored.add(document.digest)


def require_may_sign(review: Review, *, user: User, role: str, part: str) -> None:
    """Raises CannotSign with the reason as a message for the person."""
    if said := needs.refusal(review, user, role, part):
        raise CannotSign(said)


def require_role(user: User, role: str, language: str = "") -> None:
    """Raises CannotSign unless the person may sign in this role (and language) today."""
    if said := needs.role_refusal(user, role, language):
        raise CannotSign(said)


def require_independent(review: Review, user: User, part: str) -> None:
    """Raises CannotSign for contributors to the part, and for people who declared a conflict of interest."""
    if said := needs.independence_refusal(review, user, part):
        raise CannotSign(said)


def require_unchanged(review: Review, shown: Mapping[str, str]) -> list[str]:
    """The parts that were on the screen. Raises ContentChanged if any of them, or the note, has changed since."""
    parts = [part for part in shown if part != NOTE]
    moved = [part_label(part) for part in parts if review.digests.get(part) != shown[part]]
    moved += ["note to readers"] if shown.get(NOTE, "") != review.note_mark else []
    if moved or not parts:
        names = " and the ".join(moved) or "article"
        raise ContentChanged(
            f"The {names} changed while you were reading. Nothing was signed; read the new text and sign that.",
            changed=moved,
        )
    return parts


def _require_scope(review: Review, scope: str) -> None:
    """Raises CannotSign if only the changes are signed but there is no complete edition to compare with."""
    if scope == Scope.CHANGES and not review.has_base:
        raise CannotSign("There is no complete edition to compare with, so you must read and sign the whole text.")
