"""Notes contributions and submissions, however they come about. Connected once, in ArticlesConfig.ready."""

from django.db.models.signals import post_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision
from wagtail.signals import workflow_submitted

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.images import Image
from articles.authoring.models import ArticlePage
from articles.review import contributions, submit
from articles.sources.models import Source


def connect() -> None:
    post_save.connect(note_revision, sender=Revision, dispatch_uid="note-revision")
    post_save.connect(note_source, sender=Source, dispatch_uid="note-source")
    post_save.connect(note_image, sender=Image, dispatch_uid="note-image")
    workflow_submitted.connect(submit.note_submission, dispatch_uid="note-submission")


def note_revision(instance: Revision, **signal) -> None:
    """A revision was created or overwritten in place (autosave)."""
    model = instance.content_type.model_class()
    if model is ArticlePage:
        contributions.note_article(content=instance.content, user=instance.user_id, revision=instance.pk)
    elif model in (Offer, Disclaimer):
        contributions.note_component(
            instance.content, kind=model.subject_kind, user=instance.user_id, revision=instance.pk
        )


def note_source(instance: Source, raw: bool = False, **signal) -> None:
    if not raw:
        contributions.note_source(instance, user=_acting_user())


def note_image(instance: Image, raw: bool = False, **signal) -> None:
    if not raw and instance.sha256:
        contributions.note_image(instance, user=_acting_user() or instance.uploaded_by_user_id)


def _acting_user() -> int | None:
    user = get_active_log_context().user
    return user.pk if user and user.is_authenticated else None
