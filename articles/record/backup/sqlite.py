"""The database of a backup on SQLite: copied by the online backup API, in both directions, while others work.

A restore is one transaction of the live database, so processes that have it open see all of it or nothing.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from articles.record import epoch
from articles.record.backup.errors import BackupFailed, RestoreRefused
from articles.record.backup.manifest import Manifest
from articles.record.backup.state import State, read

PATIENCE_MS = 20_000


def copy(to: Path) -> State:
    """A copy of what is committed now."""
    with _own() as live, closing(sqlite3.connect(to)) as made:
        live.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        faults = [row[0] for row in made.execute("PRAGMA quick_check(1)")]
        if faults != ["ok"]:
            raise BackupFailed(f"The database is damaged ({faults[0]}). Restore the last good backup.")
        return read(made.execute)


def restore(copied: Path, manifest: Manifest) -> None:
    """Put the copy, in a new epoch, in the place of the live database. `copied` is changed."""
    with closing(sqlite3.connect(copied, isolation_level=None)) as source:
        try:
            state = read(source.execute)
        except (sqlite3.Error, ValueError) as error:
            raise RestoreRefused(f"The database in the backup cannot be read ({error}). Take another one.") from error
        if state != State(manifest.head, manifest.migrations):
            raise RestoreRefused("The database in the backup is not the one that its manifest describes.")
        source.execute("PRAGMA journal_mode=DELETE")
        source.execute("BEGIN IMMEDIATE")
        for statement in epoch.renewal("sqlite"):
            source.execute(statement)
        source.execute("COMMIT")
        with _own() as live:
            live.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
            source.backup(live, progress=_refuse_to_wait)


def _refuse_to_wait(status: int, remaining: int, total: int) -> None:
    """SQLite's backup API would try again for ever."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        raise RestoreRefused("Another process writes to the database. Stop the server and the worker, then try again.")


@contextmanager
def _own() -> Iterator[Any]:
    """A connection of its own to the live database, so that no transaction of the caller is in the way."""
    own = connection.copy()
    own.connect()
    try:
        yield own.connection
    finally:
        own.close()
