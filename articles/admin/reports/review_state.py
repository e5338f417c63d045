"""The status of a publication's review at a moment, computed from its row without further queries."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import QuerySet, TextChoices

from articles.record.delivery.clock import status_on
from articles.record.models import Publication
from articles.record.vocabulary import AfterGrace, PublicationState, ReviewStatus

COLUMNS = (
    *("article", "state", "notice", "locale", "slug", "card"),
    *("next_review_on", "grace_ends_at", "after_grace"),
)


class Stand(TextChoices):
    """The status of the review, or the reason why the article is not available."""

    CURRENT = ReviewStatus.CURRENT.value, "Current"
    DUE = ReviewStatus.DUE.value, "Due"
    OVERDUE = ReviewStatus.OVERDUE.value, "Overdue"
    EMERGENCY = ReviewStatus.EMERGENCY.value, "Published in an emergency"
    WITHHELD = "withheld", "Withheld"
    WITHDRAWN = "withdrawn", "Withdrawn"
    NEVER = "never-published", "Never published"


@dataclass(frozen=True)
class Facts:
    """`reviewed_by` are names with credentials; dates are None if the article is not available; `locale` and `slug`
    are its address."""

    stand: Stand
    last_review_on: date | None = None
    next_review_on: date | None = None
    reviewed_by: tuple[str, ...] = ()
    locale: str = ""
    slug: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether readers get the article now."""
        return self.stand not in (Stand.WITHHELD, Stand.WITHDRAWN, Stand.NEVER)


NEVER = Facts(Stand.NEVER)


def rows() -> QuerySet[Publication]:
    """Publications with the columns that `facts_of` reads, without the bodies of the articles."""
    return Publication.objects.only(*COLUMNS)


def facts_of(row: Publication | None, now: datetime) -> Facts:
    if row is None:
        return NEVER
    card = json.loads(bytes(row.card)) if row.card else {}
    review = card.get("review") or {}
    next_on = row.next_review_on or _day(review.get("next_review_on"))
    stand = _stand(row, review.get("status", ""), next_on, now)
    reviewers = tuple(_printed(reviewer) for reviewer in review.get("reviewed_by") or [])
    return Facts(stand, _day(review.get("last_reviewed_on")), next_on, reviewers, row.locale, row.slug)


def is_due_within(facts: Facts, days: int, now: datetime) -> bool:
    """Whether the article is published and its review is overdue or due within this number of days."""
    if facts.stand in (Stand.NEVER, Stand.WITHDRAWN) or facts.next_review_on is None:
        return False
    return facts.next_review_on <= now.astimezone(UTC).date() + timedelta(days=days)


def _stand(row: Publication, status: str, next_on: date | None, now: datetime) -> Stand:
    if row.state == PublicationState.WITHHELD or (row.notice or {}).get("temporary"):
        return Stand.WITHHELD
    if row.state == PublicationState.WITHDRAWN:
        return Stand.WITHDRAWN
    if row.after_grace == AfterGrace.WITHHOLD and row.grace_ends_at and row.grace_ends_at <= now:
        return Stand.WITHHELD
    if status == ReviewStatus.EMERGENCY or next_on is None:
        return Stand(status) if status in Stand.values else Stand.CURRENT
    return Stand(status_on(next_on.isoformat(), now.astimezone(UTC).date()))


def _printed(reviewer: dict) -> str:
    return ", ".join(filter(None, [reviewer.get("name"), reviewer.get("credentials")]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
