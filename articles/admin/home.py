"""The admin's start page by role: what waits for me, my articles, what is due, and what went wrong."""

from collections.abc import Iterable

from wagtail.admin.ui.components import Component

from articles.admin.home_asked import OpenSignatures
from articles.admin.home_due import DueAndOverdue, Emergencies, RefusedPublications
from articles.admin.home_mine import MyArticles
from articles.admin.home_waiting import WaitingForMe

# Wagtail's list of what waits knows approvals but no signatures.
REPLACED = ("WorkflowObjectsToModeratePanel",)


def arrange(panels: Iterable[Component]) -> list[Component]:
    """Wagtail's panels without those that ours replace, and ours."""
    kept = [panel for panel in panels if type(panel).__name__ not in REPLACED]
    ours = [WaitingForMe(), OpenSignatures(), Emergencies(), DueAndOverdue(), RefusedPublications(), MyArticles()]
    return [*kept, *ours]
