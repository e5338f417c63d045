"""Assignment of requested signatures. It is only a guide: everyone who may sign can sign, assigned or not."""

from collections.abc import Iterable, Mapping, Sequence

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Count

from articles.authoring.permissions import MAY_ASSIGN
from articles.errors import DomainError, Refused
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.needs import rota, rules
from articles.review.needs.table import give_to, name_of, needs_written, open_rows, who_could_sign


class NotAsked(DomainError):
    """No signature in this role is requested, so there is nothing to assign."""

    code = "not-asked"
    title = "This signature is not requested."


class TakenAlready(DomainError):
    """The signature is assigned to another person."""

    code = "taken-already"
    title = "This is assigned to another person."


class NotInPool(DomainError):
    """This person could not sign it now."""

    code = "not-in-pool"
    title = "This person cannot sign it."


class MayNotAssign(Refused):
    """The user is neither a lead nor an editor, and may not assign reviews."""

    code = "may-not-assign"
    title = "You cannot assign reviews."


@transaction.atomic
def take(*, kind: str, target: int, role: str, by: User) -> OpenNeed:
    """Assign the signature to `by`. `target`: key of the page or component.

    Raises NotAsked, TakenAlready, NotInPool.
    """
    row = _asked(kind, target, role)
    if row.taker and row.taker_id != by.pk:
        raise TakenAlready(f"This is assigned to {name_of(row.taker)}. Ask them or a lead to reassign it to you.")
    _require_could_sign(row, by, f"You cannot sign this as {Role(role).label.lower()}.")
    if row.taker_id is None:
        give_to(row, by)
    return row


@transaction.atomic
def give_back(*, kind: str, target: int, role: str, by: User) -> None:
    """Unassign the signature; for its taker, and for people who may assign. Raises NotAsked, MayNotAssign."""
    row = _asked(kind, target, role)
    if row.taker_id != by.pk and not by.has_perm(MAY_ASSIGN):
        raise MayNotAssign("This is assigned to another person. Only they, a lead or an editor can unassign it.")
    give_to(row, None)


@transaction.atomic
def assign(*, kind: str, target: int, role: str, to: User, by: User) -> OpenNeed:
    """Assign the signature to a person of the pool, or reassign it, and tell them.

    Raises MayNotAssign, NotAsked, NotInPool.
    """
    if not by.has_perm(MAY_ASSIGN):
        raise MayNotAssign("Only leads and editors can assign reviews. You can take this one if you may sign it.")
    row = _asked(kind, target, role)
    _require_could_sign(row, to, f"{name_of(to)} cannot sign this as {Role(role).label.lower()}.")
    if row.taker_id != to.pk:
        give_to(row, to)
        rota.set_asked(row, to.pk)
        needs_written.send(sender=OpenNeed, rows=[(row, [to], to.pk != by.pk)])
    return row


def hand_on(rows: Sequence[OpenNeed], to: Mapping[int, User | None], *, by: User) -> None:
    """Reassign these open signatures, all or none; `to`: {key of the row: the person, or None to unassign it}.

    Runs in the caller's transaction, which locked the rows. Raises MayNotAssign, NotInPool.
    """
    if rows and not by.has_perm(MAY_ASSIGN):
        raise MayNotAssign("Only leads and editors can assign reviews. Ask one of them to reassign these first.")
    could = who_could_sign(rows)
    for row in rows:
        if taker := to[row.pk]:
            words = f"{name_of(taker)} cannot sign “{row.title}” as {Role(row.role).label.lower()}."
            _require_could_sign(row, taker, words, could[row.key])
        give_to(row, taker)


def loads(users: Iterable[User]) -> dict[int, int]:
    """{key of the login: number of open signatures assigned to it}."""
    rows = open_rows().filter(taker__in=list(users)).order_by()
    return dict(rows.values("taker").annotate(count=Count("pk")).values_list("taker", "count"))


def _asked(kind: str, target: int, role: str) -> OpenNeed:
    rows = open_rows().filter(subject_kind=kind, target=target, role=role)
    row = rows.select_related("taker__person").select_for_update(of=("self",)).first()
    if row is None:
        label = Role(role).label.lower() if role in Role.values else "signer"
        raise NotAsked(f"No signature as {label} is requested now, so there is nothing to assign.")
    return row


def _require_could_sign(row: OpenNeed, user: User, words: str, could: Sequence[User] | None = None) -> None:
    """Raises NotInPool with `words` and the reason that signing would give. `could`: the pool, if the caller has it."""
    if user not in (who_could_sign([row])[row.key] if could is None else could):
        raise NotInPool(f"{words} {row.obstacle or _reason(row, user)}")


def _reason(row: OpenNeed, user: User) -> str:
    target = rules.find_target(row.subject)
    review = rules.load_asked(target) if target else None
    reasons = [rules.refusal(review, user, row.role, lack["part"]) for lack in row.lacking] if review else []
    return next(filter(None, reasons), "The request was declined already, or the person is away.")
