"""The workflow's steps, which end when their signatures are complete. They cannot be approved by hand."""

from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry, Task, TaskState, Workflow, WorkflowState
from wagtail.signals import task_approved, workflow_submitted

from articles.authoring.models import ArticlePage
from articles.record.vocabulary import Role
from articles.review import blocking
from articles.review.models import Step
from articles.review.needs import change_note
from articles.review.opening import load_article
from articles.review.responses import change_requests
from articles.review.review import Review
from articles.review.roles import roles_of
from articles.review.signing import signatures

ROLES = {
    Step.EDITORIAL: {Role.EDITOR.value},
    Step.MEDICAL: {Role.MEDICAL.value, Role.LEGAL.value, Role.COMMERCIAL.value},
}


class SignOffTask(Task):
    """A step of the workflow that ends when its signatures are complete. It cannot be approved by hand."""

    step = models.CharField(max_length=16, choices=Step.choices, default=Step.MEDICAL)

    admin_form_fields = [*Task.admin_form_fields, "step"]

    class Meta:
        app_label = "articles"
        verbose_name = "sign-off"

    @property
    def roles(self) -> set[str]:
        """The roles whose signatures the step needs."""
        return ROLES[Step(self.step)]

    def is_for(self, user: User) -> bool:
        """Whether the person has one of the step's roles today."""
        return bool(roles_of(user, on=timezone.now().date()) & self.roles)

    def is_missing(self, review: Review) -> bool:
        """Whether the text still lacks a signature that the step needs."""
        return any(item.role in self.roles for item in signatures.missing(review))

    def start(self, workflow_state, user=None):
        """Skip the step if its signatures already count. Raises BlockedByFindings, NoteMissing."""
        state = super().start(workflow_state, user=user)
        review = review_of(state.workflow_state)
        assert review is not None and review.draft is not None
        blocking.require_no_new(review)
        change_note.require(review)
        if not self.is_missing(review):
            state.status = TaskState.STATUS_SKIPPED
            state.finished_at = timezone.now()
            state.save()
        return state

    def on_action(self, task_state, user, action_name, **kwargs):
        """`sign_off` returns the address of the sign-off page; `reject` requests changes. Raises PermissionDenied."""
        if action_name == "sign_off":
            return sign_off_url(task_state.workflow_state.content_object)
        if action_name == "reject":
            request_changes(self, task_state, by=user, comment=str(kwargs.get("comment") or "").strip())
            return None
        raise PermissionDenied("Articles are signed on the sign-off page, not approved.")

    def get_actions(self, obj, user):
        if not self.is_for(user):
            return []
        return [("sign_off", "Review and sign", False), ("reject", "Request changes", True)]

    def user_can_access_editor(self, obj, user):
        return self.is_for(user)

    def locked_for_user(self, obj, user):
        """Editors may still change a text in review; signatures on the old digests then no longer count."""
        return False

    def get_task_states_user_can_moderate(self, user, **kwargs):
        in_progress = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return in_progress if self.is_for(user) else TaskState.objects.none()

    @classmethod
    def get_description(cls):
        return "Articles are signed on the sign-off page by people with one of the step's roles"


def start(workflow: Workflow, review: Review, by: User) -> WorkflowState:
    """Start the workflow as Wagtail's `Workflow.start` does, and pass on the open review."""
    page = review.target
    assert isinstance(page, ArticlePage)
    kinds = {"content_type": page.cached_content_type, "base_content_type": page.get_base_content_type()}
    state = WorkflowState(object_id=str(page.pk), workflow=workflow, requested_by=by, **kinds)
    hand_on(review, state)
    models.Model.save(state)
    state.update(user=by)
    workflow_submitted.send(sender=WorkflowState, instance=state, user=by)
    task = state.current_task_state and state.current_task_state.task
    named = {"id": workflow.pk, "title": workflow.name, "status": state.status}
    step = {"next": {"id": task.pk, "title": task.name} if task else None, "task_state_id": state.current_task_state_id}
    data = {"workflow": named | step}
    _log("wagtail.workflow.start", data, review, by)
    return state


def move_on(review: Review, *, by: User) -> None:
    """End the current step if its signatures are complete; the end of the last one publishes (articles.finish)."""
    assert isinstance(review.target, ArticlePage)
    state = review.target.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state is None:
        return
    task = state.current_task_state.task.specific
    if isinstance(task, SignOffTask) and not task.is_missing(review):
        hand_on(review, state)
        _approve(state, review, by)


def _approve(state: WorkflowState, review: Review, by: User) -> None:
    """Approve the step as Wagtail's `approve` does, without building the page again for the log entry."""
    step, workflow = state.current_task_state, state.workflow
    step.revision, step.status = review.revision, TaskState.STATUS_APPROVED
    step.finished_at, step.finished_by = timezone.now(), by
    step.save()
    named = {"id": workflow.pk, "title": workflow.name, "status": step.status, "task_state_id": step.pk}
    data = {"workflow": named | {"task": {"id": step.task_id, "title": step.task.name}, "next": None}, "comment": ""}
    _log("wagtail.workflow.approve", data, review, by)
    state.update(user=by)
    task_approved.send(sender=TaskState, instance=step, user=by)


def _log(action: str, data: dict[str, Any], review: Review, by: User) -> None:
    """Write a log entry as Wagtail's `log` does, without its query for each object."""
    page = review.target
    assert isinstance(page, ArticlePage)
    entry = PageLogEntry(page=page, content_type=page.cached_content_type, label=page.get_admin_display_title())
    entry.action, entry.data, entry.user, entry.revision = action, data, by, review.revision
    entry.timestamp, entry.uuid = timezone.now(), get_active_log_context().uuid
    PageLogEntry.objects.bulk_create([entry])


def hand_on(review: Review | None, state: WorkflowState) -> None:
    """Attach the open review to the workflow's state, the only object that Wagtail passes to our steps and actions."""
    state.review = review


def review_of(state: WorkflowState) -> Review | None:
    """The review attached to the state, or the article's review, loaded here if Wagtail itself moved the workflow.

    None for objects that are not articles.
    """
    if not hasattr(state, "review"):
        page = state.content_object.specific if state.content_object else None
        hand_on(load_article(page) if isinstance(page, ArticlePage) else None, state)
    return state.review


def request_changes(task: SignOffTask, state: TaskState, *, by: User, comment: str) -> None:
    """Send the article back and record the request for changes. Raises PermissionDenied."""
    with transaction.atomic():
        review = review_of(state.workflow_state)
        assert review is not None
        own = change_requests.roles_in(review, by)
        if not own:
            raise PermissionDenied("No signature in your role is requested for this article.")
        change_requests.note(review, by=by, among=own & task.roles or own, reason=comment or "No reason was given.")
        state.reject(user=by, comment=comment)


def roles_asked(workflow: Workflow) -> set[str]:
    """The roles whose signatures the workflow's active steps need."""
    steps = SignOffTask.objects.filter(workflow_tasks__workflow=workflow, active=True)
    return {role for step in steps for role in step.roles}


def sign_off_url(page) -> str:
    return reverse("articles_sign_off", args=["article", page.pk])
