"""Home, for those who answer for what readers get: reviews due and overdue; the list of articles has all of them.

For leads, editors and reviewers (the permission to see reports). A fixed number of queries.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_ASSIGN, MAY_REPORT
from articles.record.delivery.clock import DUE_DAYS
from articles.record.models import Publication
from articles.record.vocabulary import SERVED, Role
from articles.review.needs.table import name_of, open_rows

LIMIT = 10


@dataclass(frozen=True)
class Due:
    title: str
    url: str
    due_on: date
    is_overdue: bool
    taker: str
    assign_url: str


class DueAndOverdue(Component):
    """For those who may see reports; it is not there for others."""

    name = "due"
    template_name = "admin/home/due.html"
    order = 110

    def render_html(self, parent_context=None) -> str:
        user = parent_context["request"].user if parent_context else None
        return super().render_html(parent_context) if user and user.has_perm(MAY_REPORT) else ""

    def get_context_data(self, parent_context):
        found, count = due(parent_context["request"].user, timezone.now().date())
        return {"due": found, "more": count - len(found), "all_url": reverse("articles_list")}


def due(user: User, today: date) -> tuple[list[Due], int]:
    """(the first of them, how many there are): the longest overdue first."""
    found = Publication.objects.filter(state__in=SERVED, next_review_on__lt=today + timedelta(days=DUE_DAYS))
    rows = list(found.order_by("next_review_on", "title").values_list("article", "title", "next_review_on")[:LIMIT])
    pages = pages_of([article for article, _, _ in rows])
    asked = open_rows().filter(role=Role.MEDICAL, subject__in=list(pages)).select_related("taker__person")
    takers = {row.subject: row.taker for row in asked}
    may_assign = user.has_perm(MAY_ASSIGN)
    return [
        Due(
            title=title,
            url=reaffirm_url(pages.get(article)),
            due_on=day,
            is_overdue=day < today,
            taker=name_of(taker) if (taker := takers.get(article)) else "",
            assign_url=reverse("articles_assign", args=["article", pages[article]])
            if may_assign and article in pages
            else "",
        )
        for article, title, day in rows
        if day
    ], found.count()


def pages_of(articles: list[UUID]) -> dict[UUID, int]:
    return dict(ArticlePage.objects.filter(article_id__in=articles).values_list("article_id", "pk"))


def reaffirm_url(page: int | None) -> str:
    """Where what readers get is read and signed again, whatever the draft says."""
    return reverse("articles_reaffirm", args=[page]) if page else ""
