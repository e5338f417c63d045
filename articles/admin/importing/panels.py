"""The start page's way in, and the menu item."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from articles.admin.folders import may_add_articles


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_add_articles(request.user)  # type: ignore[arg-type]


class ImportPanel(Component):
    """A button on the start page, for people who may add articles."""

    name = "import"
    template_name = "admin/importing/panel.html"
    order = 90

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"url": reverse("articles_import")}
