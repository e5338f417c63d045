"""Home, for those who answer for what readers get: emergencies, refused publications, sources to decide about.

For leads, editors and reviewers (the permission to see reports). Each list has a fixed number of queries.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from articles.admin.home.due import pages_of, reaffirm_url
from articles.admin.home.lists import ListPanel
from articles.admin.names import names_of
from articles.authoring.permissions import MAY_QUESTION, MAY_REPORT
from articles.errors import NotSignedOff
from articles.publishing.upkeep.decide import undecided
from articles.record.models import Edition, Event, Publication
from articles.record.vocabulary import SERVED, EventKind, ReviewStatus
from articles.review.needs.table import open_rows
from articles.sources.models import Source

REFUSED_DAYS = 90


@dataclass(frozen=True)
class Urgent:
    """An article that was published on one clinician's signature."""

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


class Emergencies(ListPanel):
    name = "emergencies"
    heading = "Published in an emergency"
    rows_template = "admin/home/emergencies.html"
    permission = MAY_REPORT
    rest = "published later"
    order = 90

    def note(self, user: User) -> str:
        return "One clinician has signed these. The other signatures that the policy requires are still missing."

    def found(self, user: User) -> list[Edition]:
        """What readers get of an emergency's edition, the oldest first."""
        editions = Edition.objects.filter(review__has_key="emergency").order_by("event")
        latest = {row.subject: row for row in editions}
        cards = Publication.objects.filter(article__in=list(latest), state__in=SERVED).values_list("article", "card")
        urgent = {article for article, card in cards if _is_emergency(bytes(card))}
        return [row for key, row in latest.items() if key in urgent]

    def lines(self, rows: list[Edition], user: User) -> list[Urgent]:
        articles = [row.subject for row in rows]
        pages = pages_of(articles)
        titles = dict(Publication.objects.filter(article__in=articles).values_list("article", "title"))
        return [
            Urgent(
                titles[row.subject],
                reaffirm_url(pages.get(row.subject)),
                row.published_at,
                row.review["emergency"].get("reason", ""),
            )
            for row in rows
        ]


class RefusedPublications(ListPanel):
    name = "refused"
    heading = "Publication refused"
    rows_template = "admin/home/refused.html"
    permission = MAY_REPORT
    rest = "refused earlier"
    order = 120

    def found(self, user: User) -> list[int]:
        """Numbers of the latest refusal of each text that was not published since, the newest first.

        A text whose missing signatures are asked for waits for them; it is not listed.
        """
        since = timezone.now() - timedelta(days=REFUSED_DAYS)
        events = Event.objects.filter(kind=EventKind.REFUSED, at__gte=since).order_by()
        waits = Q(data__code=NotSignedOff.code, subject__in=open_rows().values("subject"))
        events = events.exclude(waits & ~Q(data__has_key="schedule"))
        latest = dict(events.values("subject").annotate(last=Max("number")).values_list("subject", "last"))
        editions = Edition.objects.filter(subject__in=list(latest)).order_by().values("subject")
        published = dict(editions.annotate(last=Max("event")).values_list("subject", "last"))
        return sorted((number for key, number in latest.items() if published.get(key, 0) < number), reverse=True)

    def lines(self, rows: list[int], user: User) -> list[Refused]:
        events = list(Event.objects.filter(number__in=rows).order_by("-number"))
        names = names_of([(event.subject_kind, event.subject) for event in events], user)
        return [
            Refused(
                title=str(names.get(str(event.subject), event.subject_kind)),
                url=getattr(names.get(str(event.subject)), "url", ""),
                at=event.at,
                why=str(event.data.get("detail", "")),
            )
            for event in events
        ]


class ChangedSources(ListPanel):
    name = "changed_sources"
    heading = "Changed sources"
    rows_template = "admin/home/changed_sources.html"
    permission = MAY_QUESTION
    rest = "to decide about"
    order = 130

    def note(self, user: User) -> str:
        return (
            "These works were corrected, or a newer version replaces them. Decide once for all articles that cite one."
        )

    def found(self, user: User) -> QuerySet[Source]:
        return undecided().order_by("title", "pk")

    def lines(self, rows: list[Source], user: User) -> list[Source]:
        return rows


def _is_emergency(card: bytes) -> bool:
    return bool(json.loads(card)["review"]["status"] == ReviewStatus.EMERGENCY)
