"""Notes contributions and submissions, however they come about. Connected once, in ArticlesConfig.ready."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision, TaskState, WorkflowState
from wagtail.signals import workflow_submitted

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.record.models import Event
from articles.review import submit
from articles.review.contributions import contributions
from articles.review.models import Policy
from articles.review.needs import keeping
from articles.review.policies import login_lines, stewardship_lines, stewardship_topics
from articles.sources.models import Source


def connect() -> None:
    post_save.connect(note_revision, sender=Revision, dispatch_uid="note-revision")
    for model in (Offer, Disclaimer):
        post_save.connect(note_component, sender=model, dispatch_uid=f"note-{model.__name__}")
    post_save.connect(note_source, sender=Source, dispatch_uid="note-source")
    pre_delete.connect(note_deleted_source, sender=Source, dispatch_uid="note-deleted-source")
    post_save.connect(note_image, sender=Image, dispatch_uid="note-image")
    workflow_submitted.connect(submit.note_submission, dispatch_uid="note-submission")
    connect_stewardship()
    connect_logins()
    connect_assignments()


def connect_assignments() -> None:
    """Who is asked to sign follows from what happens."""
    post_save.connect(keeping.after_event, sender=Event, dispatch_uid="assignments-event")
    post_save.connect(keeping.after_revision, sender=Revision, dispatch_uid="assignments-revision")
    for model in (TaskState, WorkflowState):
        post_save.connect(keeping.after_step, sender=model, dispatch_uid=f"assignments-{model.__name__}")


def connect_logins() -> None:
    """What somebody changes of a login has a line in the ledger."""
    user = get_user_model()
    pre_save.connect(login_lines.note_before, sender=user, dispatch_uid="login-before")
    post_save.connect(login_lines.write_change, sender=user, dispatch_uid="login-changed")
    pre_delete.connect(login_lines.write_deletion, sender=user, dispatch_uid="login-deleting")
    m2m_changed.connect(login_lines.note_groups, sender=user.groups.through, dispatch_uid="login-groups")
    for before, after in ((pre_save, post_save), (pre_delete, post_delete)):
        before.connect(login_lines.note_group_before, sender=Group, dispatch_uid="group-before")
        after.connect(login_lines.write_group, sender=Group, dispatch_uid="group-changed")


def connect_stewardship() -> None:
    """Policies, the topics they go by, and people change by leads only, with a line in the ledger."""
    for model in (Policy, Person):
        pre_save.connect(stewardship_lines.note_before, sender=model, dispatch_uid=f"before-{model.__name__}")
        post_save.connect(stewardship_lines.write_change, sender=model, dispatch_uid=f"changed-{model.__name__}")
        pre_delete.connect(stewardship_lines.refuse_deleting, sender=model, dispatch_uid=f"deleting-{model.__name__}")
        post_delete.connect(stewardship_lines.write_deletion, sender=model, dispatch_uid=f"deleted-{model.__name__}")
    m2m_changed.connect(stewardship_lines.note_topics, sender=Policy.topics.through, dispatch_uid="policy-topics")
    pre_delete.connect(stewardship_lines.refuse_deleting_topic, sender=Topic, dispatch_uid="deleting-topic")
    pre_save.connect(stewardship_topics.note_before, sender=Topic, dispatch_uid="before-topic")
    post_save.connect(stewardship_topics.write_change, sender=Topic, dispatch_uid="changed-topic")
    pre_delete.connect(stewardship_lines.note_lost_login, sender=get_user_model(), dispatch_uid="lost-login")


def note_revision(instance: Revision, **signal) -> None:
    """A revision was created or overwritten in place (autosave). Whoever it names and whoever acts count both."""
    model, users = instance.content_type.model_class(), {instance.user_id, _acting_user()}
    if model is ArticlePage:
        contributions.note_article(content=instance.content, users=users, revision=instance.pk)
    elif model in (Offer, Disclaimer):
        contributions.note_component(instance.content, kind=model.subject_kind, users=users, revision=instance.pk)


def note_component(instance: Offer | Disclaimer, raw: bool = False, **signal) -> None:
    """The row itself is what is rendered and signed. What the system saves, the revision after it tells of."""
    if not raw and (user := _acting_user()):
        content = instance.serializable_data()
        contributions.note_component(content, kind=instance.subject_kind, users=[user], revision=None)


def note_source(instance: Source, raw: bool = False, **signal) -> None:
    if not raw:
        contributions.note_source(instance, user=_acting_user())


def note_deleted_source(instance: Source, **signal) -> None:
    contributions.note_deleted_source(instance, user=_acting_user())


def note_image(instance: Image, raw: bool = False, **signal) -> None:
    if not raw and instance.sha256:
        contributions.note_image(instance, user=_acting_user() or instance.uploaded_by_user_id)


def _acting_user() -> int | None:
    user = get_active_log_context().user
    return user.pk if user and user.is_authenticated else None
