"""Undoes a run: deletes the drafts that it made and that nobody touched since, and says why it leaves the others."""

import time

from django.db import transaction
from django.utils import timezone

from articles.errors import DomainError
from articles.intake.models import ImportedArticle, ImportRun
from articles.intake.runs.earlier import is_untouched, last_written
from articles.intake.states import WRITTEN, ArticleState

UPDATED = (
    "An earlier import made this draft, and this one only updated it. To bring back the text before, use the history "
    "of the article."
)
TOUCHED = "Somebody has worked on this draft since the import. Delete it by hand if it is not needed."
LATER = "A later import has updated this draft. Undo that import first."


def undo_some(run: ImportRun, *, seconds: float) -> bool:
    """Undo the next articles of the run, for about so long. Whether there are more."""
    until = time.monotonic() + seconds
    keys = ImportedArticle.objects.filter(run=run, state__in=WRITTEN)
    for key in list(keys.values_list("pk", flat=True)):
        undo_article(key)
        if time.monotonic() >= until:
            break
    return keys.exists()


@transaction.atomic
def undo_article(key: int) -> None:
    article = ImportedArticle.objects.select_for_update(of=("self",)).select_related("run__by").get(pk=key)
    ImportRun.objects.filter(pk=article.run_id).update(beat_at=timezone.now())
    if article.state not in WRITTEN:
        return
    if reason := why_left(article):
        _settle(article, ArticleState.LEFT, reason)
        return
    try:
        if article.draft is not None:
            with transaction.atomic():
                article.draft.delete(user=article.run.by)
    except DomainError as error:  # readers get it
        _settle(article, ArticleState.LEFT, error.detail)
        return
    article.draft, article.revision, article.revision_sha256, article.drafted = None, None, "", ""
    _settle(article, ArticleState.UNDONE, "")


def why_left(article: ImportedArticle) -> str:
    """Why the draft is not deleted; "" if it is."""
    if article.draft is None:
        return ""  # somebody deleted it already
    if article.earlier_id is not None:
        return UPDATED
    written = last_written(article.draft)
    if written is not None and written.pk != article.pk:
        return LATER
    return "" if is_untouched(article.draft) else TOUCHED


def _settle(article: ImportedArticle, state: str, problem: str) -> None:
    article.state, article.problem = state, problem
    article.save(update_fields=["state", "problem", "draft", "revision", "revision_sha256", "drafted"])
