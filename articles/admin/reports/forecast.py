"""Report: the reviews that fall due in the next weeks, against what the clinicians have managed."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.record.vocabulary import Role
from articles.review import forecast
from articles.review.forecast import Forecast, Week

PERMISSION = "articles.report_article"
BAR = 120  # width of the longest bar, in pixels


@dataclass(frozen=True)
class Row:
    """A week, and how long its bars are; the numbers beside them say the same."""

    week: Week
    due: int
    backlog: int


class ForecastView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "admin/reports/forecast.html"
    page_title = "Forecast of reviews"
    header_icon = "calendar"

    def dispatch(self, request, *args, **kwargs):
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs):
        now = timezone.now()
        found = forecast.forecast(now)
        said = {"forecast": found, "rows": rows_of(found), "bar": BAR, "hint": forecast.in_words(Role.MEDICAL, now)}
        return super().get_context_data(**kwargs) | said


class ForecastMenuItem(MenuItem):
    """Shown to those who may see reports; the view checks it again."""

    def is_shown(self, request) -> bool:
        return request.user.has_perm(PERMISSION)


def rows_of(found: Forecast) -> list[Row]:
    longest = max([1.0, *(max(float(week.due), week.backlog) for week in found.weeks)])
    return [Row(week, round(week.due / longest * BAR), round(week.backlog / longest * BAR)) for week in found.weeks]
