"""The reports and the list of articles, as Wagtail loads them."""

from wagtail import hooks

from articles.admin.reports.base import make_exports_harmless
from articles.admin.reports.menu import (
    articles_menu_item,
    articles_search_area,
    report_menu_items,
    report_urls,
)

make_exports_harmless()

hooks.register("register_admin_urls", report_urls)
hooks.register("register_admin_menu_item", articles_menu_item)
hooks.register("register_admin_search_area", articles_search_area)
for report_menu_item in report_menu_items():
    hooks.register("register_reports_menu_item", lambda item=report_menu_item: item)
