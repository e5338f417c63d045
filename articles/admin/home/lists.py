"""A list of the start page: its first rows in a panel, and all of them on a page of its own."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

ON_HOME, ON_A_PAGE = 10, 50


class ListPanel(Component):
    """A subclass says what is `found` (cheaply, of all of it) and what its `lines` show of the rows of one page.

    `quiet` is said of an empty list; without it an empty list is not shown. `rest` says of which rows there are more.
    """

    template_name = "admin/home/list.html"
    heading = ""
    rows_template = ""
    permission = ""
    quiet = ""
    rest = ""

    def may_see(self, user: User) -> bool:
        return not self.permission or user.has_perm(self.permission)

    def note(self, user: User) -> str:
        """A sentence above the rows; "" for none."""
        return ""

    def found(self, user: User) -> Sequence[Any] | QuerySet:
        raise NotImplementedError

    def lines(self, rows: list[Any], user: User) -> list[Any]:
        raise NotImplementedError

    def page(self, user: User, number: str | int, *, size: int) -> Page:
        """Its rows are lines already."""
        page = Paginator(self.found(user), size).get_page(number)
        page.object_list = self.lines(list(page.object_list), user)
        return page

    def render_html(self, parent_context=None) -> str:
        user = parent_context["request"].user if parent_context else None
        return super().render_html(parent_context) if user and self.may_see(user) else ""

    def get_context_data(self, parent_context):
        page = self.page(parent_context["request"].user, 1, size=ON_HOME)
        return {
            "panel": self,
            "note": self.note(parent_context["request"].user) if page.object_list or self.quiet else "",
            "rows": page.object_list,
            "more": page.paginator.count - len(page.object_list),
            "all_url": reverse(self.url_name),
            "csrf_token": parent_context.get("csrf_token", ""),
        }

    @property
    def url_name(self) -> str:
        return f"articles_list_{self.name}"

    @property
    def key(self) -> str:
        """Of its element and its address."""
        return self.name.replace("_", "-")


class ListView(WagtailAdminTemplateMixin, TemplateView):
    """All rows of a panel, page by page."""

    panel: ListPanel | None = None
    template_name = "admin/home/all.html"
    header_icon = "list-ul"

    def dispatch(self, request, *args, **kwargs):
        if not self.the_panel.may_see(cast(User, request.user)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def the_panel(self) -> ListPanel:
        assert self.panel is not None
        return self.panel

    def get_page_title(self) -> str:
        return self.the_panel.heading

    def get_breadcrumbs_items(self):
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs):
        user = cast(User, self.request.user)
        page = self.the_panel.page(user, self.request.GET.get("p", 1), size=ON_A_PAGE)
        said = {"panel": self.the_panel, "note": self.the_panel.note(user), "rows": page.object_list, "page": page}
        return super().get_context_data(**kwargs) | said


def list_urls(panels: Sequence[ListPanel]) -> list[URLPattern]:
    return [path(f"lists/{panel.key}/", ListView.as_view(panel=panel), name=panel.url_name) for panel in panels]
