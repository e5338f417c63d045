"""What follows when a workflow has ended: publish what was signed, wait for its hour, or send it back."""

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
    """Never raises for want of signatures: a disabled task or an empty workflow ends here too, harmlessly.

    What links to the article is recomposed after the commit.
    """
    try:
        review = review_of(workflow_state)
        if review and review.is_locked:
            _publish_unless_later(review, by)
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
    """A schedule holds back what is completely signed; what is not is refused now, as ever."""
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
    """Start again at the step that lacks a signature: what was signed and still fits is skipped.

    A disabled step waits for nobody; the article then stays a draft.
    """
    review = load_article(page)
    steps = [task.specific for task in state.workflow.tasks if task.active]
    lacking = [step for step in steps if isinstance(step, SignOffTask) and step.is_missing(review)]
    if lacking:
        with suppress(BlockedByFindings, CannotSubmit):  # then it stays with the author, who sees why
            state.workflow.start(page, state.requested_by)
