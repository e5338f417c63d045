"""Report: every ledger line as a sentence, with its number and its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.db.models import QuerySet
from wagtail.admin.filters import WagtailFilterSet

from articles.admin.names import GONE, Named, names_of, titled, visible_articles
from articles.admin.reports.base import ArticleReport, Days
from articles.authoring.components import Disclaimer, Offer
from articles.record.ledger import related_events
from articles.record.ledger.sentences import actor_name, kind_in_words, label, sentence
from articles.record.models import Event
from articles.record.vocabulary import EventKind, SubjectKind


class LedgerFilterSet(WagtailFilterSet):
    kind = django_filters.MultipleChoiceFilter(
        label="Event", choices=EventKind.choices, widget=forms.CheckboxSelectMultiple
    )
    at = Days("at")
    actor = django_filters.CharFilter(label="By", field_name="actor__name", lookup_expr="icontains")
    subject = django_filters.CharFilter(label="Title, name or id", method="about")

    class Meta:
        model = Event
        fields = ["kind", "at", "actor", "subject"]

    def about(self, queryset: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        return queryset.filter(subject__in=subjects_called(value, self.request.user))


@dataclass(frozen=True)
class LedgerRow:
    number: int
    at: datetime
    kind: str
    subject: Named
    actor: str
    said: str
    hash: str


class LedgerReport(ArticleReport):
    """Newest first."""

    name = "articles_report_ledger"
    model = Event
    page_title = "Ledger"
    header_icon = "list-ol"
    filterset_class = LedgerFilterSet
    headings = {
        "number": "Number",
        "at": "When",
        "kind": "Event",
        "subject": "About",
        "actor": "By",
        "said": "Description",
        "hash": "Hash",
    }
    classes = {"at": "vetted-moment", "said": "vetted-words", "hash": "vetted-proof"}
    moments = ("at",)
    note = "All lines of the ledger, newest first. “manage.py ledger verify” checks the hashes."

    def get_queryset(self) -> QuerySet[Event]:
        return Event.objects.order_by("-number")

    def rows_of(self, found: list[Event]) -> list[LedgerRow]:
        named = names_of([*((row.subject_kind, row.subject) for row in found), *_replacements(found)], self.user)
        names = {key: name.name for key, name in named.items()} | related_events.notice_texts(found)
        return [
            LedgerRow(
                row.number,
                row.at,
                kind_in_words(row.kind),
                about(row, named),
                actor_name(row.actor),
                sentence(row, names),
                row.hash,
            )
            for row in found
        ]


def about(row: Any, named: dict[str, Named]) -> Named:
    """“Article: Scalp inflammation”, for anything that has `subject_kind` and `subject`."""
    kind = label(SubjectKind, row.subject_kind)
    name = named.get(str(row.subject))
    if name is None:
        return Named(GONE if row.subject_kind == SubjectKind.ARTICLE else f"{kind} {row.subject}")
    return Named(f"{kind}: {name.name}", name.url)


def subjects_called(text: str, user: User) -> list[UUID]:
    """Ids of the components, and of the articles with this title as the user sees it; or the id that was typed."""
    try:
        return [UUID(text.strip())]
    except ValueError:
        pass
    found = list(
        titled(visible_articles(user), user).filter(shown_title__icontains=text).values_list("article_id", flat=True)
    )
    for model in (Offer, Disclaimer):
        found += model.objects.filter(name__icontains=text).values_list("component_id", flat=True)
    return found


def _replacements(found: list[Event]) -> list[tuple[str, UUID]]:
    """[(kind, id)] of the articles that replace withdrawn ones."""
    given = [row.data.get("replacement") for row in found if isinstance(row.data, dict)]
    return [(SubjectKind.ARTICLE.value, UUID(key)) for key in given if key]
