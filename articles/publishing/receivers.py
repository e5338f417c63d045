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
    known = before.data if before else {"status": SourceStatus.STANDING.value}
    if (instance.status, instance.status_notice) == (known["status"], known.get("notice", "")):
        return
    by = None if instance.status_said_by else _acting()
    if not created:
        require_permission(by, MAY_QUESTION)
    said = {"notice": instance.status_notice, "said_by": instance.status_said_by}
    with transaction.atomic():
        events.append(
            EventKind.SOURCE_STATUS,
            subject_kind=SubjectKind.SOURCE,
            subject=instance.source_id,
            actor=actor(by),
            data={"status": str(instance.status), "was": known["status"], "title": instance.title[:255]}
            | {name: value for name, value in said.items() if value},
        )
        transaction.on_commit(lambda: recompose_after(instance.source_id, relation=SOURCE))


def _acting():
    user = get_active_log_context().user
    return user if user and user.is_authenticated else None
