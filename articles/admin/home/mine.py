"""Home: my articles and where they stand, the latest edited first.

A fixed number of queries; what is scheduled is rendered besides, to say what will come of its text.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Q, QuerySet
from django.urls import reverse
from wagtail.models import WorkflowState

from articles.admin import publication_status
from articles.admin.home.lists import ListPanel
from articles.authoring.models import ArticlePage
from articles.publishing.models import Schedule
from articles.publishing.scheduling import waiting
from articles.record.vocabulary import PublicationState, Role, ScheduledAction, ScheduleState
from articles.review.models import OpenNeed
from articles.review.needs import rules
from articles.review.needs.table import name_of, open_rows, who_could_sign
from articles.review.unpublished import differing


@dataclass(frozen=True)
class Mine:
    """`stands` is where the article is on its way, `readers_get` what readers have of it; `could` names who signs."""

    title: str
    url: str
    stands: str
    readers_get: str
    could: str


class MyArticles(ListPanel):
    name = "my_articles"
    heading = "My articles"
    rows_template = "admin/home/mine.html"
    rest = "edited earlier"
    order = 130

    def found(self, user: User) -> QuerySet:
        """What I own, or saved last."""
        pages = ArticlePage.objects.filter(Q(owner=user) | Q(latest_revision__user=user))
        return publication_status.annotate(pages).order_by("-latest_revision_created_at", "-pk")

    def lines(self, rows: list[ArticlePage], user: User) -> list[Mine]:
        facts = _Facts(rows, user)
        return [_line(page, facts) for page in rows]


class _Facts:
    """All that the lines need, in one query of a kind."""

    def __init__(self, pages: list[ArticlePage], user: User) -> None:
        articles = [page.article_id for page in pages]
        states = WorkflowState.objects.active().filter(object_id__in=[str(page.pk) for page in pages])
        self.workflow = {int(key): status for key, status in states.values_list("object_id", "status")}
        self.differing = differing(articles)
        schedules = Schedule.objects.filter(
            article__in=articles, state=ScheduleState.WAITING, action=ScheduledAction.PUBLISH
        )
        self.scheduled = {row.article: row for row in schedules}
        rows = list(open_rows().filter(subject__in=articles).select_related("taker__person", "asked__person"))
        self.could = {
            key: [name_of(each) for each in users if each != user] for key, users in who_could_sign(rows).items()
        }
        self.asked: dict[UUID, list[OpenNeed]] = {}
        for row in rows:
            self.asked.setdefault(row.subject, []).append(row)


def _line(page: ArticlePage, facts: _Facts) -> Mine:
    untaken = [row for row in facts.asked.get(page.article_id, []) if row.taker is None]
    could = {str(Role(row.role).label).lower(): facts.could[row.key] for row in untaken}
    return Mine(
        title=page.draft_title or page.title,
        url=reverse("wagtailadmin_pages:edit", args=[page.pk]),
        stands=_stands(page, facts),
        readers_get=publication_status.of_row(page),
        could="; ".join(f"{label}: {', '.join(names) or 'no one yet'}" for label, names in could.items()),
    )


def _stands(page: ArticlePage, facts: _Facts) -> str:
    """Draft, under review, changes requested, scheduled, published; and whether the draft is another text."""
    status = facts.workflow.get(page.pk)
    expected = _expected(page, facts.scheduled.get(page.article_id))
    if status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "Changes requested"
    if status == WorkflowState.STATUS_IN_PROGRESS:
        said = ["Under review.", _missing(facts.asked.get(page.article_id, [])), expected]
        return " ".join(filter(None, said))
    if expected:
        return expected
    if _is_published(page):
        return "Published; the draft has unpublished changes" if facts.differing.get(page.article_id) else "Published"
    return "Draft"


def _expected(page: ArticlePage, schedule: Schedule | None) -> str:
    """What will come of the text as it is now; nothing where no publication is scheduled."""
    if schedule is None:
        return ""
    review = rules.try_load(page)
    return (
        waiting.expectation(schedule, review)
        if review
        else f"Scheduled for {schedule.moment}, but the draft cannot be read."
    )


def _missing(rows: list[OpenNeed]) -> str:
    said = [f"{Role(row.role).label.lower()} ({_taker(row)})" for row in rows]
    return f"Still to sign: {', '.join(said)}." if said else ""


def _taker(row: OpenNeed) -> str:
    if row.taker:
        return f"assigned to {name_of(row.taker)}"
    return f"asked: {name_of(row.asked)}" if row.asked else "not assigned yet"


def _is_published(page: Any) -> bool:
    return page.readers_state in (PublicationState.PUBLISHED, PublicationState.WITHHELD)
