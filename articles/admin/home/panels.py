"""The admin's start page by role: what waits for me, my articles, what is due, and what went wrong."""

from collections.abc import Iterable

from django.urls import URLPattern
from wagtail.admin.ui.components import Component

from articles.admin.home.asked import OpenSignatures
from articles.admin.home.due import DueAndOverdue
from articles.admin.home.lists import ListPanel, list_urls
from articles.admin.home.mine import MyArticles
from articles.admin.home.problems import ChangedSources, Emergencies, RefusedPublications
from articles.admin.home.translations import OutdatedTranslations
from articles.admin.home.waiting import WaitingForMe

# Wagtail's list of what waits knows approvals but no signatures.
REPLACED = ("WorkflowObjectsToModeratePanel",)
LISTS: tuple[ListPanel, ...] = (
    WaitingForMe(),
    OpenSignatures(),
    Emergencies(),
    RefusedPublications(),
    ChangedSources(),
    OutdatedTranslations(),
    MyArticles(),
)


def arrange(panels: Iterable[Component]) -> list[Component]:
    """Wagtail's panels without those that ours replace, and ours."""
    kept = [panel for panel in panels if type(panel).__name__ not in REPLACED]
    return [*kept, *LISTS, DueAndOverdue()]


def urls() -> list[URLPattern]:
    """Of the pages that show a list whole."""
    return list_urls(LISTS)
