"""Keeps assignments in line with what happens, after the commit: no signature waits for it, or fails by it."""

import threading
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from django.db import transaction
from wagtail.models import Revision, TaskState, WorkflowState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.models import Event
from articles.record.vocabulary import SubjectKind
from articles.review.needs import assignments

REMEMBERED = 100  # subjects; one commit touches few
ASKED_OF = (SubjectKind.ARTICLE, SubjectKind.OFFER, SubjectKind.DISCLAIMER)


class _Latest(threading.local):
    """When each subject was last refreshed in this thread, in ticks of `_ticks`."""

    def __init__(self) -> None:
        self.ran: dict[UUID, int] = {}


_ticks, _latest = count(1), _Latest()


@dataclass(frozen=True)
class Refresh:
    """To be done after the commit. `tick`: when it was asked for."""

    subject: UUID
    tick: int

    def __call__(self) -> None:
        """Once for all that one commit asked for."""
        if _latest.ran.get(self.subject, 0) > self.tick:
            return
        others = [item for item in _latest.ran.items() if item[0] != self.subject][:REMEMBERED]
        _latest.ran = {self.subject: next(_ticks), **dict(others)}
        assignments.refresh_id(self.subject)


def refresh_later(subject: UUID) -> None:
    transaction.on_commit(Refresh(subject, next(_ticks)), robust=True)


def after_event(instance: Event, raw: bool = False, **signal) -> None:
    if not raw and instance.subject_kind in ASKED_OF:
        refresh_later(instance.subject)


def after_step(instance: TaskState | WorkflowState, raw: bool = False, **signal) -> None:
    """The workflow moved: submitted, next step, changes requested, cancelled."""
    if raw:
        return
    state = instance.workflow_state if isinstance(instance, TaskState) else instance
    for subject in ArticlePage.objects.filter(pk=state.object_id).values_list("article_id", flat=True):
        refresh_later(subject)


def after_revision(instance: Revision, raw: bool = False, **signal) -> None:
    """Somebody changed a text: what was signed may not fit any more, and a component may have to be signed."""
    model = instance.content_type.model_class()
    if raw or model not in (ArticlePage, Offer, Disclaimer):
        return
    refresh_later(UUID(str(instance.content["article_id" if model is ArticlePage else "component_id"])))
