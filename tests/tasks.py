"""Runs what is queued, as `manage.py worker` does, in the test's own process."""

from unittest.mock import patch

from django.db import connection
from django_tasks_db.models import DBTaskResult

from articles.management.commands.worker import run_tasks

# Inside a test's transaction the worker must not close the connection, as Django's test client does not either.
LIBRARY = "django_tasks_db.management.commands.db_worker.close_old_connections"


def run_all() -> None:
    if connection.in_atomic_block:
        with patch(LIBRARY):
            _run_all()
    else:
        _run_all()


def _run_all() -> None:
    while DBTaskResult.objects.ready().exists():
        run_tasks(100)
