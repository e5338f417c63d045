"""Due work: the schedule, publications changed by the clock or left behind by a crash, and stray files.

`manage.py worker` runs it every minute, on any number of machines. An item that another machine holds is skipped,
nothing is done twice, and one failure does not stop the rest.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from articles.publishing.jobs import links
from articles.publishing.jobs.reminders import escalate_emergencies
from articles.publishing.jobs.sweep import sweep
from articles.publishing.proof import keep
from articles.publishing.recall import active_notices
from articles.publishing.recompose import recompose_due, recompose_lagging
from articles.publishing.scheduling.items import attempt, due_keys
from articles.publishing.scheduling.outcomes import Item
from articles.publishing.session import following
from articles.sources import checking

logger = logging.getLogger(__name__)

ASKING_S = 10.0  # of each minute, to ask what became of sources, and again for links


@dataclass
class Report:
    """The results of one run. `failed` holds items, and failed steps as an Item without an article."""

    published: list[Item] = field(default_factory=list)
    withdrawn: list[Item] = field(default_factory=list)
    failed: list[Item] = field(default_factory=list)
    recomposed: int = 0
    swept: list[str] = field(default_factory=list)


def publish_due(*, now: datetime | None = None, tell: Callable[[Item], None] = lambda item: None) -> Report:
    """Do what is due at `now`; `tell` is called after each item. A failing item raises nothing."""
    report, now = Report(), now or timezone.now()
    for key in due_keys(now):
        if item := attempt(key):
            getattr(report, item.result).append(item)
            tell(item)
    for step in STEPS:
        _guard(step, report, now, tell)
    return report


def _publish_signed(report: Report, now: datetime) -> None:
    following.finish_all(now)


def _recompose_due(report: Report, now: datetime) -> None:
    report.recomposed += recompose_due(now=now)


def _recompose_lagging(report: Report, now: datetime) -> None:
    report.recomposed += recompose_lagging()


def _sweep(report: Report, now: datetime) -> None:
    report.swept += sweep(now=now)


def _lift_unconfirmed(report: Report, now: datetime) -> None:
    active_notices.lift_unconfirmed(now)


def _escalate_emergencies(report: Report, now: datetime) -> None:
    """Escalate emergencies here too, because they are due by the hour, not by the day."""
    escalate_emergencies(now)


def _keep_log(report: Report, now: datetime) -> None:
    """The worker does it each second; this is for installations that run the command by cron."""
    keep.keep(now)


def _jobs_of_other_apps(report: Report, now: datetime) -> None:
    """What settings add: `articles` does not know who else has work for each minute."""
    for path in settings.MINUTE_JOBS:
        import_string(path)(now)


def _ask_about_sources(report: Report, now: datetime) -> None:
    checking.check_a_few(now, within_s=ASKING_S)


def _ask_about_links(report: Report, now: datetime) -> None:
    links.check_a_few(now, within_s=ASKING_S)


def _guard(step: Callable[[Report, datetime], None], report: Report, now: datetime, tell: Callable) -> None:
    try:
        step(report, now)
    except Exception as error:
        logger.exception("publish_due: a step failed")
        item = Item("failed", "", step.__name__.strip("_").replace("_", " "), detail=f"{type(error).__name__}: {error}")
        report.failed.append(item)
        tell(item)


STEPS = (
    _lift_unconfirmed,
    _publish_signed,
    _recompose_due,
    _recompose_lagging,
    _sweep,
    _escalate_emergencies,
    _keep_log,
    _jobs_of_other_apps,
    _ask_about_sources,
    _ask_about_links,
)


def as_json(report: Report) -> dict[str, Any]:
    """{published: [{article, title, scheduled_for, detail}], withdrawn: …, failed: …, recomposed: 2, swept: [path]}."""
    items = {name: [item.as_json() for item in getattr(report, name)] for name in ("published", "withdrawn", "failed")}
    return items | {"recomposed": report.recomposed, "swept": report.swept}
