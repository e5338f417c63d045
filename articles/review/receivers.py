"""Records contributions and submissions from every source. Connected once, in ArticlesConfig.ready."""

from django.contrib.auth import get_user_model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision
from wagtail.signals import workflow_cancelled, workflow_rejected, workflow_submitted

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.review import four_eyes, submit
from articles.review.models import Policy
from articles.review.needs import keeping
from articles.sources.models import Source


def connect() -> None:
    post_save.connect(note_revision, sender=Revision, dispatch_uid="note-revision")
    for component in (Offer, Disclaimer):
        post_save.connect(note_component, sender=component, dispatch_uid=f"note-{component.__name__}")
    for printed in (Source, Image, Person):
        post_save.connect(note_printed, sender=printed, dispatch_uid=f"note-{printed.__name__}")
    for named in four_eyes.KEY_OF:
        pre_delete.connect(note_deleted, sender=named, dispatch_uid=f"note-deleted-{named.__name__}")
    workflow_submitted.connect(submit.note_submission, dispatch_uid="note-submission")
    connect_needs()


def connect_needs() -> None:
    """Connect the changes after which the table of open needs must be rewritten."""
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
    """Record a revision that was created or overwritten in place (autosave), for its user and for the acting user."""
    model, users = instance.content_type.model_class(), {instance.user_id, _acting_user()}
    if model is ArticlePage:
        four_eyes.note_article(instance, users=users)
    elif model in (Offer, Disclaimer):
        four_eyes.note_component(instance.as_object(), users=users, revision=instance.pk)


def note_component(instance: Offer | Disclaimer, raw: bool = False, **signal) -> None:
    """Record a saved component, whose row is what is rendered and signed. The system's saves get a revision instead."""
    if not raw and (user := _acting_user()):
        four_eyes.note_component(instance, users=[user])


def note_printed(instance: Source | Image | Person, raw: bool = False, **signal) -> None:
    if not raw:
        user = _acting_user() or (instance.uploaded_by_user_id if isinstance(instance, Image) else None)
        four_eyes.note_printed(instance, user=user)


def note_deleted(instance: four_eyes.Named, **signal) -> None:
    four_eyes.note_deleted(instance, user=_acting_user())


def _acting_user() -> int | None:
    user = get_active_log_context().user
    return user.pk if user and user.is_authenticated else None
