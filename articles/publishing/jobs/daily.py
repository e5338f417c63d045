"""What is to be done each day, in one run: safe twice, safe on two machines, and one failing step stops no other."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django_tasks_db.models import DBTaskResult

from articles.errors import DomainError
from articles.publishing.jobs import reminders
from articles.publishing.jobs.due import publish_due
from articles.publishing.jobs.reminders import Told
from articles.record.ledger import anchors
from articles.review.needs import keeping

logger = logging.getLogger(__name__)

TASKS_KEPT_DAYS = 14


class StepFailed(DomainError):
    """A step did what it could, and says what it could not."""

    code = "step-failed"
    title = "A step of the daily run failed."


@dataclass(frozen=True)
class Done:
    """How a step ended: its name, what it did or why it failed."""

    step: str
    detail: str
    is_failed: bool = False


def run(*, now: datetime, anchor: Path | None, tell: Callable[[Done], None] = lambda done: None) -> list[Done]:
    """Every step, in order; `tell` hears of each as it ends. The anchor comes last, so that it covers the run."""
    steps: tuple[tuple[str, Callable[[datetime], str]], ...] = (
        ("due", publish_what_is_due),
        ("needs", write_needs),
        ("reminders", lambda now: told_of(reminders.remind(now), "reminded of")),
        ("escalations", lambda now: told_of(reminders.escalate(now), "escalated")),
        ("emergencies", lambda now: told_of(reminders.escalate_emergencies(now), "escalated")),
        ("tasks", forget_tasks),
        ("logins", forget_failed_logins),
        ("anchor", lambda now: add_anchor(anchor)),
    )
    done = []
    for name, step in steps:
        done.append(_guard(name, step, now))
        tell(done[-1])
    return done


def as_json(done: list[Done]) -> list[dict[str, Any]]:
    """[{step, detail, is_failed}]."""
    return [asdict(item) for item in done]


def publish_what_is_due(now: datetime) -> str:
    report = publish_due(now=now)
    if report.failed:
        raise StepFailed("; ".join(f"{item.title}: {item.detail}" for item in report.failed))
    done = f"{len(report.published)} published, {len(report.withdrawn)} withdrawn"
    return f"{done}, {report.recomposed} recomposed, {len(report.swept)} stray files deleted"


def write_needs(now: datetime) -> str:
    """Reviews that fell due are asked for; what people who are away had taken goes back to the pool."""
    return f"{keeping.write_all()} texts lack signatures"


def told_of(told: list[Told], verb: str) -> str:
    """Raises StepFailed with what could not be told of."""
    if failed := list(reminders.failures(told)):
        raise StepFailed(f"{len(told) - len(failed)} {verb}; not told of {'; '.join(failed)}")
    return f"{len(told)} {verb}"


def forget_tasks(now: datetime) -> str:
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=TASKS_KEPT_DAYS))
    return f"{old.delete()[0]} old tasks forgotten"


def forget_failed_logins(now: datetime) -> str:
    """They hold addresses of people, and lock nothing any more. django-axes itself forgets at the next failure."""
    old = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME)
    return f"{old.delete()[0]} failed logins forgotten"


def add_anchor(path: Path | None) -> str:
    """Raises StepFailed when the ledger does not continue the file, OSError when it cannot be written."""
    if path is None:
        return "skipped: no --anchor and no LEDGER_ANCHOR"
    if anchors.head()["at"] is None:
        return "skipped: the ledger is empty"
    line, findings = anchors.append(path)
    if findings:
        raise StepFailed("; ".join(map(str, findings)))
    return f"event {line['number']} noted in {path}" if line else f"{path} holds the head already"


def _guard(name: str, step: Callable[[datetime], str], now: datetime) -> Done:
    try:
        return Done(name, step(now))
    except StepFailed as error:
        return Done(name, error.detail, is_failed=True)
    except Exception as error:  # the other steps are to be done all the same
        logger.exception("daily: %s failed", name)
        return Done(name, f"{type(error).__name__}: {error}", is_failed=True)
