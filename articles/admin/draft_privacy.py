"""Keeps the titles of drafts private. Wagtail's page views and choosers name a page before they check permissions.

People see an article's draft title only if they may explore its folder or may read the draft itself.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied
from wagtail.permission_policies.pages import PagePermissionPolicy

from articles.authoring.models import ArticlePage
from articles.review.draft_readers import may_read

PAGES = "wagtailadmin_pages"
CHOOSERS, BULK = "wagtailadmin_choose_page", "wagtail_bulk_action"
KEYS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id")


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict) -> HttpResponse | None:
        match = request.resolver_match
        is_about_pages = match and (PAGES in match.namespaces or (match.url_name or "").startswith((CHOOSERS, BULK)))
        if not is_about_pages or not request.user.is_authenticated:
            return None
        untold = ArticlePage.objects.filter(pk__in=named(request, kwargs)).exclude(pk__in=explorable(request.user))
        return None if all(may_read(page, request.user) for page in untold) else permission_denied(request)


def named(request: HttpRequest, kwargs: dict) -> list[int]:
    """Keys of the pages that the address names; choosers and bulk actions take them as `id`."""
    given = [kwargs[key] for key in KEYS if key in kwargs]
    return given + [int(key) for key in request.GET.getlist("id") if key.isascii() and key.isdigit()]


def explorable(user) -> Any:
    return PagePermissionPolicy().explorable_instances(user).values("pk")


def choosable(pages, request: HttpRequest):
    """Wagtail's hook on what its page chooser lists."""
    return pages.filter(pk__in=explorable(request.user))
