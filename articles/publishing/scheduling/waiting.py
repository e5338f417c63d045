"""The waiting schedules of an article, and what they mean for the current text, as messages to signers and editors.

A schedule to publish is for one text, by its digests. While it is waiting, a last signature publishes no text of the
article, so that an edit cannot bring a dated publication forward.
"""

from uuid import UUID

from django.utils import timezone

from articles.publishing.models import Schedule
from articles.record.vocabulary import ScheduledAction, ScheduleState
from articles.review.review import Review
from articles.review.signing import signatures


def waiting_of(article: UUID) -> list[Schedule]:
    """The waiting schedules of the article, the next first."""
    return list(Schedule.objects.filter(article=article, state=ScheduleState.WAITING))


def holding(review: Review) -> Schedule | None:
    """The future schedule to publish, which keeps a last signature from publishing; or None."""
    rows = Schedule.objects.filter(article=review.id, action=ScheduledAction.PUBLISH, state=ScheduleState.WAITING)
    return rows.filter(instant__gt=timezone.now()).first()


def said_of(review: Review) -> list[str]:
    """The waiting schedules, or the failure of the last one, as messages to signers and editors."""
    if failed := _failure(review):
        return [f"Scheduled for {failed.moment}, but not carried out. {failed.outcome}"]
    return [expectation(row, review) for row in waiting_of(review.id)]


def expectation(schedule: Schedule, review: Review) -> str:
    """What the schedule will do to this text, as a message."""
    if not schedule.is_publication:
        return f"The article will be withdrawn on {schedule.moment}."
    if schedule.digests != review.digests:
        return (
            f"An earlier text is scheduled for {schedule.moment}, so the last signature on this one will not publish "
            "it. Schedule this text, or cancel the schedule."
        )
    condition = ", if it has all its signatures by then" if signatures.missing(review) else ""
    return f"This text will be published on {schedule.moment}{condition}."


def _failure(review: Review) -> Schedule | None:
    """The latest schedule, if it failed and no edition was published since; otherwise None."""
    last = Schedule.objects.filter(article=review.id).order_by("-pk").first()
    if last is None or last.state != ScheduleState.FAILED or last.finished_at is None:
        return None
    return last if review.since is None or review.since < last.finished_at else None
