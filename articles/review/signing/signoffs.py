"""The verb that signs, and what it asks of the person, of the text and of what was on the screen."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from articles.checks.engine import require_no_blocking
from articles.errors import CannotSign, ContentChanged, Erased
from articles.record import events
from articles.record.models import Document, SignOff
from articles.record.vocabulary import EventKind, Role, Scope
from articles.review import roles
from articles.review.contributions.contributions import contributors
from articles.review.logins import with_other_logins
from articles.review.policies.rules import is_of
from articles.review.responses import declines
from articles.review.review import NOTE, Subject, Target, load, lock
from articles.review.signing import authentication, change_note
from articles.review.signing import checklist as checklists
from articles.review.signing.signatures import counting, lock_documents, missing, part_label, role_label
from articles.review.signing.statements import statement


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
        if subject.checked:
            require_no_blocking(subject.checked)
        change_note.require(subject)
        _require_scope(subject, scope)
        checklists.require_complete(role, scope, checklist)
        for part in parts:
            require_may_sign(subject, user=user, role=role, part=part)
        saying, answered = statement(role, parts, scope=scope), checklist if role == Role.MEDICAL else None
        return [
            write(subject, part, user, role, scope=scope, method=method, saying=saying, checklist=answered)
            for part in parts
        ]


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
    data: dict[str, object] = {"part": part, "digest": document.digest, "role": row.role, "scope": row.scope}
    if rules := subject.policies.get(part):  # none asks for a safety notice
        data["policies"] = rules.ids  # they keep their hold on the text (held.py)
    return events.insert(row, EventKind.SIGNED, actor={"user": user.pk, "name": who.name}, data=data, at=now)


def require_may_sign(subject: Subject, *, user: User, role: str, part: str) -> None:
    """Raises CannotSign with the reason, in words for the person."""
    label, rules = part_label(part), subject.rules[part]
    if role not in rules.signatures():
        raise CannotSign(f"The policy asks for no {role_label(role)} on the {label}.")
    require_role(user, role)
    require_independent(subject, user, part)
    logins = with_other_logins({user.pk}, links=subject.links)
    if any(row.user in logins for row in counting(subject, part)):
        raise CannotSign(f"You have already signed the {label} as it is now, by this or another login.")
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


def _require_scope(subject: Subject, scope: str) -> None:
    """A re-read of the marked changes needs a text that somebody has read whole."""
    if scope == Scope.CHANGES and not (subject.is_in_force and not subject.is_current and subject.is_vouched):
        raise CannotSign("There is no complete edition to compare with, so the whole text has to be read and signed.")
