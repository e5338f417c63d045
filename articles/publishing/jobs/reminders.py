"""Reminders: of due reviews, unassigned signatures, and unresolved emergencies. All but the last wait for the digest.

Each step is sent once, no matter how often the job runs, which days it missed, or how the clock was set. All dates are
in UTC. If several steps were missed, only the latest is sent, and the earlier ones are marked as overtaken.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.models import ArticlePage
from articles.record import history, standing
from articles.record.delivery.clock import DUE_DAYS
from articles.record.models import Edition, Publication
from articles.record.vocabulary import PublicationState, Role
from articles.review.mail import letters, outbox, recipients
from articles.review.models import OpenNeed, Reminder
from articles.review.needs import rota, rules, table
from articles.review.opening import load_current

logger = logging.getLogger(__name__)

BEFORE = (-30, -7, 0)  # days from the day on which the review falls due
WEEK = 7
EMERGENCY_HOURS = (12, 24, 48)
EMERGENCY_SEEN = timedelta(days=30)  # how far back editions are looked through


@dataclass(frozen=True)
class Told:
    """The result for one article or component; `failure` is the error, if there was one."""

    subject: UUID
    what: str
    failure: str = ""


def remind(now: datetime) -> list[Told]:
    """Remind the owner, and the people of whom the signatures are requested, of each due review, once per step."""
    today = now.astimezone(UTC).date()
    rows = Publication.objects.exclude(state=PublicationState.WITHDRAWN)
    near = rows.filter(next_review_on__lte=today - timedelta(days=BEFORE[0])).order_by("next_review_on", "article")
    told = [_guarded(key, lambda key=key: _remind_of(key, now)) for key in near.values_list("article", flat=True)]
    return [item for item in told if item]


def tell_pools(now: datetime) -> list[Told]:
    """Notify everyone who can sign, once, of each signature that the person asked neither gave nor took for three
    working days. A review that was announced before its due date waits from that date."""
    rows = list(table.open_rows().filter(taker=None, pool_told_at=None))
    could, due_on = table.who_could_sign(rows), _due_dates(rows)
    told = []
    for row in rows:
        others = [user for user in could[row.key] if user.pk != row.asked_id]
        if others and rota.pool_hears_at(rota.waits_from(row, due_on.get(row.subject))) <= now:
            told.append(_guarded(row.subject, lambda row=row, others=others: _tell_pool(row, others, now)))
    return [item for item in told if item]


def escalate(now: datetime) -> list[Told]:
    """Notify the leads, once, of each signature that is still unassigned."""
    told = [_guarded(row.subject, lambda row=row: _escalate(row, now)) for row in table.unclaimed(now)]
    return [item for item in told if item]


def escalate_emergencies(now: datetime) -> list[Told]:
    """Notify leads and editors 12, 24 and 48 hours after an emergency if signatures are still missing."""
    since = now - EMERGENCY_SEEN
    rows = Edition.objects.filter(published_at__gte=since, review__has_key="emergency").order_by("event")
    told = [_guarded(row.subject, lambda row=row: _escalate_emergency(row, now)) for row in rows]
    return [item for item in told if item]


def steps_until(due_on: date, today: date) -> list[int]:
    """All steps up to today: -30, -7, 0, 7, 14, …"""
    passed = (today - due_on).days
    return [step for step in (*BEFORE, *range(WEEK, passed + 1, WEEK)) if step <= passed]


def _remind_of(article: UUID, now: datetime) -> Told | None:
    """Lock the publication's row, so that two simultaneous runs see each other's steps."""
    today = now.astimezone(UTC).date()
    with transaction.atomic():
        row = Publication.objects.select_for_update().filter(article=article).first()
        page = ArticlePage.objects.filter(article_id=article).first()
        if row is None or row.next_review_on is None or page is None:
            return None
        due_on = row.next_review_on
        known = set(Reminder.objects.filter(article=article, due_on=due_on).values_list("step", flat=True))
        missing = [step for step in steps_until(due_on, today) if step not in known]
        if not missing:
            return None
        latest = missing[-1] if missing[-1] > max(known, default=missing[-1] - 1) else None
        for step in missing:
            Reminder.objects.create(article=article, due_on=due_on, step=step, is_overtaken=step != latest, at=now)
        if latest is None:
            return None
        to = [*(_requested_of(page) if (due_on - today).days < DUE_DAYS else []), *recipients.owner(page)]
        letters.review_due(page, due_on=due_on, step=latest, today=today, to=to)
    return Told(article, f"review due on {due_on}, step {latest}")


def _requested_of(page: ArticlePage) -> list[User]:
    """Who is reminded of each missing signature: the assignee, else the person asked, else everyone who can give it.

    Nobody before the signatures are requested, which is 29 days before the review falls due.
    """
    review = load_current(page)
    rows = table.asked_rows(review, rules.lacking(review))
    could, known = table.who_could_sign(rows), {row.role: row for row in table.open_of(page.article_id)}
    return [user for row in rows for user in rota.addressees(known.get(row.role, row), could[row.key])]


def _tell_pool(row: OpenNeed, pool: list[User], now: datetime) -> Told | None:
    with transaction.atomic():
        still = OpenNeed.objects.filter(pk=row.pk, taker=None, closed_at=None, pool_told_at=None)
        if not still.update(pool_told_at=now):
            return None
        row.pool_told_at = now
        letters.requested(row, pool)
    return Told(row.subject, f"the signature as {Role(row.role).label.lower()} waits for anyone")


def _escalate(row: OpenNeed, now: datetime) -> Told | None:
    with transaction.atomic():
        still = OpenNeed.objects.filter(pk=row.pk, taker=None, closed_at=None, escalated_at=None)
        if not still.update(escalated_at=now):
            return None
        letters.escalated(row)
    return Told(row.subject, f"the signature as {Role(row.role).label.lower()} is unassigned")


def _escalate_emergency(edition: Edition, now: datetime) -> Told | None:
    """A step is done if a letter for it, or for a later step, was written."""
    past = history.load(edition.subject)
    since = standing.unresolved_emergency(past) if past.editions[-1].pk == edition.pk else None
    passed = [hours for hours in EMERGENCY_HOURS if since and now >= since + timedelta(hours=hours)]
    if (
        not passed
        or _was_told(edition, passed[-1])
        or recipients.target_of(edition.subject_kind, edition.subject) is None
    ):
        return None
    with transaction.atomic():
        letters.emergency(edition, hours=passed[-1])
    return Told(edition.subject, f"emergency for more than {passed[-1]} hours")


def _due_dates(rows: list[OpenNeed]) -> dict[UUID, date | None]:
    """{article: the day on which the review falls due}, of the articles whose published text is to be signed again."""
    articles = [row.subject for row in rows if row.is_edition]
    return dict(Publication.objects.filter(article__in=articles).values_list("article", "next_review_on"))


def _was_told(edition: Edition, hours: int) -> bool:
    steps = [step for step in EMERGENCY_HOURS if step >= hours]
    return any(outbox.is_written("emergency", f"{edition.event}:{step}") for step in steps)


def _guarded(subject: UUID, act) -> Told | None:
    """Run `act` for one article, whose failure does not stop the others."""
    try:
        return act()
    except Exception as error:
        logger.exception("reminders: no letter about %s", subject)
        return Told(subject, "failed", failure=f"{type(error).__name__}: {error}")


def failures(told: list[Told]) -> Iterator[str]:
    return (f"{item.subject}: {item.failure}" for item in told if item.failure)
