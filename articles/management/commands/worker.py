"""`manage.py worker`: runs queued tasks (mail), publish_due every minute, and the daily jobs, until INT or TERM."""

import logging
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from articles.intake.runs.tasks import resume_stalled
from articles.management.commands import daily as daily_command
from articles.management.commands import publish_due as due_command
from articles.publishing.jobs import daily
from articles.publishing.jobs.due import publish_due
from articles.publishing.proof import keep

logger = logging.getLogger(__name__)

QUEUE = "worker"  # the backend in TASKS
AT_A_TIME = 10  # tasks, before the clock is looked at again
ABANDONED = timedelta(minutes=15)  # a worker that runs a task for longer has died
FIRST_WAIT = timedelta(minutes=1)
MOST_TRIES = 12  # within a day and a half
DAY_BEGINS = timedelta(hours=6)  # UTC


class Command(BaseCommand):
    help = (
        "Run queued tasks, publish_due every minute, and daily once a day (at 06:00 UTC and at the start), until INT "
        "or TERM. Any number of workers may run."
    )

    is_stopping = is_resting = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.done: dict[str, Any] = {}

    def handle(self, *args: Any, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        while not self.is_stopping:
            close_old_connections()
            now = timezone.now()
            self.once("second", now.replace(microsecond=0), self.each_second, now)
            self.once("minute", now.replace(second=0, microsecond=0), self.each_minute, now)
            self.once("day", (now - DAY_BEGINS).date(), self.each_day, now)
            if DBTaskResult.objects.ready().exists():
                run_tasks(AT_A_TIME)
            else:
                self.rest()

    def stop(self, *signal: Any) -> None:
        """Stop at once, or after the current task or job."""
        if self.is_resting:
            sys.exit(0)
        self.is_stopping = True

    def rest(self) -> None:
        self.is_resting = True
        time.sleep(1)
        self.is_resting = False

    def once(self, name: str, period: Any, job: Callable[[datetime], None], now: datetime) -> None:
        if self.done.get(name) != period and not self.is_stopping:
            self.done[name] = period
            job(now)

    def each_second(self, now: datetime) -> None:
        """The log, and what settings add: `articles` does not know who else has work."""
        keep.keep_safely(now)
        for path in settings.SECOND_JOBS:
            import_string(path)(now)

    def each_minute(self, now: datetime) -> None:
        publish_due(tell=lambda item: self.stdout.write(due_command.line(item)))
        queue_again(now)
        resume_stalled(now)

    def each_day(self, now: datetime) -> None:
        done = daily.run(now=now, anchor=settings.LEDGER_ANCHOR)
        for step in done:
            if step.is_failed:
                self.stdout.write(daily_command.line(step))


def run_tasks(most: int) -> None:
    """Run queued tasks, one after the other, at most `most`."""
    worker = Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        interval=0,
        batch=True,
        backend_name=QUEUE,
        startup_delay=False,
        max_tasks=most,
        worker_id=get_random_string(32),
    )
    worker.run()


def queue_again(now: datetime) -> int:
    """Queue failed tasks, and those whose worker died, again (the library runs each only once). Returns how many.

    A failed task waits for one minute, then twice as long each time; after MOST_TRIES it is not tried again.
    """
    count = 0
    for row in DBTaskResult.objects.filter(status__in=(TaskResultStatus.FAILED, TaskResultStatus.RUNNING)):
        tries, started_at = len(row.worker_ids), row.started_at or row.enqueued_at
        wait = ABANDONED if row.status == TaskResultStatus.RUNNING else FIRST_WAIT * 2 ** (tries - 1)
        if tries < MOST_TRIES and now - started_at >= wait:
            same = DBTaskResult.objects.filter(pk=row.pk, status=row.status, started_at=row.started_at)
            count += same.update(status=TaskResultStatus.READY)
    return count
