"""Notes contributions and submissions, however they come about. Connected once, in ArticlesConfig.ready."""

from django.contrib.auth import get_user_model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision
from wagtail.signals import workflow_cancelled, workflow_rejected, workflow_submitted

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.review import submit
from articles.review.contributions import contributions
from articles.review.models import Policy
from articles.review.needs import keeping
from articles.sources.models import Source


def connect() -> None:
    post_save.connect(note_revision, sender=Revision, dispatch_uid="note-revision")
    for model in (Offer, Disclaimer):
        post_save.connect(note_component, sender=model, dispatch_uid=f"note-{model.__name__}")
    post_save.connect(note_source, sender=Source, dispatch_uid="note-source")
    pre_delete.connect(note_deleted_source, sender=Source, dispatch_uid="note-deleted-source")
    post_save.connect(note_image, sender=Image, dispatch_uid="note-image")
    workflow_submitted.connect(submit.note_submission, dispatch_uid="note-submission")
    connect_needs()


def connect_needs() -> None:
    """The table of open needs follows what no act on a text writes into it."""
    post_save.connect(keeping.after_revision, sender=Revision, dispatch_uid="needs-revision")
    user = get_user_model()
    post_save.connect(keeping.after_material, sender=Source, dispatch_uid="needs-source")
    post_save.connect(keeping.after_material, sender=Image, dispatch_uid="needs-image")
    post_save.connect(keeping.after_person, sender=Person, dispatch_uid="needs-person")
    post_save.connect(keeping.after_login, sender=user, dispatch_uid="needs-login")
    post_save.connect(keeping.after_policy, sender=Policy, dispatch_uid="needs-policy")
    post_delete.connect(keeping.after_material, sender=Source, dispatch_uid="needs-deleted-source")
    m2m_changed.connect(keeping.after_groups, sender=user.groups.through, dispatch_uid="needs-groups")
    m2m_changed.connect(keeping.after_policy, sender=Policy.topics.through, dispatch_uid="needs-policy-topics")
    for model in (ArticlePage, Offer, Disclaimer):
        post_delete.connect(keeping.after_deletion, sender=model, dispatch_uid=f"needs-deleted-{model.__name__}")
    workflow_cancelled.connect(keeping.after_leaving, dispatch_uid="needs-cancelled")
    workflow_rejected.connect(keeping.after_leaving, dispatch_uid="needs-rejected")


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
