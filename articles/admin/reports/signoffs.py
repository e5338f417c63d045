"""Report: all sign-offs, with signer, time, digest and method, and whether each was voided."""

from dataclasses import dataclass
from datetime import datetime

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.filters import WagtailFilterSet

from articles.admin.names import Named, names_of
from articles.admin.reports.base import ArticleReport, Days
from articles.admin.reports.ledger import about, subjects_called
from articles.authoring.permissions import MAY_VOID
from articles.record.ledger.sentences import actor_name, label, moment
from articles.record.models import Event, SignOff
from articles.record.vocabulary import DocumentKind, EventKind, Method, Role, Scope


class SignOffFilterSet(WagtailFilterSet):
    name = django_filters.CharFilter(label="Signed by", lookup_expr="icontains")
    role = django_filters.ChoiceFilter(label="Role", choices=Role.choices)
    signed_at = Days("signed_at")
    subject = django_filters.CharFilter(label="Title, name or id", method="about")

    class Meta:
        model = SignOff
        fields = ["name", "role", "signed_at", "subject"]

    def about(self, queryset: QuerySet[SignOff], name: str, value: str) -> QuerySet[SignOff]:
        return queryset.filter(subject__in=subjects_called(value, self.request.user))


@dataclass(frozen=True)
class SignOffRow:
    number: int
    signed_at: datetime
    name: str
    role: str
    part: str
    subject: Named
    scope: str
    method: str
    voided: str
    digest: str
    act: Named


class SignOffReport(ArticleReport):
    """Newest first. `number` is the number of the ledger's line, which is also the id of the sign-off."""

    name = "articles_report_signoffs"
    model = SignOff
    page_title = "Sign-offs"
    header_icon = "clipboard-list"
    filterset_class = SignOffFilterSet
    headings = {
        "signed_at": "When",
        "name": "Signed by",
        "role": "Role",
        "part": "Part",
        "subject": "Article or component",
        "scope": "Scope",
        "method": "Method",
        "voided": "Voided",
        "digest": "Digest",
        "number": "Ledger line",
        "act": "Action",
    }
    unexported = ("act",)
    moments = ("signed_at",)
    classes = {"signed_at": "vetted-moment", "digest": "vetted-proof"}
    note = "A sign-off counts only for the text with exactly this digest."

    def get_queryset(self) -> QuerySet[SignOff]:
        return SignOff.objects.order_by("-event")

    def rows_of(self, found: list[SignOff]) -> list[SignOffRow]:
        named = names_of([(row.subject_kind, row.subject) for row in found], self.user)
        voided = voids_of(found)
        return [
            SignOffRow(
                row.event,
                row.signed_at,
                f"{row.name}, {row.credentials}" if row.credentials else row.name,
                label(Role, row.role),
                label(DocumentKind, row.part),
                about(row, named),
                label(Scope, row.scope),
                label(Method, row.method),
                _voided(voided.get(row.pk)),
                row.digest,
                self._act(row, voided.get(row.pk)),
            )
            for row in found
        ]

    def _act(self, row: SignOff, event: Event | None) -> Named:
        """The link to the page that voids the sign-off, for people who may void it."""
        if event or not self.user.has_perm(MAY_VOID):
            return Named("")
        return Named("Void", reverse("articles_void", args=[row.pk]))


def voids_of(found: list[SignOff]) -> dict[int, Event]:
    """{sign-off: the event that voided it}, in one query."""
    rows = Event.objects.filter(kind=EventKind.VOIDED, subject__in={row.subject for row in found})
    return {row.data["signoff"]: row for row in rows if isinstance(row.data, dict) and "signoff" in row.data}


def _voided(event: Event | None) -> str:
    if event is None:
        return "No"
    reason = event.data.get("reason") or "no reason was recorded"
    return f"Yes, on {moment(event.at)} by {actor_name(event.actor)}: {reason}"
