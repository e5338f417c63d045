"""The base of the reports: their permission, times in UTC, and cells that spreadsheets do not read as formulas."""

from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

import django_filters
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports import ReportView

from articles.authoring.permissions import MAY_REPORT

_wagtails = SpreadsheetExportMixin.preprocess_field_value
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


class ReportColumn(Column):
    """A cell with its label for phones, where cells stand below each other. A `Named` with an address is a link."""

    cell_template_name = "admin/reports/cell.html"


class ArticleReport(ReportView):
    """A Wagtail report whose rows are built for one page of the report, or for one export, at a time.

    A subclass gives `name` (of its URL), `headings` ({attribute of a row: heading}) and `rows_of`. `permission` is
    empty where everyone may see the rows; `classes` are CSS classes by column; `unexported` columns hold buttons,
    `unshown` ones are only in exports; people can sort by the columns in `sorts`.
    """

    name = ""
    permission = MAY_REPORT
    headings: dict[str, str] = {}
    unexported: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    sorts: dict[str, Any] = {}
    classes: dict[str, str] = {}
    template_name = "admin/reports/report.html"
    results_template_name = "admin/reports/results.html"
    table_classname = "listing vetted-stack"
    note = ""

    def dispatch(self, request, *args, **kwargs):
        if self.permission and not request.user.has_perm(self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @property
    def columns(self) -> list[Column]:
        shown = {key: words for key, words in self.headings.items() if key not in self.unshown}
        return [
            ReportColumn(key, label=words, classname=self.classes.get(key), sort_key=key if key in self.sorts else None)
            for key, words in shown.items()
        ]

    @property
    def list_export(self) -> list[str]:
        return list(self.headings)

    @property
    def export_headings(self) -> dict[str, str]:
        return {key: words for key, words in self.headings.items() if key not in self.unexported}

    def get_index_url(self) -> str:
        return reverse(self.name)

    def get_index_results_url(self) -> str:
        return reverse(f"{self.name}_results")

    def get_filename(self) -> str:
        return self.name.replace("_", "-")

    def get_context_data(self, *args, **kwargs):
        return super().get_context_data(*args, **kwargs) | {"note": self.note}

    def get_table(self, object_list):
        self.rows = self.rows_of(list(object_list))
        return super().get_table(self.rows)

    def decorate_paginated_queryset(self, object_list):
        return self.rows

    def rows_of(self, found: list[Any]) -> list[Any]:
        """The rows of these objects, in order, with few queries."""
        raise NotImplementedError

    def to_row_dict(self, item) -> OrderedDict[str, int | str]:
        cells = {key: getattr(item, key) for key in self.export_headings}
        return OrderedDict((key, cell if isinstance(cell, int) else harmless(str(cell))) for key, cell in cells.items())


def at_in_table(at: datetime) -> str:
    """2026-11-23 08:17:49 in UTC: a form that sorts and that spreadsheets can read."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def harmless(cell: str) -> str:
    """The cell as text in any spreadsheet: an apostrophe precedes a cell that would be read as a formula.

    Source: OWASP, CSV Injection.
    """
    return f"'{cell}" if cell.lstrip(" ").startswith(RUNS) or cell.startswith(RUNS) else cell


def make_exports_harmless() -> None:
    """Protect all CSV exports of Wagtail, including ours. In XLSX, Wagtail writes formulas as text already."""
    if SpreadsheetExportMixin.preprocess_field_value is not _preprocess:
        SpreadsheetExportMixin.preprocess_field_value = _preprocess


def _preprocess(self: SpreadsheetExportMixin, field: str, value: Any, export_format: str) -> Any:
    cell = _wagtails(self, field, value, export_format)
    return harmless(cell) if export_format == self.FORMAT_CSV and isinstance(cell, str) else cell


class UtcDays(django_filters.DateFromToRangeFilter):
    """A range of days in UTC, the ledger's time zone, with both ends included."""

    def __init__(self, field_name: str, label: str) -> None:
        super().__init__(field_name=field_name, label=label, widget=DateRangePickerWidget)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        if value and value.start:
            qs = qs.filter(**{f"{self.field_name}__gte": _midnight(value.start)})
        if value and value.stop:
            qs = qs.filter(**{f"{self.field_name}__lt": _next_midnight(value.stop)})
        return qs


def _next_midnight(picked: datetime) -> datetime:
    return _midnight(picked) + timedelta(days=1) if picked.date() < date.max else datetime.max.replace(tzinfo=UTC)


def _midnight(picked: datetime) -> datetime:
    """The start of the picked day in UTC. The form gives the day as a moment in the user's own time zone."""
    return datetime.combine(picked.date(), time(), tzinfo=UTC)
