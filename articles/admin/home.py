"""The admin's start page by role: what waits for me, my articles, what is due, and what went wrong."""

from collections.abc import Iterable

from django.urls import URLPattern
from wagtail.admin.ui.components import Component

from articles.admin.home_asked import OpenSignatures
from articles.admin.home_due import DueAndOverdue
from articles.admin.home_list import ListPanel, list_urls
from articles.admin.home_mine import MyArticles
from articles.admin.home_waiting import WaitingForMe
from articles.admin.home_wrong import Emergencies, RefusedPublications

# Wagtail's list of what waits knows approvals but no signatures.
REPLACED = ("WorkflowObjectsToModeratePanel",)
LISTS: tuple[ListPanel, ...] = (WaitingForMe(), OpenSignatures(), Emergencies(), RefusedPublications(), MyArticles())


def arrange(panels: Iterable[Component]) -> list[Component]:
    """Wagtail's panels without those that ours replace, and ours."""
    kept = [panel for panel in panels if type(panel).__name__ not in REPLACED]
    return [*kept, *LISTS, DueAndOverdue()]


def urls() -> list[URLPattern]:
    """Of the pages that show a list whole."""
    return list_urls(LISTS)
