"""Records the outcome of a scheduled item: on its row, in the ledger, and in the report of the run."""

from dataclasses import dataclass

from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.publishing.models import Schedule
from articles.record import events
from articles.record.vocabulary import EventKind, ScheduleState, SubjectKind
from articles.review.roles import actor


@dataclass(frozen=True)
class Item:
    """The outcome of one item: `result` is published, withdrawn or failed; `detail` is a message."""

    result: str
    article: str
    title: str
    scheduled_for: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("article", "title", "scheduled_for", "detail")}


def finish(row: Schedule, detail: str) -> Item:
    """Record that the item was carried out."""
    _end(row, ScheduleState.DONE, detail)
    return item("published" if row.is_publication else "withdrawn", row, detail)


def fail(row: Schedule, *, code: str, detail: str, reason: str) -> Item:
    """Record that the item failed and is not tried again. `reason` is the message for the ledger."""
    _end(row, ScheduleState.FAILED, detail)
    events.append(
        EventKind.REFUSED,
        subject_kind=SubjectKind.ARTICLE,
        subject=row.article,
        actor=actor(row.made_by),
        data={"code": code, "detail": reason, "schedule": row.pk},
    )
    return item("failed", row, detail)


def item(result: str, row: Schedule, detail: str) -> Item:
    page = page_of(row)
    return Item(result, str(row.article), page.title if page else "a deleted page", row.moment, detail)


def page_of(row: Schedule) -> ArticlePage | None:
    return ArticlePage.objects.filter(article_id=row.article).first()


def _end(row: Schedule, state: str, detail: str) -> None:
    row.state, row.outcome, row.finished_at = state, detail, timezone.now()
    row.save(update_fields=["state", "outcome", "finished_at"])
