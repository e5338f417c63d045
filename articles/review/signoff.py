"""Who vouches: which signatures count, which are missing, and the verb that gives one.

A signature is bound to (subject, part, digest, role). It counts if it was given after the latest edition and the
latest withdrawal, for the note to readers that stands there now; or if its digest is that part's in the current
edition. A voided one never does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.checks.engine import require_no_blocking
from articles.errors import CannotSign, ContentChanged, DomainError, Erased, NotSignedOff
from articles.record import events
from articles.record.differences import changed_places
from articles.record.models import Document, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role, Scope
from articles.review import authentication, declines, roles
from articles.review import checklist as checklists
from articles.review.contributions import byline, contributors, people_on_byline
from articles.review.policies import is_of
from articles.review.statements import statement
from articles.review.subjects import MEDICAL, NOTE, Subject, Target, load, lock


class NoteMissing(DomainError):
    """A material change without a word to readers, or with the word on an earlier one."""

    code = "note-missing"
    title = "Readers are not told what changed."
    status = 422


@dataclass(frozen=True)
class Missing:
    """`count` signatures of `role` are still needed on `part`, of clinicians of `specialty` where one is named."""

    part: str
    role: str
    count: int
    specialty: str = ""

    def __str__(self) -> str:
        number = "" if self.count == 1 else f"{self.count} × "
        special = f" ({self.specialty})" if self.specialty else ""
        return f"{number}{role_label(self.role)}{special} on the {part_label(self.part)}"


def counting(subject: Subject, part: str) -> list[SignOff]:
    """The sign-offs that count for the part as it is now, oldest first, the latest of each person.

    Whoever stands on the byline now vouches for nothing of it.
    """
    digest = subject.documents[part].digest
    rows = list(SignOff.objects.filter(subject=subject.id, part=part, digest=digest).order_by("event"))
    authors, people = (byline(subject), people_on_byline(subject)) if rows else (set(), set())
    barred = _voided(subject) | {row.pk for row in rows if row.user in authors or row.person in people}
    latest = {row.person or row.user: row for row in rows if row.pk not in barred and _counts(row, subject)}
    return sorted(latest.values(), key=lambda row: row.event)


def missing(subject: Subject, given: Mapping[str, list[SignOff]] | None = None) -> list[Missing]:
    """What the policies ask for and is not there, editors first. `given`: {part: sign-offs that count}, if known."""
    found = [
        Missing(part, lack.role, lack.count, lack.specialty)
        for part, rules in subject.rules.items()
        for lack in rules.lacking(given[part] if given else counting(subject, part))
    ]
    return sorted(found, key=lambda item: Role.values.index(item.role))


def require(subject: Subject) -> list[SignOff]:
    """The sign-offs that a publication rests on. Raises NotSignedOff with what is missing and what changed."""
    given = {part: counting(subject, part) for part in subject.documents}
    if lacking := missing(subject, given):
        raise NotSignedOff(
            f"Still to sign: {'; '.join(map(str, lacking))}.",
            missing=[str(item) for item in lacking],
            changed=changed_since_signing(subject),
        )
    _require_bytes(subject)
    return [row for rows in given.values() for row in rows]


def sign(
    *,
    target: Target,
    user: User,
    role: str,
    shown: Mapping[str, str],
    password: str,
    scope: str = Scope.WHOLE,
    checklist: Mapping[str, object] | None = None,
    request: HttpRequest | None = None,
) -> list[SignOff]:
    """Sign the parts in `shown` in `role`: {part: digest that was on the screen, note: mark}, see `Subject.shown`.

    Raises NotAuthenticated, LockedOut, ContentChanged, BlockedByFindings, NoteMissing, CannotSign,
    ChecklistIncomplete; then nothing was signed.
    """
    method = authentication.confirm_password(user, password, request=request)
    with transaction.atomic():
        subject = load(lock(target))
        parts = require_unchanged(subject, shown)
        lock_documents(subject)
        if subject.draft:
            require_no_blocking(subject.draft)
        require_note(subject)
        _require_scope(subject, scope)
        checklists.require_complete(role, scope, checklist)
        for part in parts:
            require_may_sign(subject, user=user, role=role, part=part)
        saying, answered = statement(role, parts, scope=scope), checklist if role == Role.MEDICAL else None
        return [
            write(subject, part, user, role, scope=scope, method=method, saying=saying, checklist=answered)
            for part in parts
        ]


def require_may_sign(subject: Subject, *, user: User, role: str, part: str) -> None:
    """Raises CannotSign with the reason, in words for the person."""
    label, rules = part_label(part), subject.rules[part]
    if role not in rules.signatures():
        raise CannotSign(f"The policy asks for no {role_label(role)} on the {label}.")
    require_role(user, role)
    require_independent(subject, user, part)
    if any(row.user == user.pk for row in counting(subject, part)):
        raise CannotSign(f"You have already signed the {label} as it is now.")
    wanted = [item.specialty for item in missing(subject) if (item.part, item.role) == (part, role)]
    if not wanted:
        raise CannotSign(f"The {label} has every signature of this kind that it needs.")
    own = roles.signer(user).specialty
    if role == Role.MEDICAL and not any(not name or is_of(own, name) for name in wanted):
        raise CannotSign(
            f"The policy asks for a clinician of {' and '.join(wanted)} on the {label}; yours is {own or 'not stated'}."
        )


def require_role(user: User, role: str) -> None:
    """Raises CannotSign unless the person may sign in this role today."""
    if role not in roles.roles_of(user, on=timezone.now().date()):
        raise CannotSign(
            f"You cannot sign as {role_label(role)}: ask a medical lead to check your roles and credentials."
        )


def require_independent(subject: Subject, user: User, part: str) -> None:
    """Four eyes. Raises CannotSign for who had a hand in the part, or declared a conflict of interest."""
    if user.pk in contributors(subject, part):
        label = part_label(part)
        raise CannotSign(f"You contributed to the {label}, so somebody else has to sign it (four eyes).")
    if refusal := declines.bars(subject, user):
        raise CannotSign(refusal)


def require_note(subject: Subject) -> None:
    """A material change of the medical text tells readers what changed. Raises NoteMissing."""
    base = subject.base
    if not subject.change or not subject.asks_clinicians or base is None or base.digests == subject.digests:
        return
    note = subject.change["note"]
    if not note.strip():
        raise NoteMissing(
            "Say for readers what changed, in “Facts: what changed, for readers”; they see it with the date."
        )
    if base.change_note and note == base.change_note:
        raise NoteMissing(
            f"What readers are told of the change is still the note of edition {base.number}. Say what is new now."
        )


def parts_to_sign(subject: Subject, role: str) -> list[str]:
    """Parts that still lack a signature of this role."""
    return list(dict.fromkeys(item.part for item in missing(subject) if item.role == role))


def changed_since_signing(subject: Subject) -> list[str]:
    """Places that differ from what was last signed, in words."""
    changed: list[str] = []
    for part, document in subject.documents.items():
        last = SignOff.objects.filter(subject=subject.id, part=part).order_by("-event").first()
        if last and last.digest != document.digest:
            signed = Document.objects.filter(digest=last.digest).first()
            if signed and signed.content:
                changed += changed_places(json.loads(bytes(signed.content)), document.value)
    return changed


def require_in_emergency(subject: Subject) -> list[SignOff]:
    """The sign-offs that an emergency rests on: a clinician's on each part that lacks one. Raises NotSignedOff."""
    for part in dict.fromkeys(item.part for item in missing(subject)):
        if not any(row.role == Role.MEDICAL for row in counting(subject, part)):
            raise NotSignedOff(f"In an emergency too a clinician signs the {part_label(part)}.")
    if not any(row.role == Role.MEDICAL for row in counting(subject, MEDICAL)):
        raise NotSignedOff("In an emergency too a clinician signs the medical part.")
    _require_bytes(subject)
    return [row for part in subject.documents for row in counting(subject, part)]


def part_label(part: str) -> str:
    """In words, whatever somebody posted as a part."""
    return str(DocumentKind(part).label).lower() if part in DocumentKind.values else f"part “{part[:32]}”"


def role_label(role: str) -> str:
    return str(Role(role).label).lower() if role in Role.values else f"role “{role[:32]}”"


def lock_documents(subject: Subject) -> list[tuple[str, Any]]:
    """[(kind, bytes)]. Before the ledger's counter and in one order, so that nobody waits in a circle."""
    rows = Document.objects.select_for_update().filter(digest__in=subject.digests.values()).order_by("digest")
    return list(rows.values_list("kind", "content"))


def _require_bytes(subject: Subject) -> None:
    """Locked until the transaction ends, so that none is erased while it is being published."""
    for kind, content in lock_documents(subject):
        if not content:
            raise Erased(f"The {part_label(kind)}")


def require_unchanged(subject: Subject, shown: Mapping[str, str]) -> list[str]:
    """The parts that were on the screen. Raises ContentChanged where anything of it is another one by now."""
    parts = [part for part in shown if part != NOTE]
    moved = [part_label(part) for part in parts if subject.digests.get(part) != shown[part]]
    moved += ["note to readers"] if shown.get(NOTE, "") != subject.note_mark else []
    if moved or not parts:
        names = " and the ".join(moved) or "article"
        raise ContentChanged(
            f"The {names} changed while you were reading. Nothing was signed; read the new text and sign that.",
            changed=moved,
        )
    return parts


def write(
    subject: Subject,
    part: str,
    user: User,
    role: str,
    *,
    scope: str,
    method: str,
    saying: str,
    checklist: Mapping[str, object] | None = None,
) -> SignOff:
    """The sign-off with its line in the ledger, inside a transaction of the caller's, who has checked everything."""
    document, now = subject.documents[part], timezone.now()
    stored, _ = Document.objects.get_or_create(
        digest=document.digest,
        defaults={
            "kind": document.kind,
            "format": document.format,
            "content": document.content,
            "stored_at": now,
        },
    )
    if not stored.content:
        raise Erased(f"The {part_label(part)}")
    who = roles.signer(user)
    row = SignOff(
        subject_kind=subject.kind,
        subject=subject.id,
        part=part,
        digest=document.digest,
        role=str(role),
        scope=str(scope),
        statement=saying,
        checklist=dict(checklist or {}),
        method=method,
        change=subject.change,
        signed_at=now,
        **vars(who),
    )
    data = {"part": part, "digest": document.digest, "role": row.role, "scope": row.scope}
    return events.insert(row, EventKind.SIGNED, actor={"user": user.pk, "name": who.name}, data=data, at=now)


def _require_scope(subject: Subject, scope: str) -> None:
    """A re-read of the marked changes needs a text that somebody has read whole."""
    if scope == Scope.CHANGES and not (subject.is_in_force and not subject.is_current and subject.is_vouched):
        raise CannotSign("There is no complete edition to compare with, so the whole text has to be read and signed.")


def _counts(row: SignOff, subject: Subject) -> bool:
    """Given for this edition to be, and for what readers will be told of it; or in force."""
    latest = max(subject.base.event if subject.base else 0, subject.withdrawn)
    return (row.event > latest and (row.change == subject.change or subject.is_current)) or _is_in_force(row, subject)


def _is_in_force(row: SignOff, subject: Subject) -> bool:
    base = subject.base
    return base is not None and subject.is_in_force and base.digests.get(row.part) == row.digest


def _voided(subject: Subject) -> set[int]:
    return {event.data["signoff"] for event in subject.history.events if event.kind == EventKind.VOIDED}
