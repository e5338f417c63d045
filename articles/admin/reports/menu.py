"""The addresses of the reports and their items in Wagtail's menu of reports; and the list of articles, which everyone
has in the main menu and in the admin's search."""

from typing import Any

from django.urls import URLPattern, path, reverse, reverse_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.search import SearchArea

from articles.admin.reports.articles import ArticleList
from articles.admin.reports.base import ArticleReport
from articles.admin.reports.emergencies import EmergencyReport
from articles.admin.reports.forecast import ForecastView
from articles.admin.reports.ledger import LedgerReport
from articles.admin.reports.links import LinkReport
from articles.admin.reports.signoffs import SignOffReport
from articles.admin.reports.sources import SourceReport
from articles.authoring.permissions import MAY_REPORT

ARTICLES = "articles/"
REPORTS: dict[str, type[ArticleReport]] = {
    "sign-offs": SignOffReport,
    "ledger": LedgerReport,
    "emergencies": EmergencyReport,
    "sources": SourceReport,
    "links": LinkReport,
}
FORECAST = "forecast"
FIRST = 100  # before Wagtail's own reports


class ReportMenuItem(MenuItem):
    """Shown to people with the permission of the report, which the view checks again."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def is_shown(self, request) -> bool:
        return request.user.has_perm(self.permission)


def report_urls() -> list[URLPattern]:
    """The URLs of each list and of its results alone, which Wagtail requests while a filter is typed."""
    lists = {ARTICLES: ArticleList} | {f"reports/{at}/": report for at, report in REPORTS.items()}
    whole = [path(at, view.as_view(), name=view.name) for at, view in lists.items()]
    results = [
        path(f"{at}results/", view.as_view(results_only=True), name=f"{view.name}_results")
        for at, view in lists.items()
    ]
    return [*whole, *results, path(f"reports/{FORECAST}/", ForecastView.as_view(), name=ForecastView.name)]


def report_menu_items() -> list[ReportMenuItem]:
    views = (REPORTS | {FORECAST: ForecastView}).items()
    return [
        ReportMenuItem(
            view.page_title,
            reverse_lazy(view.name),
            name=at,
            icon_name=view.header_icon,
            order=order,
            permission=getattr(view, "permission", MAY_REPORT),
        )
        for order, (at, view) in enumerate(views, start=FIRST)
    ]


def articles_menu_item() -> MenuItem:
    return MenuItem("Articles", reverse_lazy(ArticleList.name), name="articles", icon_name="doc-full", order=90)


def articles_search_area() -> SearchArea:
    """The first area, so the search in the sidebar asks it. Wagtail's own first area is for editors of pages only."""
    return SearchArea("Articles", reverse(ArticleList.name), name="articles", icon_name="doc-full", order=90)
