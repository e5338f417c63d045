"""The base of the reports: their permission, times, and cells that spreadsheets do not read as formulas.

Times are in the person's own zone on the screen, and in UTC in a download."""

from collections import OrderedDict
from datetime import UTC, datetime
from typing import Any, cast

import django_filters
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.reports import ReportView

from articles.authoring.permissions import MAY_REPORT

_wagtails = SpreadsheetExportMixin.preprocess_field_value
RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


class ReportColumn(Column):
    """A cell with its label for phones, where cells stand below each other. A `Named` with an address is a link; of a
    digest the beginning is shown, and all of it is in the download."""

    cell_template_name = "admin/reports/cell.html"

    @property
    def is_proof(self) -> bool:
        return self.classname == "vetted-proof"


class ArticleReport(ReportView):
    """A Wagtail report whose rows are built for one page of the report, or for one export, at a time.

    A subclass gives `name` (of its URL), `headings` ({attribute of a row: heading}) and `rows_of`. `permission` is
    empty where everyone may see the rows; `classes` are CSS classes by column; `unexported` columns hold buttons,
    `unshown` ones are only in exports; `moments` hold times; people can sort by the columns in `sorts`.
    """

    name = ""
    permission = MAY_REPORT
    headings: dict[str, str] = {}
    unexported: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
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
        exported = {key: words for key, words in self.headings.items() if key not in self.unexported}
        return exported | {key: f"{self.headings[key]} (UTC)" for key in self.moments}

    def get_index_url(self) -> str:
        return reverse(self.name)

    def get_index_results_url(self) -> str:
        return reverse(f"{self.name}_results")

    def get_filename(self) -> str:
        return self.name.replace("_", "-")

    def get_context_data(self, *args, **kwargs):
        zone = timezone.get_current_timezone_name()
        times = f"Times are in your time zone ({zone}), and in UTC in the download." if self.moments else ""
        return super().get_context_data(*args, **kwargs) | {"note": f"{self.note} {times}".strip()}

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
        return OrderedDict((key, cell if isinstance(cell, int) else _text(cell)) for key, cell in cells.items())


def _text(cell: Any) -> str:
    """A moment as 2026-11-23 08:17:49 in UTC: a form that sorts and that spreadsheets can read."""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return harmless(str(cell))


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


class Days(django_filters.DateFromToRangeFilter):
    """A range of days in the person's own time zone, with both ends included. `field_name` is a moment."""

    def __init__(self, field_name: str, label: str = "Dates") -> None:
        super().__init__(field_name=field_name, label=label, widget=DateRangePickerWidget)

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        ends = {"gte": value.start, "lte": value.stop} if value else {}
        return qs.filter(**{f"{self.field_name}__date__{end}": picked.date() for end, picked in ends.items() if picked})
