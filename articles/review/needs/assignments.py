"""Who has taken which signature that is asked for. It guides people and is no gate: whoever may sign, signs.

A row opens when a signature of a role begins to be missing, and closes when it is there or no longer asked.
`refresh` brings the rows in line after every change (receivers), and may run any number of times.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone

from articles.errors import DomainError, Refused
from articles.record.vocabulary import Role
from articles.review.models import Assignment, ChangeRequest, Policy
from articles.review.needs import open_needs
from articles.review.needs.pool import name_of, pool_of
from articles.review.review import Subject

PERMISSION = "articles.assign_article"


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
def refresh(subject: Subject) -> list[Assignment]:
    """Open, close and release rows until they say what is asked of whom. The open ones, the longest asked first."""
    subject = open_needs.signable(subject)
    wanted = open_needs.roles_asked(subject)
    rows = {row.role: row for row in open_of(subject.id).select_for_update()}
    for role in (rows.keys() - wanted) | _answered(subject, rows.values()):
        _close(rows.pop(role))
    for role in wanted - rows.keys():
        given = {"subject_kind": subject.kind, "asked_at": timezone.now()}
        rows[role], _ = Assignment.objects.get_or_create(subject=subject.id, role=role, closed_at=None, defaults=given)
    for row in rows.values():
        if row.taker_id and row.taker_id not in {user.pk for user in pool_of(subject, row.role)}:
            _release(row)
    return sorted(rows.values(), key=lambda row: (row.asked_at, row.pk))


@transaction.atomic
def take(subject: Subject, role: str, by: User) -> Assignment:
    """“I will do it.” Raises NotAsked, TakenAlready, NotInPool."""
    subject = open_needs.signable(subject)
    row = _asked_row(subject, role)
    if row.taker and row.taker_id != by.pk:
        raise TakenAlready(f"{name_of(row.taker)} has taken this. Ask them, or a lead, to give it to you.")
    _require_in_pool(subject, role, by, f"You cannot take this as {Role(role).label.lower()}: {_why()}")
    return row if row.taker_id else _give(row, by)


@transaction.atomic
def give_back(subject: Subject, role: str, by: User) -> None:
    """Back to the pool; by who took it, or by who assigns. Raises NotAsked, MayNotAssign."""
    row = _asked_row(subject, role)
    if row.taker_id != by.pk and not by.has_perm(PERMISSION):
        raise MayNotAssign("Somebody else has taken this; they give it back, or a lead or an editor does.")
    _release(row)


@transaction.atomic
def assign(subject: Subject, role: str, to: User, by: User) -> Assignment:
    """Ask one person of the pool, also in place of another. Raises MayNotAssign, NotAsked, NotInPool."""
    if not by.has_perm(PERMISSION):
        raise MayNotAssign("Leads and editors assign reviews. You can take this one yourself if you may sign it.")
    subject = open_needs.signable(subject)
    row = _asked_row(subject, role)
    _require_in_pool(subject, role, to, f"{name_of(to)} cannot sign this as {Role(role).label.lower()}: {_why()}")
    return row if row.taker_id == to.pk else _give(row, to)


def taken_by(subject: Subject, role: str) -> User | None:
    """Who will sign it, as far as anybody said."""
    row = open_of(subject.id).filter(role=role).select_related("taker__person").first()
    return row.taker if row else None


def return_of_the_away(today: date) -> list[Assignment]:
    """What people who are away had taken, given back to the pool. For the daily job; may run twice."""
    with transaction.atomic():
        away = Q(taker__person__away_until__gte=today) | Q(taker__is_active=False)
        rows = list(
            Assignment.objects.filter(away, closed_at=None).select_related("taker").select_for_update(of=("self",))
        )
        for row in rows:
            _release(row)
    return rows


def unclaimed(now: datetime) -> list[Assignment]:
    """What nobody took for as long as a policy allows (`escalate_days`), and nobody was told of yet."""
    least = Policy.objects.aggregate(least=Min("escalate_days"))["least"]
    if least is None:
        return []
    rows = Assignment.objects.filter(
        closed_at=None, taker=None, escalated_at=None, asked_at__lte=now - timedelta(days=least)
    )
    return [row for row in rows if row.asked_at <= now - timedelta(days=_escalate_days(row))]


def refresh_due(today: date) -> None:
    """Ask for the reviews that fell due by the clock alone. For the daily job; may run twice."""
    for article in open_needs.due_articles(today):
        refresh_id(article)


def refresh_id(subject: UUID) -> None:
    """`refresh` for an id; a text that cannot be rendered now keeps its rows, one that is gone loses them."""
    target = open_needs.find_target(subject)
    if target is None or not open_needs.may_be_asked(target):
        for row in open_of(subject):
            _close(row)
    elif loaded := open_needs.try_load_asked(target):
        refresh(loaded)


def open_of(subject: UUID):
    return Assignment.objects.filter(subject=subject, closed_at=None)


def loads(users: Iterable[User]) -> dict[int, int]:
    """{login's key: how many open signatures they have taken}."""
    rows = Assignment.objects.filter(closed_at=None, taker__in=list(users)).order_by()
    return dict(rows.values("taker").annotate(count=Count("pk")).values_list("taker", "count"))


def _answered(subject: Subject, rows: Iterable[Assignment]) -> set[str]:
    """Roles of a component that was sent back since they were asked, and is another text now: it is asked anew."""
    if subject.is_article:
        return set()
    requests = ChangeRequest.objects.filter(subject=subject.id).values_list("at", "digests")
    answered = [at for at, digests in requests if digests != subject.digests]
    return {row.role for row in rows if any(at > row.asked_at for at in answered)}


def _asked_row(subject: Subject, role: str) -> Assignment:
    row = next((row for row in refresh(subject) if row.role == role), None)
    if row is None:
        label = Role(role).label.lower() if role in Role.values else "signer"
        raise NotAsked(f"Nobody is asked to sign this as {label} now, so there is nothing to take.")
    return row


def _require_in_pool(subject: Subject, role: str, user: User, words: str) -> None:
    if user.pk not in {each.pk for each in pool_of(subject, role)}:
        raise NotInPool(words)


def _why() -> str:
    return (
        "it needs the role with valid credentials and the specialty that the policy names, no hand in the text, "
        "no earlier no, and being here."
    )


def _escalate_days(row: Assignment) -> int:
    """Of the policies that ask for the role here, the most impatient."""
    target = open_needs.find_target(row.subject)
    subject = open_needs.try_load(target) if target else None
    rules = subject.rules.values() if subject else []
    days = [policy.escalate_days for each in rules for policy in each.policies if getattr(policy, row.role)]
    return min(days, default=Policy._meta.get_field("escalate_days").default)


def _give(row: Assignment, to: User) -> Assignment:
    row.taker_id, row.taken_at = to.pk, timezone.now()
    row.save(update_fields=["taker", "taken_at"])
    return row


def _release(row: Assignment) -> None:
    row.taker = row.taken_at = None
    row.save(update_fields=["taker", "taken_at"])


def _close(row: Assignment) -> None:
    row.closed_at = timezone.now()
    row.save(update_fields=["closed_at"])
