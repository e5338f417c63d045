"""How the workflow's steps behave: they start, wait for signatures, and end; nobody approves them by hand."""

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import TaskState, Workflow, WorkflowState
from wagtail.signals import task_approved

from articles.authoring.models import ArticlePage
from articles.checks.engine import require_no_blocking
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.models import SignOffTask, Step
from articles.review.needs import change_note
from articles.review.responses import change_requests
from articles.review.review import Subject, load_article
from articles.review.signing import signatures

ROLES = {
    Step.EDITORIAL: {Role.EDITOR.value},
    Step.MEDICAL: {Role.MEDICAL.value, Role.LEGAL.value, Role.COMMERCIAL.value},
}


def start(task: SignOffTask, state: TaskState) -> TaskState:
    """Skip a step whose signatures already count. Raises BlockedByFindings, NoteMissing."""
    review = review_of(state.workflow_state)
    assert review.draft is not None
    require_no_blocking(review.draft)
    change_note.require(review)
    if not is_missing(task, review):
        state.status = TaskState.STATUS_SKIPPED
        state.finished_at = timezone.now()
        state.save()
    return state


def move_on(review: Subject, *, by: User) -> None:
    """End the current step if its signatures are complete; the end of the last one publishes (articles.finish)."""
    assert isinstance(review.target, ArticlePage)
    state = review.target.current_workflow_task_state
    task = state.task.specific if state else None
    if state and isinstance(task, SignOffTask) and not is_missing(task, review):
        hand_on(review, state.workflow_state)
        _approve(state, review, by)


def _approve(state: TaskState, review: Subject, by: User) -> None:
    """As Wagtail's `approve`, which would build the page from its revision once more to write its log entry."""
    state.revision, state.status = review.revision, TaskState.STATUS_APPROVED
    state.finished_at, state.finished_by = timezone.now(), by
    state.save()
    workflow, task = state.workflow_state.workflow, state.task
    named = {"id": workflow.pk, "title": workflow.name, "status": state.status, "task_state_id": state.pk}
    data = {"workflow": named | {"task": {"id": task.pk, "title": task.name}, "next": None}, "comment": ""}
    log(instance=review.target, action="wagtail.workflow.approve", user=by, data=data, revision=review.revision)
    state.workflow_state.update(user=by)
    task_approved.send(sender=TaskState, instance=state, user=by)


def hand_on(review: Subject, state: WorkflowState) -> None:
    """Wagtail calls our steps and our finish action with the workflow's state alone: the open review travels on it."""
    state.review = review


def review_of(state: WorkflowState) -> Subject:
    """The review that travels with the state; where Wagtail itself moved the workflow, the article's, loaded here."""
    if getattr(state, "review", None) is None:
        hand_on(load_article(state.content_object.specific), state)
    return state.review


def request_changes(task: SignOffTask, state: TaskState, *, by: User, comment: str) -> None:
    """Send the article back, and write down who asked for what. Raises PermissionDenied."""
    if not is_for(task, by):
        raise PermissionDenied("The article waits for nobody in your role.")
    with transaction.atomic():
        subject = review_of(state.workflow_state)
        change_requests.note(subject, by=by, among=ROLES[Step(task.step)], reason=comment or "No reason was given.")
        state.reject(user=by, comment=comment)


def is_missing(task: SignOffTask, subject: Subject) -> bool:
    return any(item.role in ROLES[Step(task.step)] for item in signatures.missing(subject))


def roles_asked(workflow: Workflow) -> set[str]:
    """Roles that the workflow's active steps wait for."""
    steps = [task.specific for task in workflow.tasks if task.active]
    return {role for step in steps if isinstance(step, SignOffTask) for role in ROLES[Step(step.step)]}


def act(task: SignOffTask, state: TaskState, user: User, action: str, **kwargs) -> str | None:
    """`sign_off` gives the address of the sign-off page; `reject` asks for changes. Raises PermissionDenied else."""
    if action == "sign_off":
        return sign_off_url(state.workflow_state.content_object)
    if action == "reject":
        request_changes(task, state, by=user, comment=str(kwargs.get("comment") or "").strip())
        return None
    raise PermissionDenied("Articles are signed on the sign-off page, not approved.")


def actions(task: SignOffTask, user: User) -> list[tuple[str, str, bool]]:
    if not is_for(task, user):
        return []
    return [("sign_off", "Review and sign", False), ("reject", "Request changes", True)]


def is_for(task: SignOffTask, user: User) -> bool:
    return bool(roles.roles_of(user, on=timezone.now().date()) & ROLES[Step(task.step)])


def waiting_for(task: SignOffTask, user: User):
    in_progress = task.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
    return in_progress if is_for(task, user) else TaskState.objects.none()


def sign_off_url(page) -> str:
    return reverse("articles_sign_off", args=["article", page.pk])
