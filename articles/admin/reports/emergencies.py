"""Report: publications in an emergency and safety notices by month and person, counted from the ledger alone.

A safety notice counts once, for the person who signed it, on however many articles and translations it is shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import django_filters
from django.db.models import Min, Q, QuerySet
from wagtail.admin.filters import WagtailFilterSet

from articles.admin.reports.base import ArticleReport, Days
from articles.record.ledger.sentences import actor_name
from articles.record.models import Event
from articles.record.standing import EMERGENCY_LASTS
from articles.record.vocabulary import EventKind

URGENT = Q(kind=EventKind.PUBLISHED, data__has_key="emergency")
COMPLETING = Q(kind=EventKind.REAFFIRMED) | (Q(kind=EventKind.PUBLISHED) & ~Q(data__has_key="emergency"))


class EmergencyFilterSet(WagtailFilterSet):
    at = Days("at")
    actor = django_filters.CharFilter(label="Person", field_name="actor__name", lookup_expr="icontains")

    class Meta:
        model = Event
        fields = ["at", "actor"]


@dataclass
class EmergencyRow:
    """What one person did in one month. `published` is the sum of the four outcomes after it."""

    month: str
    person: str
    published: int = 0
    in_time: int = 0
    late: int = 0
    withdrawn: int = 0
    open: int = 0
    notices: int = 0


class EmergencyReport(ArticleReport):
    """Newest month first, then by name. The month is that of the publication or of the notice."""

    name = "articles_report_emergencies"
    model = Event
    page_title = "Emergencies"
    header_icon = "warning"
    filterset_class = EmergencyFilterSet
    headings = {
        "month": "Month (UTC)",
        "person": "Person",
        "published": "Published in an emergency",
        "in_time": "Completed within 48 hours",
        "late": "Completed later",
        "withdrawn": "Withdrawn before that",
        "open": "Still open",
        "notices": "Safety notices",
    }
    note = (
        "One clinician's signature publishes a text in an emergency. It is completed when all required signatures are "
        "in, and open until then."
    )

    def get_queryset(self) -> QuerySet[Event]:
        """The publications, and the first line of each notice."""
        notices = Event.objects.filter(kind=EventKind.NOTICED).order_by().values("data__notice")
        first = notices.annotate(first=Min("number")).values("first")
        return Event.objects.filter(URGENT | Q(number__in=first)).order_by("number")

    def get_filtered_queryset(self) -> list[EmergencyRow]:
        return counted(list(super().get_filtered_queryset()))

    def rows_of(self, found: list[EmergencyRow]) -> list[EmergencyRow]:
        return found


def counted(lines: list[Event]) -> list[EmergencyRow]:
    """A row for each month and person, in one further query."""
    found: dict[tuple[str, object], EmergencyRow] = {}
    endings = Endings(line.subject for line in lines if line.kind == EventKind.PUBLISHED)
    for line in lines:
        month, name = f"{line.at.astimezone(UTC):%Y-%m}", actor_name(line.actor)
        row = found.setdefault((month, line.actor.get("user", name)), EmergencyRow(month, name))
        if line.kind == EventKind.NOTICED:
            row.notices += 1
        else:
            row.published += 1
            outcome = endings.outcome(line)
            setattr(row, outcome, getattr(row, outcome) + 1)
    rows = sorted(found.values(), key=lambda row: row.person.casefold())
    return sorted(rows, key=lambda row: row.month, reverse=True)


class Endings:
    """What completes or withdraws these articles after an emergency (articles.record.standing)."""

    def __init__(self, articles: Iterable[UUID]) -> None:
        ending = Event.objects.filter(COMPLETING | Q(kind=EventKind.WITHDRAWN), subject__in=set(articles))
        self.of: dict[UUID, list[tuple[int, datetime, bool]]] = {}
        for subject, number, at, kind in ending.order_by("number").values_list("subject", "number", "at", "kind"):
            self.of.setdefault(subject, []).append((number, at, kind == EventKind.WITHDRAWN))

    def outcome(self, line: Event) -> str:
        """The column of EmergencyRow that counts this publication. An article that is published again by all required
        signatures is complete, whether it was withdrawn in between or not."""
        later = [end for end in self.of.get(line.subject, []) if end[0] > line.number]
        completed = next((at for _, at, is_withdrawn in later if not is_withdrawn), None)
        if completed is None:
            return "withdrawn" if later else "open"
        return "in_time" if completed - line.at <= EMERGENCY_LASTS else "late"
