"""Carries out one item of the schedule: in its own transaction, locked, and with all checks repeated."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import NotPermitted, require_permission
from articles.errors import ContentChanged, DomainError, NotPublished
from articles.publishing.models import Schedule
from articles.publishing.publish import publish, with_image_files
from articles.publishing.scheduling import outcomes
from articles.publishing.scheduling.outcomes import Item, page_of
from articles.publishing.withdraw import write_withdrawal
from articles.record.compare.differences import changed_places
from articles.record.documents import read_document
from articles.record.models import Document
from articles.record.vocabulary import DocumentKind, ScheduleState
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.review import Review

ATTEMPTS = 5  # the number of runs for an item that fails with an unexpected error
logger = logging.getLogger(__name__)


class TextChanged(ContentChanged):
    """The draft is not the scheduled text. `changed` names the places, which are not kept in the ledger."""

    title = "The text changed after it was scheduled."

    @property
    def reason(self) -> str:
        return self.title


def due_keys(now: datetime) -> list[int]:
    """Keys of the waiting schedules whose instant has come, oldest first."""
    due = Schedule.objects.filter(state=ScheduleState.WAITING, instant__lte=now)
    return list(due.order_by("instant", "pk").values_list("pk", flat=True))


def attempt(key: int) -> Item | None:
    """Carry out the item, or record why not. None if another machine holds it or has done it."""
    try:
        return with_image_files(lambda: _do(key))
    except DomainError as error:
        return _refuse(key, error)
    except Exception as error:
        logger.exception("publish_due: schedule %s failed", key)
        return _note_failure(key, error)


@transaction.atomic
def _do(key: int) -> Item | None:
    row = _take(key)
    return outcomes.finish(row, _act(row)) if row else None


def _take(key: int) -> Schedule | None:
    """The waiting row, locked with its article; None if either is locked elsewhere, or the row is done."""
    article = Schedule.objects.values_list("article", flat=True).get(pk=key)
    pages = ArticlePage.objects.filter(article_id=article)
    if pages.select_for_update(skip_locked=True).first() is None and pages.exists():
        return None
    waiting = Schedule.objects.filter(pk=key, state=ScheduleState.WAITING)
    return waiting.select_for_update(skip_locked=True).first()


def _act(row: Schedule) -> str:
    """Carry out the item. Returns the outcome as a message."""
    page = page_of(row)
    if page is None:
        raise NotPublished("The article was deleted, so the schedule cannot be carried out.")
    _require_still_permitted(row)
    return _publish(row, page) if row.is_publication else _withdraw(row, page)


def _require_still_permitted(row: Schedule) -> None:
    """The item runs in the name of the user who scheduled it. Raises NotPermitted if they no longer may."""
    if row.made_by is None:
        raise NotPermitted("The user who scheduled this was deleted. Schedule it again.")
    for permission in row.permissions:
        try:
            require_permission(row.made_by, permission)
        except NotPermitted:
            raise NotPermitted("The user who scheduled this no longer has permission. Schedule it again.") from None


def _publish(row: Schedule, page: ArticlePage) -> str:
    """Publish the text if it is still the scheduled one and its signatures are complete."""
    review = open_review(page)
    if review.digests != row.digests:
        changed = list(_changed(row, review))
        raise TextChanged(f"{TextChanged.title[:-1]}: {'; '.join(changed)}. Schedule the new text.", changed=changed)
    edition = publish(review, by=row.made_by)
    write_needs(review)
    return f"Published as edition {edition.number}."


def _withdraw(row: Schedule, page: ArticlePage) -> str:
    write_withdrawal(page=page, reason=row.reason, replacement=row.replacement, by=row.made_by)
    return f"Withdrawn ({row.get_reason_display().lower()})."


def _changed(row: Schedule, review: Review) -> Iterator[str]:
    """The places that differ; or the name of the part, if the scheduled text was never signed and is not stored."""
    for part, document in review.documents.items():
        if (digest := row.digests.get(part)) != document.digest:
            stored = Document.objects.filter(digest=digest).first()
            content = bytes(stored.content) if stored else b""
            places = changed_places(read_document(content), document.value) if content else []
            yield from places or [str(DocumentKind(part).label).lower()]


def _refuse(key: int, error: DomainError) -> Item | None:
    with transaction.atomic():
        row = _take(key)
        return outcomes.fail(row, code=error.code, detail=error.detail, reason=error.reason) if row else None


def _note_failure(key: int, error: Exception) -> Item | None:
    """Keep the item waiting for the next run, until its attempts are used up."""
    detail = f"{type(error).__name__}: {error}"
    with transaction.atomic():
        row = _take(key)
        if row is None:
            return None
        row.attempts, row.outcome = row.attempts + 1, detail
        row.save(update_fields=["attempts", "outcome"])
        if row.attempts < ATTEMPTS:
            return outcomes.item("failed", row, detail)
        reason = f"Given up after {ATTEMPTS} attempts."
        return outcomes.fail(row, code="internal", detail=f"{reason} {detail}", reason=reason)
