"""The end of a workflow: publishes the signed text, leaves it to its schedule, or sends it back."""

from contextlib import suppress

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from wagtail.models import WorkflowState

from articles.authoring.models import ArticlePage
from articles.errors import BlockedByFindings, DomainError
from articles.publishing.publish import publish, with_image_files
from articles.publishing.scheduling import waiting
from articles.record import events
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.needs.table import write_needs
from articles.review.opening import load_article, open_review
from articles.review.review import Review
from articles.review.roles import actor
from articles.review.signing import signatures
from articles.review.submit import CannotSubmit
from articles.review.workflow import SignOffTask, review_of


def finish(*, workflow_state: WorkflowState, by: User | None) -> None:
    """Publish the article, or send it back if signatures are missing, as after a disabled task or an empty workflow.

    Raises nothing for missing signatures. Articles that link to this one are recomposed after the commit.
    """
    try:
        review = review_of(workflow_state)
        if review and review.is_locked and review.has_changed_for_readers:
            _send_back(workflow_state.content_object.specific, workflow_state)  # published in an emergency, just now
        elif review and review.is_locked:
            with_image_files(lambda: _publish_unless_later(review, by))
        elif review:
            with_image_files(lambda: _publish_locked(review, by))
    except DomainError as error:
        page = workflow_state.content_object.specific
        _refuse(page, error, by)
        _send_back(page, workflow_state)


@transaction.atomic
def _publish_locked(unlocked: Review, by: User | None) -> None:
    assert unlocked.target is not None
    review = open_review(unlocked.target)
    _publish_unless_later(review, by)
    write_needs(review)


@transaction.atomic
def _publish_unless_later(review: Review, by: User | None) -> None:
    """Publish the text, unless a schedule is waiting. If signatures are missing, it is refused in either case."""
    if waiting.holding(review):
        signatures.require(review)
    else:
        publish(review, by=by)


def _refuse(page: ArticlePage, error: DomainError, by: User | None) -> None:
    events.append(
        EventKind.REFUSED,
        subject_kind=SubjectKind.ARTICLE,
        subject=page.article_id,
        actor=actor(by),
        data={"code": error.code, "detail": error.reason},
    )


def _send_back(page: ArticlePage, state: WorkflowState) -> None:
    """Restart the workflow at the first step that lacks a signature. Steps with valid signatures are skipped.

    If only disabled steps lack signatures, the article stays a draft.
    """
    review = load_article(page)
    steps = [task.specific for task in state.workflow.tasks if task.active]
    lacking = [step for step in steps if isinstance(step, SignOffTask) and step.is_missing(review)]
    if lacking:
        with suppress(BlockedByFindings, CannotSubmit):  # then it stays with the author, who sees the reason
            state.workflow.start(page, state.requested_by)
