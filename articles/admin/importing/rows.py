"""What the table of a run shows of an article, and its filters. No queries for each row."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse

from articles.admin.importing.confidence import percent, words
from articles.intake.models import ImportedArticle, ImportRun
from articles.intake.states import MAY_BE_DRAFTED, ArticleState


@dataclass(frozen=True)
class Line:
    """One row. `problem`: why it failed or was left; `views`: of its old address, None if unknown."""

    row: ImportedArticle
    url: str
    draft_url: str
    changes_url: str
    confidence: str
    mentions: str
    views: int | None
    may_be_drafted: bool


@dataclass(frozen=True)
class Filter:
    state: str
    label: str
    count: int
    is_chosen: bool


def line_of(row: Any) -> Line:
    is_read = row.sections > 0 or row.state != ArticleState.FAILED
    return Line(
        row=row,
        url=reverse("articles_import_article", args=[row.pk]) if is_read else "",
        draft_url=reverse("wagtailadmin_pages:edit", args=[row.draft_id]) if row.draft_id else "",
        changes_url=reverse("articles_import_changes", args=[row.pk]) if row.state == ArticleState.CONFLICT else "",
        confidence=f"{words(row.lowest)} ({percent(row.lowest)}%)" if row.sections else "",
        mentions=_mentions(row),
        views=row.views,
        may_be_drafted=is_read and row.state in MAY_BE_DRAFTED,
    )


def _mentions(row: ImportedArticle) -> str:
    """“3 doses, 1 substance”."""
    counted = ((row.doses, "dose"), (row.substances, "substance"))
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in counted if count)


def state_filters(run: ImportRun, chosen: str) -> list[Filter]:
    """All, and each state that an article of the run has, with its number."""
    counted = run.articles.order_by().values_list("state").annotate(count=Count("pk"))
    counts: dict[str, int] = dict(counted)
    made = [Filter(state, str(label), counts[state], state == chosen) for state, label in _states() if state in counts]
    return [Filter("", "All", sum(counts.values()), not chosen), *made]


def _states() -> list[tuple[str, Any]]:
    return [(str(value), label) for value, label in ArticleState.choices]
