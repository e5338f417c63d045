"""Records changes of a source's status, which appear above the articles that cite it. Connected once, in
ArticlesConfig.ready.

Changing a status needs a permission. A new source does not, since no article cites it yet.
"""

from django.db import transaction
from django.db.models.signals import post_save
from wagtail.log_actions import get_active_log_context

from articles.authoring.permissions import MAY_QUESTION, require_permission
from articles.publishing.recompose import SOURCE, recompose_after
from articles.record import events
from articles.record.models import Event
from articles.record.vocabulary import EventKind, SourceStatus, SubjectKind
from articles.review.roles import actor
from articles.sources.models import Source


def connect() -> None:
    post_save.connect(note_status, sender=Source, dispatch_uid="note-source-status")


def note_status(instance: Source, created: bool, raw: bool = False, **signal) -> None:
    """Record a changed status as an event, and recompose the articles that cite the source after the commit.

    Raises NotPermitted; then the source is not saved either.
    """
    if raw:
        return
    before = Event.objects.filter(subject=instance.source_id, kind=EventKind.SOURCE_STATUS).order_by("number").last()
    was = before.data["status"] if before else SourceStatus.STANDING.value
    if instance.status == was:
        return
    by = _acting()
    if not created:
        require_permission(by, MAY_QUESTION)
    with transaction.atomic():
        events.append(
            EventKind.SOURCE_STATUS,
            subject_kind=SubjectKind.SOURCE,
            subject=instance.source_id,
            actor=actor(by),
            data={"status": str(instance.status), "was": was, "title": instance.title[:255]},
        )
        transaction.on_commit(lambda: recompose_after(instance.source_id, relation=SOURCE))


def _acting():
    user = get_active_log_context().user
    return user if user and user.is_authenticated else None
