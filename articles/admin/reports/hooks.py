"""The reports, as Wagtail loads them."""

from wagtail import hooks

from articles.admin.reports.base import make_exports_harmless
from articles.admin.reports.menu import report_menu_items, report_urls

make_exports_harmless()

hooks.register("register_admin_urls", report_urls)
for report_menu_item in report_menu_items():
    hooks.register("register_reports_menu_item", lambda item=report_menu_item: item)
