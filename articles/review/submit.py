"""Submission for review: refused while there are blocking findings, and recorded in the ledger with its digests."""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from wagtail.models import Workflow, WorkflowState

from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record import events
from articles.record.vocabulary import EventKind, Role, SubjectKind
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.review import Review
from articles.review.roles import actor
from articles.review.signing import signatures
from articles.review.workflow import review_of, roles_asked, start


class CannotSubmit(DomainError):
    """No workflow is assigned, or one is running already."""

    code = "cannot-submit"
    title = "The article cannot be submitted."


def submit(*, page: ArticlePage, by: User) -> WorkflowState:
    """Start the article's workflow. Raises BlockedByFindings, NoteMissing, UnknownBlock, CannotSubmit."""
    workflow = page.get_workflow()
    if workflow is None:
        raise CannotSubmit("No workflow is assigned here. Ask a medical lead to assign “Medical publishing”.")
    with transaction.atomic():
        return start(workflow, begin_anew(page, by), by)


def begin_anew(page: ArticlePage, by: User) -> Review:
    """Lock and open the article, so that of two simultaneous submissions the second is refused. Raises CannotSubmit.

    An article that was sent back starts again at the first step that lacks a signature.
    """
    review = open_review(page)
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise CannotSubmit("The article is under review already.")
    if state:
        state.cancel(user=by)
    return review


def require_somebody_asked(workflow: Workflow, review: Review) -> None:
    """Raises CannotSubmit if a signature is missing in a role that no active step asks for."""
    asked = roles_asked(workflow)
    lacking = [item.role for item in signatures.missing(review) if item.role not in asked]
    forgotten = dict.fromkeys(Role(role).label.lower() for role in lacking)
    if forgotten:
        raise CannotSubmit(
            f"The workflow “{workflow}” does not ask for a signature as {' or '.join(forgotten)}, so the article could "
            "never be published. Ask an administrator to enable or add that step."
        )


def note_submission(instance: WorkflowState, user: User | None, **signal) -> None:
    """Record every start of the workflow as an event. Raises CannotSubmit if a required role is not asked to sign."""
    with transaction.atomic():
        if review := review_of(instance):
            require_somebody_asked(instance.workflow, review)
            events.append(
                EventKind.SUBMITTED,
                subject_kind=SubjectKind.ARTICLE,
                subject=review.id,
                actor=actor(user),
                data={"digests": review.digests},
            )
            write_needs(review)
