"""The workflow's steps: they start, wait for signatures, and end; nobody approves them by hand."""

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Task, TaskState, Workflow, WorkflowState
from wagtail.signals import task_approved

from articles.authoring.models import ArticlePage
from articles.checks.engine import require_no_blocking
from articles.record.vocabulary import Role
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
    """A step of the workflow that ends when the signatures it stands for count. Nobody can approve it by hand."""

    step = models.CharField(max_length=16, choices=Step.choices, default=Step.MEDICAL)

    admin_form_fields = [*Task.admin_form_fields, "step"]

    class Meta:
        app_label = "articles"
        verbose_name = "sign-off"

    @property
    def roles(self) -> set[str]:
        """The roles whose signatures it waits for."""
        return ROLES[Step(self.step)]

    def is_for(self, user: User) -> bool:
        """Whether the person has one of its roles today."""
        return bool(roles_of(user, on=timezone.now().date()) & self.roles)

    def is_missing(self, review: Review) -> bool:
        """Whether the text still lacks a signature that it waits for."""
        return any(item.role in self.roles for item in signatures.missing(review))

    def start(self, workflow_state, user=None):
        """Skip the step if its signatures already count. Raises BlockedByFindings, NoteMissing."""
        state = super().start(workflow_state, user=user)
        review = review_of(state.workflow_state)
        assert review.draft is not None
        require_no_blocking(review.draft)
        change_note.require(review)
        if not self.is_missing(review):
            state.status = TaskState.STATUS_SKIPPED
            state.finished_at = timezone.now()
            state.save()
        return state

    def on_action(self, task_state, user, action_name, **kwargs):
        """`sign_off` gives the address of the sign-off page; `reject` asks for changes. Raises PermissionDenied."""
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
        """Editors may still mend what is in medical review; the digests that were signed then no longer fit."""
        return False

    def get_task_states_user_can_moderate(self, user, **kwargs):
        in_progress = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return in_progress if self.is_for(user) else TaskState.objects.none()

    @classmethod
    def get_description(cls):
        return "Articles are signed on the sign-off page by people with one of the step's roles"


def move_on(review: Review, *, by: User) -> None:
    """End the current step if its signatures are complete; the end of the last one publishes (articles.finish)."""
    assert isinstance(review.target, ArticlePage)
    state = review.target.current_workflow_task_state
    task = state.task.specific if state else None
    if state and isinstance(task, SignOffTask) and not task.is_missing(review):
        hand_on(review, state.workflow_state)
        _approve(state, review, by)


def _approve(state: TaskState, review: Review, by: User) -> None:
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


def hand_on(review: Review, state: WorkflowState) -> None:
    """Wagtail calls our steps and our finish action with the workflow's state alone: the open review travels on it."""
    state.review = review


def review_of(state: WorkflowState) -> Review:
    """The review that travels with the state; where Wagtail itself moved the workflow, the article's, loaded here."""
    if getattr(state, "review", None) is None:
        hand_on(load_article(state.content_object.specific), state)
    return state.review


def request_changes(task: SignOffTask, state: TaskState, *, by: User, comment: str) -> None:
    """Send the article back, and write down who asked for what. Raises PermissionDenied."""
    if not task.is_for(by):
        raise PermissionDenied("The article waits for nobody in your role.")
    with transaction.atomic():
        review = review_of(state.workflow_state)
        change_requests.note(review, by=by, among=task.roles, reason=comment or "No reason was given.")
        state.reject(user=by, comment=comment)


def roles_asked(workflow: Workflow) -> set[str]:
    """Roles that the workflow's active steps wait for."""
    steps = [task.specific for task in workflow.tasks if task.active]
    return {role for step in steps if isinstance(step, SignOffTask) for role in step.roles}


def sign_off_url(page) -> str:
    return reverse("articles_sign_off", args=["article", page.pk])
