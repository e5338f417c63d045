"""Begins a correction with the text that readers get, and keeps the open draft.

The draft that was open stays as a revision: the Review panel offers it until somebody continues it, and shows what the
correction changed meanwhile.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision, WorkflowState

from articles.authoring.models import ArticlePage, ArticleTopic
from articles.errors import DomainError
from articles.record.models import Edition
from articles.review.opening import lock
from articles.review.responses.suggestions import may_decide
from articles.review.unpublished import is_as_published

BEGAN = "articles.correct"
BROUGHT_BACK = "wagtail.revert"


class CannotCorrect(DomainError):
    """The article is locked, under review or not published, or the draft is the published text already."""

    code = "cannot-correct"
    title = "The correction was not begun."


@dataclass(frozen=True)
class SetAside:
    """`draft`: the revision that was open when the correction began. `edition`: that with which it began."""

    draft: Revision
    edition: Edition
    latest: Edition


def begin(*, page: ArticlePage, by: User) -> None:
    """Save the published text as the newest draft, without the change note of its edition, at the address and under the
    topics of today. Raises CannotCorrect."""
    with transaction.atomic():
        page = lock(page)
        edition = _latest_edition(page)
        if refusal := why_not(page, by, edition):
            raise CannotCorrect(refusal)
        assert edition is not None
        open_draft = page.latest_revision_id
        draft = Revision.objects.get(pk=edition.revision).as_object()
        draft.change_note, draft.is_editorial, draft.is_correction = "", False, False
        draft.slug = page.slug  # readers may have got another address and other topics since
        draft.topics = [ArticleTopic(topic=row.topic, sort_order=row.sort_order) for row in page.topics.all()]
        draft.save_revision(user=by)
        log(instance=page, action=BEGAN, user=by, data={"draft": open_draft, "edition": edition.pk})


def why_not(page: ArticlePage, by: User, edition: Edition | None) -> str:
    """Why no correction can begin; "" if one can."""
    if not may_decide(page, by):
        return "You may not edit this article."
    if page.permissions_for_user(by).page_locked():
        return "The article is locked. Unlock it first."
    if page.current_workflow_state and page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS:
        return "The article is under review. Cancel the review first, or correct the text there."
    if edition is None or not Revision.objects.filter(pk=edition.revision).exists():
        return "The article was never published, so there is nothing to correct."
    if is_as_published(page.article_id):
        return "The draft is the published text already. Edit it, and submit it."
    return ""


def set_aside(page: ArticlePage) -> SetAside | None:
    """The draft that waits since the last correction; None if somebody continued it, or it was deleted."""
    entries = PageLogEntry.objects.filter(page=page, action__in=(BEGAN, BROUGHT_BACK)).order_by("pk")
    last = None
    for entry in entries:
        if entry.action == BEGAN:
            last = entry
        elif last and (entry.data.get("revision") or {}).get("id") == last.data["draft"]:
            last = None
    draft = Revision.objects.filter(pk=last.data["draft"]).first() if last else None
    edition = Edition.objects.filter(pk=last.data["edition"]).first() if last else None
    latest = _latest_edition(page)
    return SetAside(draft, edition, latest) if draft and edition and latest else None


def _latest_edition(page: ArticlePage) -> Edition | None:
    return Edition.objects.filter(subject=page.article_id).order_by("number").last()
