"""Who vouches: which signatures count, which are missing, and the verb that gives one.

A signature is bound to (subject, part, digest, role). It counts if it was given after the latest edition
and the latest withdrawal, or if its digest is that part's in the current edition; a voided one never does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.checks.engine import require_no_blocking
from articles.errors import CannotSign, ContentChanged, Erased, NotSignedOff
from articles.record import events
from articles.record.differences import changed_places
from articles.record.models import Document, Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Role, Scope
from articles.review import authentication, roles
from articles.review.contributions import contributors
from articles.review.models import Policy
from articles.review.statements import statement
from articles.review.subjects import Subject, Target, load, lock


@dataclass(frozen=True)
class Missing:
    """`count` signatures of `role` are still needed on `part`."""

    part: str
    role: str
    count: int

    def __str__(self) -> str:
        number = "" if self.count == 1 else f"{self.count} × "
        return f"{number}{Role(self.role).label.lower()} on the {DocumentKind(self.part).label.lower()}"


def counting(subject: Subject, part: str) -> list[SignOff]:
    """The sign-offs that count for the part as it is now, oldest first, one for each person."""
    digest = subject.documents[part].digest
    rows = SignOff.objects.filter(subject=subject.id, part=part, digest=digest).order_by("event")
    voided = _voided(subject)
    people: dict[int, SignOff] = {}
    for row in rows:
        if row.pk not in voided and _is_recent(row, subject):
            people.setdefault(row.user, row)
    return list(people.values())


def missing(subject: Subject) -> list[Missing]:
    """What the policies ask for and is not there, editors first."""
    found = []
    for part, policy in subject.policies.items():
        given = counting(subject, part)
        for role, count in policy.signatures().items():
            have = sum(_fits(row, role, policy) for row in given)
            if have < count:
                found.append(Missing(part, role, count - have))
    return sorted(found, key=lambda item: Role.values.index(item.role))


def require(subject: Subject) -> list[SignOff]:
    """The sign-offs that a publication rests on. Raises NotSignedOff with what is missing and what changed."""
    if lacking := missing(subject):
        raise NotSignedOff(
            f"Still to sign: {'; '.join(map(str, lacking))}.",
            missing=[str(item) for item in lacking],
            changed=changed_since_signing(subject),
        )
    _require_bytes(subject)
    return [row for part in subject.documents for row in counting(subject, part)]


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
    """Sign the parts in `shown` ({part: digest that was on the screen}) in `role`.

    Raises NotAuthenticated, ContentChanged, BlockedByFindings, CannotSign; then nothing was signed.
    """
    method = authentication.confirm_password(user, password, request=request)
    with transaction.atomic():
        subject = load(lock(target))
        _require_unchanged(subject, shown)
        if subject.draft:
            require_no_blocking(subject.draft)
        for part in shown:
            require_may_sign(subject, user=user, role=role, part=part)
        return [_write(subject, part, user, role, scope, method, list(shown), checklist) for part in shown]


def require_may_sign(subject: Subject, *, user: User, role: str, part: str) -> None:
    """Raises CannotSign with the reason, in words for the person."""
    label = DocumentKind(part).label.lower()
    if role not in subject.policies[part].signatures():
        raise CannotSign(f"The policy asks for no {Role(role).label.lower()} on the {label}.")
    if role not in roles.roles_of(user, on=timezone.now().date()):
        raise CannotSign(
            f"You cannot sign as {Role(role).label.lower()}: ask a medical lead to check your roles and credentials."
        )
    if user.pk in contributors(subject, part):
        raise CannotSign(f"You contributed to the {label}, so somebody else has to sign it (four eyes).")
    if any(row.user == user.pk for row in counting(subject, part)):
        raise CannotSign(f"You have already signed the {label} as it is now.")
    if part not in parts_to_sign(subject, role):
        raise CannotSign(f"The {label} has every signature of this kind that it needs.")


def parts_to_sign(subject: Subject, role: str) -> list[str]:
    """Parts that still lack a signature of this role."""
    return [item.part for item in missing(subject) if item.role == role]


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


def _require_bytes(subject: Subject) -> None:
    """Locks the documents until the transaction ends, so that none is erased while it is being published."""
    rows = Document.objects.select_for_update().filter(digest__in=subject.digests.values()).order_by("digest")
    for kind, content in rows.values_list("kind", "content"):
        if not content:
            raise Erased(f"The {DocumentKind(kind).label.lower()}")


def _require_unchanged(subject: Subject, shown: Mapping[str, str]) -> None:
    moved = [part for part, digest in shown.items() if subject.digests.get(part) != digest]
    if moved or not shown:
        names = ", ".join(DocumentKind(part).label.lower() for part in moved) or "article"
        raise ContentChanged(
            f"The {names} changed while you were reading. Nothing was signed; read the new text and sign that.",
            changed=moved,
        )


def _write(subject, part, user, role, scope, method, parts, checklist) -> SignOff:
    document = subject.documents[part]
    now = timezone.now()
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
        raise Erased(f"The {DocumentKind(part).label.lower()}")
    who = roles.signer(user)
    row = SignOff(
        subject_kind=subject.kind,
        subject=subject.id,
        part=part,
        digest=document.digest,
        role=str(role),
        scope=str(scope),
        statement=statement(role, parts),
        checklist=dict(checklist or {}),
        method=method,
        signed_at=now,
        **vars(who),
    )
    data = {"part": part, "digest": document.digest, "role": row.role, "scope": row.scope}
    return events.insert(row, EventKind.SIGNED, actor={"user": user.pk, "name": who.name}, data=data, at=now)


def _fits(row: SignOff, role: str, policy: Policy) -> bool:
    if row.role != role:
        return False
    wanted = policy.specialty.strip().casefold() if role == Role.MEDICAL else ""
    return not wanted or row.specialty.strip().casefold() == wanted


def _is_recent(row: SignOff, subject: Subject) -> bool:
    latest = max(subject.base.event if subject.base else 0, subject.withdrawn)
    return row.event > latest or _is_in_force(row, subject)


def _is_in_force(row: SignOff, subject: Subject) -> bool:
    base = subject.base
    return base is not None and base.event > subject.withdrawn and base.digests.get(row.part) == row.digest


def _voided(subject: Subject) -> set[int]:
    rows = Event.objects.filter(subject=subject.id, kind=EventKind.VOIDED)
    return {event.data["signoff"] for event in rows}
