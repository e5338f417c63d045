"""The daily run. It may run twice and on two machines; a failing step does not stop the others."""

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
from articles.publishing.jobs import links, reminders
from articles.publishing.jobs.due import publish_due
from articles.publishing.jobs.reminders import Told
from articles.publishing.proof import stamps
from articles.record.ledger import anchors
from articles.review.mail import digests
from articles.review.needs import keeping

logger = logging.getLogger(__name__)

TASKS_KEPT_DAYS = 14


class StepFailed(DomainError):
    """A step did what it could; the message says what failed."""

    code = "step-failed"
    title = "A step of the daily run failed."


@dataclass(frozen=True)
class Done:
    """The result of a step: its name, and what it did or why it failed."""

    step: str
    detail: str
    is_failed: bool = False


def run(*, now: datetime, anchor: Path | None, tell: Callable[[Done], None] = lambda done: None) -> list[Done]:
    """Run all steps in order; `tell` is called after each. The anchor comes last, so that it covers the run."""
    steps: tuple[tuple[str, Callable[[datetime], str]], ...] = (
        ("due", publish_what_is_due),
        ("needs", write_needs),
        ("reminders", lambda now: told_of(reminders.remind(now), "reminded")),
        ("escalations", lambda now: told_of(reminders.escalate(now), "escalated")),
        ("pools", lambda now: told_of(reminders.tell_pools(now), "opened to all")),
        ("emergencies", lambda now: told_of(reminders.escalate_emergencies(now), "escalated")),
        ("digests", send_digests),
        ("links", lambda now: links.note_links()),
        ("tasks", forget_tasks),
        ("logins", forget_failed_logins),
        ("stamp", stamps.stamp_head),
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
    """Request the signatures of reviews that fell due, and unassign those of people who are away."""
    return f"{keeping.write_all()} texts lack signatures"


def told_of(told: list[Told], verb: str) -> str:
    """The result of a step that sends letters. Raises StepFailed with the failures."""
    if failed := list(reminders.failures(told)):
        raise StepFailed(f"{len(told) - len(failed)} {verb}; failed: {'; '.join(failed)}")
    return f"{len(told)} {verb}"


def send_digests(now: datetime) -> str:
    """Send everyone what waits for them, in one letter. Comes after all steps that write letters."""
    sent, failures = digests.send_all(now)
    if failures:
        raise StepFailed(f"{sent} sent; failed: {'; '.join(failures)}")
    return f"{sent} sent"


def forget_tasks(now: datetime) -> str:
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - timedelta(days=TASKS_KEPT_DAYS))
    return f"{old.delete()[0]} old tasks deleted"


def forget_failed_logins(now: datetime) -> str:
    """Delete expired failures, which hold people's addresses. django-axes would delete them at the next failure."""
    old = AccessAttempt.objects.filter(attempt_time__lt=now - settings.AXES_COOLOFF_TIME)
    return f"{old.delete()[0]} failed logins deleted"


def add_anchor(path: Path | None) -> str:
    """Add an anchor to the file. Raises StepFailed if the ledger does not continue it, OSError if writing fails."""
    if path is None:
        return "skipped: no --anchor and no LEDGER_ANCHOR"
    if anchors.head()["at"] is None:
        return "skipped: the ledger is empty"
    line, findings = anchors.append(path)
    if findings:
        raise StepFailed("; ".join(map(str, findings)))
    return f"event {line['number']} added to {path}" if line else f"{path} already ends with the head"


def _guard(name: str, step: Callable[[datetime], str], now: datetime) -> Done:
    try:
        return Done(name, step(now))
    except StepFailed as error:
        return Done(name, error.detail, is_failed=True)
    except Exception as error:  # the other steps must still run
        logger.exception("daily: %s failed", name)
        return Done(name, f"{type(error).__name__}: {error}", is_failed=True)
