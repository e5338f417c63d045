"""The rota: a request for a signature is sent to one person of those who can give it, and later to the others.

The rota decides only who gets letters. Everyone who may sign can take or sign the text at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.record.delivery.clock import DUE_DAYS
from articles.record.vocabulary import LetterTopic
from articles.review.models import ChangeRequest, LetterChoice, OpenNeed

PATIENCE = 3  # working days until the others hear of the request
SATURDAY = 5
NEVER = datetime.min.replace(tzinfo=UTC)

Could = Mapping[tuple[UUID, str], Sequence[User]]


def ask(rows: Iterable[OpenNeed], could: Could) -> set[int]:
    """Ask one person for each unassigned row whose asked person cannot sign it. Returns the keys of these rows.

    Asked is the person who requested changes to the text before; otherwise the one with the fewest open requests, of
    these the one whose last request is the oldest. People whom letters do not reach come last.
    """
    rows = [row for row in rows if _is_open_to_another(row, could[row.key])]
    if not rows:
        return set()
    counts, last = _loads({user.pk for row in rows for user in could[row.key]})
    before, now = _who_requested_changes(rows), timezone.now()
    for row in rows:
        order = {
            user.pk: (
                not _is_reached(user, row),
                before.get(row.pk) != user.pk,
                counts.get(user.pk, 0),
                last.get(user.pk) or NEVER,
                user.pk,
            )
            for user in could[row.key]
        }
        chosen = min(order, key=order.__getitem__)
        set_asked(row, chosen)
        counts[chosen], last[chosen] = counts.get(chosen, 0) + 1, now
    return {row.pk for row in rows}


def set_asked(row: OpenNeed, user: int) -> None:
    row.asked_id, row.person_asked_at = user, timezone.now()
    row.save(update_fields=["asked", "person_asked_at"])


def pool_hears_at(asked_at: datetime) -> datetime:
    """Three working days (Monday to Friday, in the site's time zone) later, at the same time of day."""
    at, left = timezone.localtime(asked_at, timezone.get_default_timezone()), PATIENCE
    while left:
        at += timedelta(days=1)
        left -= at.weekday() < SATURDAY
    return at


def waits_from(row: OpenNeed, due_on: date | None) -> datetime:
    """When the request began to wait. If it was made up to 30 days before the review falls due, it is that day."""
    if due_on is None or (due_on - row.asked_at.date()).days > DUE_DAYS:
        return row.asked_at
    return max(row.asked_at, datetime.combine(due_on, time(), timezone.get_default_timezone()))


def addressees(row: OpenNeed, could: Sequence[User]) -> list[User]:
    """Who is reminded: the assignee, else the person asked, and everyone who can sign once they have heard of it."""
    person = row.taker_id or (None if row.pool_told_at else row.asked_id)
    return [user for user in could if person in (None, user.pk)]


def _is_open_to_another(row: OpenNeed, could: Sequence[User]) -> bool:
    return bool(could) and row.taker_id is None and row.asked_id not in {user.pk for user in could}


def _is_reached(user: User, row: OpenNeed) -> bool:
    """Whether letters about the request reach the person."""
    topic = LetterTopic.DUE if row.is_edition else LetterTopic.REQUESTS
    return bool(user.email) and topic not in LetterChoice.unwanted_by(user)


def _loads(users: set[int]) -> tuple[dict[int, int], dict[int, datetime]]:
    """({user: number of open requests}, {user: when they were last asked})."""
    rows = OpenNeed.objects.annotate(person=Coalesce("taker", "asked")).filter(person__in=users).order_by()
    found = rows.values("person").annotate(open=Count("pk", filter=Q(closed_at=None)), last=Max("person_asked_at"))
    counts = {row["person"]: row["open"] for row in found}
    return counts, {row["person"]: row["last"] for row in found}


def _who_requested_changes(rows: Sequence[OpenNeed]) -> dict[int, int]:
    """{row: who requested changes when this signature was requested the last time}."""
    earlier = OpenNeed.objects.filter(subject=OuterRef("subject"), role=OuterRef("role")).exclude(closed_at=None)
    since = Subquery(earlier.order_by("-pk").values("asked_at")[:1])
    requests = ChangeRequest.objects.filter(subject__in={row.subject for row in rows}, at__gte=since).order_by("pk")
    found = {(request.subject, request.role): request.user_id for request in requests}
    return {row.pk: key for row in rows if (key := found.get(row.key))}
