"""Home, for who assigns reviews: signatures that are asked for, what nobody took first. A fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from wagtail.admin.ui.components import Component

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.vocabulary import Role, SubjectKind
from articles.review.assignments import PERMISSION
from articles.review.models import Assignment
from articles.review.pool import name_of

LIMIT = 10


@dataclass(frozen=True)
class Open:
    """A signature that is missing; `url` leads to who could give it."""

    title: str
    url: str
    role: str
    since: datetime
    taker: str


class OpenSignatures(Component):
    name = "open_signatures"
    template_name = "admin/home_asked.html"
    order = 105

    def render_html(self, parent_context=None) -> str:
        user = parent_context["request"].user if parent_context else None
        return super().render_html(parent_context) if user and user.has_perm(PERMISSION) else ""

    def get_context_data(self, parent_context):
        found, count = open_signatures()
        return {"found": found, "more": count - LIMIT}


def open_signatures() -> tuple[list[Open], int]:
    """(the first of them, how many there are)."""
    rows = Assignment.objects.filter(closed_at=None).select_related("taker__person")
    shown = list(rows.order_by(F("taker").asc(nulls_first=True), "asked_at", "pk")[:LIMIT])
    targets = _targets([row.subject for row in shown])
    return [_line(row, *targets[row.subject]) for row in shown if row.subject in targets], rows.count()


def _targets(subjects: list[UUID]) -> dict[UUID, tuple[int, str]]:
    """{subject: (key of the page or component, its title)}."""
    found: dict[UUID, tuple[int, str]] = {}
    pages = ArticlePage.objects.filter(article_id__in=subjects).values_list("article_id", "pk", "draft_title", "title")
    found |= {subject: (pk, draft or title) for subject, pk, draft, title in pages}
    for model in (Offer, Disclaimer):
        rows = model._default_manager.filter(component_id__in=subjects).values_list("component_id", "pk", "name")
        found |= {subject: (pk, name) for subject, pk, name in rows}
    return found


def _line(row: Assignment, pk: int, title: str) -> Open:
    return Open(
        title=title,
        url=reverse("articles_assign", args=[SubjectKind(row.subject_kind).value, pk]),
        role=str(Role(row.role).label).lower(),
        since=row.asked_at,
        taker=name_of(row.taker) if row.taker else "",
    )
