"""The addresses of the reports, and their items in Wagtail's menu of reports."""

from django.urls import URLPattern, path, reverse_lazy
from wagtail.admin.menu import MenuItem

from articles.admin.reports.base import ArticleReport
from articles.admin.reports.forecast import ForecastView
from articles.admin.reports.ledger import LedgerReport
from articles.admin.reports.signoffs import SignOffReport
from articles.admin.reports.status import StatusReport
from articles.authoring.permissions import MAY_REPORT

PATHS: dict[str, type[ArticleReport]] = {
    "review-status": StatusReport,
    "sign-offs": SignOffReport,
    "ledger": LedgerReport,
}
FORECAST = "forecast"
FIRST = 100  # before Wagtail's own reports


class ReportMenuItem(MenuItem):
    """Shown to people with the permission to see reports, which the view checks again."""

    def is_shown(self, request) -> bool:
        return request.user.has_perm(MAY_REPORT)


def report_urls() -> list[URLPattern]:
    """The URLs of each report and of its results alone, which Wagtail requests while a filter is typed."""
    whole = [path(f"reports/{at}/", report.as_view(), name=report.name) for at, report in PATHS.items()]
    results = [
        path(f"reports/{at}/results/", report.as_view(results_only=True), name=f"{report.name}_results")
        for at, report in PATHS.items()
    ]
    return [*whole, *results, path(f"reports/{FORECAST}/", ForecastView.as_view(), name=ForecastView.name)]


def report_menu_items() -> list[ReportMenuItem]:
    views = (PATHS | {FORECAST: ForecastView}).items()
    return [
        ReportMenuItem(view.page_title, reverse_lazy(view.name), name=at, icon_name=view.header_icon, order=order)
        for order, (at, view) in enumerate(views, start=FIRST)
    ]
