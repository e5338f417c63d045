"""Report: the reviews due in each of the next 12 weeks, and the number of reviews that clinicians sign per week.

A due week is an ISO week (Monday to Sunday, UTC). Signed reviews are counted in periods of seven days that end now;
the report uses the median, so that one busy week does not distort it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.authoring.permissions import MAY_REPORT
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import SERVED, DocumentKind, Role, Scope

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """An ISO week that begins on this Monday, and the number of reviews due in it."""

    begins: date
    due: int

    @property
    def label(self) -> str:
        """2026-W48."""
        year, number, _ = self.begins.isocalendar()
        return f"{year}-W{number:02}"


@dataclass(frozen=True)
class Forecast:
    """`pace` is the median number of whole reviews that clinicians signed in a week."""

    weeks: list[Week]
    pace: float

    @property
    def sentence(self) -> str:
        busy = sum(week.due > self.pace for week in self.weeks)
        reviews = "review" if self.pace == 1 else "reviews"
        return (
            f"Over the last {WEEKS} weeks, clinicians signed a median of {self.pace:g} full {reviews} per week. "
            f"More reviews than that are due in {busy or 'none'} of the next {WEEKS} weeks."
        )


class ForecastView(WagtailAdminTemplateMixin, TemplateView):
    """For people with the permission to see reports."""

    name = "articles_forecast"
    template_name = "admin/reports/forecast.html"
    page_title = "Reviews due"
    header_icon = "calendar"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(MAY_REPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"forecast": forecast(timezone.now())}


def forecast(now: datetime) -> Forecast:
    """The forecast for the next 12 weeks, in two queries. Overdue reviews count in the first week."""
    today = now.astimezone(UTC).date()
    first = _monday(today)
    rows = Publication.objects.filter(state__in=SERVED, next_review_on__lt=first + WEEKS * WEEK)
    days = rows.values_list("next_review_on", flat=True)
    due = Counter(max(_monday(day), first) for day in days if day)
    return Forecast([Week(begins := first + number * WEEK, due[begins]) for number in range(WEEKS)], _pace(now))


def _pace(now: datetime) -> float:
    """The median number of full reviews per week.

    An article that two clinicians sign in a week is one review. Weeks before the first signature do not count.
    """
    signed = SignOff.objects.filter(role=Role.MEDICAL, part=DocumentKind.MEDICAL, scope=Scope.WHOLE)
    rows = signed.filter(signed_at__gt=now - WEEKS * WEEK, signed_at__lte=now).values_list("subject", "signed_at")
    counts = Counter(week for _, week in {(subject, (now - at) // WEEK) for subject, at in rows})
    return float(median(counts[week] for week in range(max(counts) + 1))) if counts else 0.0


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
