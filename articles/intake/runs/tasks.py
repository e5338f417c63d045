"""The work of a run for the worker: a slice at a time, so that mail and publication wait for no import.

A task takes an id and may run twice. A run whose worker was killed is queued again by `resume_stalled`.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from articles.intake.models import ImportRun
from articles.intake.runs.drafting import draft_some
from articles.intake.runs.reading import read_some
from articles.intake.runs.undo import undo_some
from articles.intake.states import BUSY, FileState, RunState

logger = logging.getLogger(__name__)

SLICE_S = 10.0
STALLED = timedelta(minutes=2)

Step = Callable[..., bool]
STEPS: dict[str, tuple[Step, str]] = {
    RunState.READING: (read_some, RunState.READY),
    RunState.DRAFTING: (draft_some, RunState.READY),
    RunState.UNDOING: (undo_some, RunState.UNDONE),
}  # {state: (what to do, the state that follows)}


@task(backend="worker")
def work(run_id: int) -> None:
    """A slice of what the run has to do, and the next one queued."""
    run = ImportRun.objects.filter(pk=run_id, state__in=BUSY).first()
    if run is None:
        return
    step, following = STEPS[run.state]
    ImportRun.objects.filter(pk=run.pk).update(beat_at=timezone.now())
    if step(run, seconds=SLICE_S) or not _end(run, following):
        work.enqueue(run.pk)


@transaction.atomic
def _end(run: ImportRun, following: str) -> bool:
    """The run is done, unless somebody added a file in the meantime."""
    held = ImportRun.objects.select_for_update().get(pk=run.pk)
    if held.state == RunState.READING and held.files.filter(state=FileState.WAITING).exists():
        return False
    ImportRun.objects.filter(pk=run.pk, state=run.state).update(state=following)
    return True


@transaction.atomic
def queue(run: ImportRun, state: str) -> None:
    """The run has this to do from now on."""
    ImportRun.objects.filter(pk=run.pk).update(state=state, beat_at=timezone.now())
    work.enqueue(run.pk)


def is_stalled(run: ImportRun, now: datetime | None = None) -> bool:
    """Whether the worker has not done anything for a busy run for some time: it died, or none is running."""
    return run.state in BUSY and (now or timezone.now()) - (run.beat_at or run.made_at) >= STALLED


def resume_stalled(now: datetime) -> int:
    """Queue the runs whose worker died. Returns how many."""
    stalled = [run for run in ImportRun.objects.filter(state__in=BUSY) if is_stalled(run, now)]
    for run in stalled:
        logger.warning("Import %s goes on after its worker died", run.pk)
        queue(run, run.state)
    return len(stalled)
