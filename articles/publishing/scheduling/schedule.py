"""Makes, replaces and cancels schedules to publish or withdraw. `jobs/due.py` carries them out."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_SCHEDULE, MAY_WITHDRAW, require_permission
from articles.errors import DomainError, NotPublished
from articles.publishing.models import Schedule
from articles.publishing.scheduling.instants import get_zone
from articles.publishing.scheduling.waiting import waiting_of
from articles.publishing.withdraw import require_other
from articles.record import events
from articles.record.models import Publication
from articles.record.vocabulary import (
    EventKind,
    PublicationState,
    ScheduledAction,
    ScheduleState,
    SubjectKind,
    WithdrawReason,
)
from articles.review.opening import load_article, lock
from articles.review.roles import actor

LONGEST = timedelta(days=731)  # two years; few reviews last longer


class CannotSchedule(DomainError):
    """The instant is not possible, or there is nothing to publish or cancel."""

    code = "cannot-schedule"
    title = "The schedule was not changed."


def schedule_publication(*, page: ArticlePage, at: datetime, zone: str, by: User) -> Schedule:
    """Schedule the latest draft, as it is now, for publication at that instant. Replaces a waiting schedule.

    Raises NotPermitted, CannotSchedule, NoSuchMoment, and what rendering the draft raises.
    """
    require_permission(by, MAY_SCHEDULE)
    with transaction.atomic():
        page = lock(page)
        _require_possible(at, zone)
        if page.latest_revision_id is None:
            raise CannotSchedule("The article was never saved, so there is no text to publish. Save it first.")
        review = load_article(page)
        if review.is_current:
            raise CannotSchedule("This text is already published, so there is nothing to schedule.")
        given = {"action": ScheduledAction.PUBLISH, "digests": review.digests}
        return _replace(Schedule(article=page.article_id, instant=at, zone=zone, **given), by)


def schedule_withdrawal(
    *,
    page: ArticlePage,
    at: datetime,
    zone: str,
    reason: str,
    by: User,
    replacement: UUID | None = None,
) -> Schedule:
    """Schedule a withdrawal at that instant. Replaces a waiting schedule. Needs both permissions.

    Readers then see the standard sentence for the reason.

    Raises NotPermitted, CannotWithdraw, CannotSchedule, NoSuchMoment, NotPublished.
    """
    require_permission(by, MAY_SCHEDULE)
    require_permission(by, MAY_WITHDRAW)
    with transaction.atomic():
        require_other(page.article_id, replacement)
        page = lock(page)
        _require_possible(at, zone)
        if not _is_published_by(page.article_id, at):
            raise NotPublished("The article will not be published then, so there is nothing to withdraw.")
        given = {"reason": WithdrawReason(reason).value, "replacement": replacement}
        return _replace(
            Schedule(article=page.article_id, action=ScheduledAction.WITHDRAW, instant=at, zone=zone, **given), by
        )


def cancel(*, schedule: Schedule, by: User) -> None:
    """Cancel a waiting schedule. Raises NotPermitted, and CannotSchedule if it is no longer waiting."""
    require_permission(by, MAY_SCHEDULE)
    with transaction.atomic():
        _lock_article(schedule.article)
        row = Schedule.objects.select_for_update().get(pk=schedule.pk)
        if row.state != ScheduleState.WAITING:
            raise CannotSchedule(f"This can no longer be cancelled. It is {row.get_state_display().lower()}.")
        _cancel(row, by)


def _require_possible(at: datetime, zone: str) -> None:
    get_zone(zone)
    now = timezone.now()
    if at <= now:
        raise CannotSchedule("This time has passed. Choose a time in the future.")
    if at > now + LONGEST:
        raise CannotSchedule("This is more than two years ahead. Choose an earlier time.")


def _is_published_by(article: UUID, at: datetime) -> bool:
    if Publication.objects.filter(article=article, state=PublicationState.PUBLISHED).exists():
        return True
    return any(row.is_publication and row.instant < at for row in waiting_of(article))


def _replace(schedule: Schedule, by: User) -> Schedule:
    for row in waiting_of(schedule.article):
        if row.action == schedule.action:
            _cancel(row, by)
    schedule.made_by_id, schedule.made_at = by.pk, timezone.now()
    schedule.save(force_insert=True)
    _note(schedule, by, {})
    return schedule


def _cancel(row: Schedule, by: User) -> None:
    row.state, row.outcome, row.finished_at = ScheduleState.CANCELLED, "Cancelled.", timezone.now()
    row.save(update_fields=["state", "outcome", "finished_at"])
    _note(row, by, {"cancelled": True})


def _note(row: Schedule, by: User, more: dict[str, bool]) -> None:
    data = {"schedule": row.pk, "action": str(row.action), "digests": row.digests}
    when = {"instant": events.instant(row.instant), "zone": row.zone}
    instead = str(row.replacement) if row.replacement else None
    why = {"reason": row.reason, "replacement": instead}
    events.append(
        EventKind.SCHEDULED,
        subject_kind=SubjectKind.ARTICLE,
        subject=row.article,
        actor=actor(by),
        data=data | when | ({} if row.is_publication else why) | more,
    )


def _lock_article(article: UUID) -> None:
    """Lock the article before its schedule, to avoid deadlocks."""
    ArticlePage.objects.select_for_update().filter(article_id=article).first()
