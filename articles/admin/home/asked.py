"""Home, for who assigns reviews: signatures that are asked for, what nobody took first. A fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db.models import F, QuerySet
from django.urls import reverse
from wagtail.models import WorkflowState

from articles.admin.home.lists import ListPanel
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.models import Publication
from articles.record.vocabulary import Role, SubjectKind
from articles.review.models import Assignment
from articles.review.needs.assignments import PERMISSION
from articles.review.needs.pool import name_of

GONE = "what is deleted by now"


@dataclass(frozen=True)
class Open:
    """A signature that is missing; `url` leads to who could give it."""

    title: str
    url: str
    role: str
    since: datetime
    taker: str


class OpenSignatures(ListPanel):
    name = "open_signatures"
    heading = "Signatures that are asked for"
    rows_template = "admin/home/asked.html"
    permission = PERMISSION
    order = 105

    def found(self, user: User) -> QuerySet:
        rows = Assignment.objects.filter(closed_at=None).select_related("taker__person")
        return rows.order_by(F("taker").asc(nulls_first=True), "asked_at", "pk")

    def lines(self, rows: list[Assignment], user: User) -> list[Open]:
        targets = _targets([row.subject for row in rows])
        return [_line(row, *targets.get(row.subject, (0, GONE))) for row in rows]


def _targets(subjects: list[UUID]) -> dict[UUID, tuple[int, str]]:
    """{subject: (key of the page or component, its title)}: as the draft says it where that is asked about."""
    found: dict[UUID, tuple[int, str]] = {}
    pages = ArticlePage.objects.filter(article_id__in=subjects).values_list("article_id", "pk", "draft_title", "title")
    rows = list(pages)
    in_workflow = WorkflowState.objects.filter(
        status=WorkflowState.STATUS_IN_PROGRESS, object_id__in=[str(pk) for _, pk, _, _ in rows]
    )
    running = {int(key) for key in in_workflow.values_list("object_id", flat=True)}
    read = dict(Publication.objects.filter(article__in=subjects).values_list("article", "title"))
    for subject, pk, draft, title in rows:
        name = draft or title
        found[subject] = (pk, name if pk in running else read.get(subject, name))
    for model in (Offer, Disclaimer):
        given = model._default_manager.filter(component_id__in=subjects).values_list("component_id", "pk", "name")
        found |= {subject: (pk, name) for subject, pk, name in given}
    return found


def _line(row: Assignment, pk: int, title: str) -> Open:
    return Open(
        title=title,
        url=reverse("articles_assign", args=[SubjectKind(row.subject_kind).value, pk]) if pk else "",
        role=str(Role(row.role).label).lower(),
        since=row.asked_at,
        taker=name_of(row.taker) if row.taker else "",
    )
