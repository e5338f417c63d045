"""Home, for those who answer for what readers get: reviews due and overdue, emergencies, refused publications.

For leads, editors and reviewers (the permission to see reports). Each list has a fixed number of queries.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component

from articles.admin.report_names import names_of
from articles.authoring.models import ArticlePage
from articles.record.due import DUE_DAYS
from articles.record.models import Edition, Event, Publication
from articles.record.vocabulary import SERVED, EventKind, ReviewStatus, Role
from articles.review.models import Assignment
from articles.review.pool import name_of

LIMIT = 10
PERMISSION = "articles.report_article"
REFUSED_DAYS = 90


@dataclass(frozen=True)
class Due:
    title: str
    url: str
    due_on: date
    is_overdue: bool
    taker: str
    assign_url: str


@dataclass(frozen=True)
class Urgent:
    """An article that stands on one clinician's signature alone."""

    title: str
    url: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class Refused:
    title: str
    url: str
    at: datetime
    why: str


class Answering(Component):
    """A panel for those who may see reports; it is not there for others."""

    name = "answering"

    def render_html(self, parent_context=None) -> str:
        user = parent_context["request"].user if parent_context else None
        return super().render_html(parent_context) if user and user.has_perm(PERMISSION) else ""


class DueAndOverdue(Answering):
    name = "due"
    template_name = "admin/home_due.html"
    order = 110

    def get_context_data(self, parent_context):
        found, count = due(parent_context["request"].user, timezone.now().date())
        return {"due": found, "more": count - len(found), "all_url": reverse("articles_report_status")}


class Emergencies(Answering):
    name = "emergencies"
    template_name = "admin/home_emergencies.html"
    order = 90

    def get_context_data(self, parent_context):
        return {"urgent": emergencies()[:LIMIT]}


class RefusedPublications(Answering):
    name = "refused"
    template_name = "admin/home_refused.html"
    order = 120

    def get_context_data(self, parent_context):
        return {"refused": refused(parent_context["request"].user, timezone.now())}


def due(user: User, today: date) -> tuple[list[Due], int]:
    """(the first of them, how many there are): the longest overdue first."""
    found = Publication.objects.filter(state__in=SERVED, next_review_on__lt=today + timedelta(days=DUE_DAYS))
    rows = list(found.order_by("next_review_on", "title").values_list("article", "title", "next_review_on")[:LIMIT])
    pages = _pages([article for article, _, _ in rows])
    open_rows = Assignment.objects.filter(closed_at=None, role=Role.MEDICAL, subject__in=list(pages))
    takers = {row.subject: row.taker for row in open_rows.select_related("taker__person")}
    may_assign = user.has_perm("articles.assign_article")
    return [
        Due(
            title=title,
            url=_reaffirm_url(pages.get(article)),
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


def emergencies() -> list[Urgent]:
    """What readers get of an emergency's edition, the oldest first."""
    editions = Edition.objects.filter(review__has_key="emergency").order_by("event")
    latest = {row.subject: row for row in editions}
    cards = Publication.objects.filter(article__in=list(latest), state__in=SERVED)
    urgent = {
        article: title
        for article, title, card in cards.values_list("article", "title", "card")
        if json.loads(bytes(card))["review"]["status"] == ReviewStatus.EMERGENCY
    }
    pages = _pages(list(urgent))
    return [
        Urgent(urgent[key], _sign_off_url(pages.get(key)), row.published_at, row.review["emergency"].get("reason", ""))
        for key, row in latest.items()
        if key in urgent
    ]


def refused(user: User, now: datetime) -> list[Refused]:
    """The latest refusal of each text that was not published since, the newest first."""
    since = now - timedelta(days=REFUSED_DAYS)
    events = Event.objects.filter(kind=EventKind.REFUSED, at__gte=since).order_by("-number")
    latest: dict[UUID, Event] = {}
    for event in events[: 20 * LIMIT]:
        latest.setdefault(event.subject, event)
    editions = Edition.objects.filter(subject__in=list(latest)).order_by().values("subject")
    published = dict(editions.annotate(last=Max("event")).values_list("subject", "last"))
    shown = [event for key, event in latest.items() if published.get(key, 0) < event.number][:LIMIT]
    names = names_of([(event.subject_kind, event.subject) for event in shown], user)
    return [
        Refused(
            title=str(names.get(str(event.subject), event.subject_kind)),
            url=getattr(names.get(str(event.subject)), "url", ""),
            at=event.at,
            why=str(event.data.get("detail", "")),
        )
        for event in shown
    ]


def _pages(articles: list[UUID]) -> dict[UUID, int]:
    return dict(ArticlePage.objects.filter(article_id__in=articles).values_list("article_id", "pk"))


def _reaffirm_url(page: int | None) -> str:
    """Where what readers get is read and signed again, whatever the draft says."""
    return reverse("articles_reaffirm", args=[page]) if page else ""


def _sign_off_url(page: int | None) -> str:
    return reverse("articles_sign_off", args=["article", page]) if page else ""
