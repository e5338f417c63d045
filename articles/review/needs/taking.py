"""Who has taken which signature that is asked for. It guides people and is no gate: whoever may sign, signs."""

from collections.abc import Iterable

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Count

from articles.authoring.permissions import MAY_ASSIGN
from articles.errors import DomainError, Refused
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.needs import rules
from articles.review.needs.table import give_to, name_of, open_rows, who_could_sign


class NotAsked(DomainError):
    """No signature of this role is missing, so there is nothing to take."""

    code = "not-asked"
    title = "This signature is not asked for."


class TakenAlready(DomainError):
    """Somebody else has taken it."""

    code = "taken-already"
    title = "Somebody has taken this."


class NotInPool(DomainError):
    """This person could not sign it now."""

    code = "not-in-pool"
    title = "This person cannot sign it."


class MayNotAssign(Refused):
    """Only leads and editors ask somebody by name."""

    code = "may-not-assign"
    title = "You cannot assign reviews."


@transaction.atomic
def take(*, kind: str, target: int, role: str, by: User) -> OpenNeed:
    """“I will do it.” `target` is the key of the page or component. Raises NotAsked, TakenAlready, NotInPool."""
    row = _asked(kind, target, role)
    if row.taker and row.taker_id != by.pk:
        raise TakenAlready(f"{name_of(row.taker)} has taken this. Ask them, or a lead, to give it to you.")
    _require_could_sign(row, by, f"You cannot take this as {Role(role).label.lower()}.")
    if row.taker_id is None:
        give_to(row, by)
    return row


@transaction.atomic
def give_back(*, kind: str, target: int, role: str, by: User) -> None:
    """Back to the pool; by who took it, or by who assigns. Raises NotAsked, MayNotAssign."""
    row = _asked(kind, target, role)
    if row.taker_id != by.pk and not by.has_perm(MAY_ASSIGN):
        raise MayNotAssign("Somebody else has taken this; they give it back, or a lead or an editor does.")
    give_to(row, None)


@transaction.atomic
def assign(*, kind: str, target: int, role: str, to: User, by: User) -> OpenNeed:
    """Ask one person of the pool, also in place of another. Raises MayNotAssign, NotAsked, NotInPool."""
    if not by.has_perm(MAY_ASSIGN):
        raise MayNotAssign("Leads and editors assign reviews. You can take this one yourself if you may sign it.")
    row = _asked(kind, target, role)
    _require_could_sign(row, to, f"{name_of(to)} cannot sign this as {Role(role).label.lower()}.")
    if row.taker_id != to.pk:
        give_to(row, to)
    return row


def loads(users: Iterable[User]) -> dict[int, int]:
    """{login's key: how many open signatures they have taken}."""
    rows = open_rows().filter(taker__in=list(users)).order_by()
    return dict(rows.values("taker").annotate(count=Count("pk")).values_list("taker", "count"))


def _asked(kind: str, target: int, role: str) -> OpenNeed:
    rows = open_rows().filter(subject_kind=kind, target=target, role=role)
    row = rows.select_related("taker__person").select_for_update(of=("self",)).first()
    if row is None:
        label = Role(role).label.lower() if role in Role.values else "signer"
        raise NotAsked(f"Nobody is asked to sign this as {label} now, so there is nothing to take.")
    return row


def _require_could_sign(row: OpenNeed, user: User, words: str) -> None:
    """Raises NotInPool with `words` and the reason that signing would give."""
    if user not in who_could_sign([row])[row.key]:
        raise NotInPool(f"{words} {row.obstacle or _reason(row, user)}")


def _reason(row: OpenNeed, user: User) -> str:
    target = rules.find_target(row.subject)
    review = rules.load_asked(target) if target else None
    reasons = [rules.refusal(review, user, row.role, lack["part"]) for lack in row.lacking] if review else []
    return next(filter(None, reasons), "It was declined already, or this person is away.")
