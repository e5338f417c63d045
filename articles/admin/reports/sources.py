"""Report: sources that were corrected or superseded, and what was decided about them."""

from collections import Counter
from dataclasses import dataclass

import django_filters
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet

from articles.admin.names import Named
from articles.admin.reports.base import ArticleReport
from articles.authoring.permissions import MAY_QUESTION
from articles.publishing.recompose import SOURCE
from articles.publishing.upkeep.decide import TO_DECIDE
from articles.record.models import Event, Link
from articles.record.vocabulary import EventKind, SourceDecision
from articles.sources.models import Source

UNDECIDED = "none"


class SourceFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(label="Status", choices=[(each.value, each.label) for each in TO_DECIDE])
    decision = django_filters.ChoiceFilter(
        label="Decision", choices=[(UNDECIDED, "Not decided yet"), *SourceDecision.choices], method="decided"
    )

    class Meta:
        model = Source
        fields = ["status", "decision"]

    def decided(self, queryset: QuerySet[Source], name: str, value: str) -> QuerySet[Source]:
        return queryset.filter(decision="" if value == UNDECIDED else value)


@dataclass(frozen=True)
class SourceRow:
    source: str
    status: str
    since: str
    articles: int
    decision: Named


class SourceReport(ArticleReport):
    """Those without a decision first."""

    name = "articles_report_sources"
    model = Source
    page_title = "Changed sources"
    header_icon = "openquote"
    permission = MAY_QUESTION
    filterset_class = SourceFilterSet
    headings = {
        "source": "Source",
        "status": "Status",
        "since": "Since",
        "articles": "Published articles",
        "decision": "Decision",
    }
    note = (
        "These works were corrected, or a newer version replaces them. Decide once for all articles that cite one. "
        "A decision holds until the next correction or version."
    )

    def get_queryset(self) -> QuerySet[Source]:
        is_open = Case(When(decision="", then=Value(0)), default=Value(1))
        return Source.objects.filter(status__in=TO_DECIDE, merged_into=None).order_by(is_open, "title", "pk")

    def rows_of(self, found: list[Source]) -> list[SourceRow]:
        keys = [row.source_id for row in found]
        events = Event.objects.filter(kind=EventKind.SOURCE_STATUS, subject__in=keys).order_by("number")
        since = dict(events.values_list("subject", "at"))
        links = Link.objects.filter(relation=SOURCE, target__in=[str(key) for key in keys])
        cited = Counter(links.values_list("target", flat=True))
        return [
            SourceRow(
                str(row),
                row.get_status_display(),
                f"{since[row.source_id]:%-d %B %Y}" if row.source_id in since else "",
                cited[str(row.source_id)],
                Named(row.get_decision_display() or "Decide", reverse("articles_decide_source", args=[row.pk])),
            )
            for row in found
        ]
