"""Keeps assignments in line with what happens, after the commit: no signature waits for it, or fails by it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from django.db import transaction
from wagtail.models import Revision, TaskState, WorkflowState

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.record.models import Event
from articles.record.vocabulary import SubjectKind
from articles.review import assignments

REMEMBERED = 100  # keys; one commit touches few
ASKED_OF = (SubjectKind.ARTICLE, SubjectKind.OFFER, SubjectKind.DISCLAIMER)


class _Latest(threading.local):
    """When each key was last refreshed in this thread, in ticks of `_ticks`."""

    def __init__(self) -> None:
        self.ran: dict[UUID | int, int] = {}


_ticks, _latest = count(1), _Latest()


@dataclass(frozen=True)
class Refresh:
    """To be done after the commit. `key`: a subject's id, or a page's key; `tick`: when it was asked for."""

    key: UUID | int
    tick: int

    def __call__(self) -> None:
        """Once for all that one commit asked for."""
        if _latest.ran.get(self.key, 0) > self.tick:
            return
        others = [item for item in _latest.ran.items() if item[0] != self.key][:REMEMBERED]
        _latest.ran = {self.key: next(_ticks), **dict(others)}
        for subject in self._subjects():
            assignments.refresh_id(subject)

    def _subjects(self) -> Iterable[UUID]:
        if isinstance(self.key, UUID):
            return [self.key]
        return ArticlePage.objects.filter(pk=self.key).values_list("article_id", flat=True)


def refresh_later(key: UUID | int) -> None:
    transaction.on_commit(Refresh(key, next(_ticks)), robust=True)


def after_event(instance: Event, raw: bool = False, **signal) -> None:
    if not raw and instance.subject_kind in ASKED_OF:
        refresh_later(instance.subject)


def after_step(instance: TaskState | WorkflowState, raw: bool = False, **signal) -> None:
    """The workflow moved: submitted, next step, changes requested, cancelled."""
    if not raw:
        state = instance.workflow_state if isinstance(instance, TaskState) else instance
        refresh_later(int(state.object_id))


def after_revision(instance: Revision, raw: bool = False, **signal) -> None:
    """Somebody changed a text: what was signed may not fit any more, and a component may have to be signed."""
    model = instance.content_type.model_class()
    if raw or model not in (ArticlePage, Offer, Disclaimer):
        return
    refresh_later(UUID(str(instance.content["article_id" if model is ArticlePage else "component_id"])))
