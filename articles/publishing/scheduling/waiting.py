"""What waits for the clock, and what that means for the text at hand: said to who signs and edits it.

A schedule to publish is for one text, by its digests. While it waits, no text of the article is published by a
last signature: what somebody dated must not come early because a word was mended.
"""

from uuid import UUID

from django.utils import timezone

from articles.publishing.models import Schedule
from articles.record.vocabulary import ScheduledAction, ScheduleState
from articles.review.review import Review
from articles.review.signing import signatures


def waiting_of(article: UUID) -> list[Schedule]:
    """What is to happen to the article, the next first."""
    return list(Schedule.objects.filter(article=article, state=ScheduleState.WAITING))


def holding(review: Review) -> Schedule | None:
    """The schedule that keeps a last signature from publishing: one to publish, with its instant ahead."""
    rows = Schedule.objects.filter(article=review.id, action=ScheduledAction.PUBLISH, state=ScheduleState.WAITING)
    return rows.filter(instant__gt=timezone.now()).first()


def said_of(review: Review) -> list[str]:
    """What waits for the clock, and what the last schedule failed at, in words for those who sign and edit it."""
    if failed := _failure(review):
        return [f"Scheduled for {failed.moment}, and not done. {failed.outcome}"]
    return [expectation(row, review) for row in waiting_of(review.id)]


def expectation(schedule: Schedule, review: Review) -> str:
    """What will come of this text."""
    if not schedule.is_publication:
        return f"It will be withdrawn on {schedule.moment}."
    if schedule.digests != review.digests:
        return (
            f"What is scheduled for {schedule.moment} is an earlier text, so the last signature on this one will not "
            "publish it. Schedule this text, or cancel the schedule."
        )
    condition = ", if it is completely signed by then" if signatures.missing(review) else ""
    return f"It will be published on {schedule.moment}{condition}."


def _failure(review: Review) -> Schedule | None:
    """The latest schedule, if it failed and readers have had no edition since."""
    last = Schedule.objects.filter(article=review.id).order_by("-pk").first()
    if last is None or last.state != ScheduleState.FAILED or last.finished_at is None:
        return None
    return last if review.since is None or review.since < last.finished_at else None
