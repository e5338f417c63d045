"""A migrated database for each test process in a second: migrated once, then copied.

Tests that commit need it too: the record's triggers refuse the flush of Django's TransactionTestCase.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from cms import env

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(tempfile.gettempdir()) / f"vetted-tests-{os.getuid()}"
KEEP = 12


def fingerprint() -> str:
    """Changes whenever a migration, a trigger or Wagtail does."""
    files = sorted([*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")])
    mark = hashlib.sha256(f"{version('wagtail')} {version('django-axes')} {version('django-tasks-db')}".encode())
    after = [f"articles/record/{name}.py" for name in ("apps", "epoch", "append_only/*", "search/*")]  # after migrate
    for file in [*files, *sorted(path for pattern in after for path in ROOT.glob(pattern))]:
        mark.update(file.read_bytes())
    return mark.hexdigest()[:12]


def sqlite_copy(to: Path) -> None:
    """A fresh copy of the migrated SQLite database at `to`."""
    with _only_one():
        template = CACHE / f"{fingerprint()}.sqlite3"
        if not template.exists():
            unfinished = template.with_suffix(".making")
            unfinished.unlink(missing_ok=True)
            _migrate(f"sqlite:///{unfinished}")
            unfinished.rename(template)
            _forget_old("*.sqlite3")
    shutil.copyfile(template, to)


def postgresql_copy(name: str) -> None:
    """A fresh database `name`, copied from the migrated template."""
    template = f"vetted_template_{fingerprint()}"
    with _only_one(), psycopg.connect(env.test_database_url(), autocommit=True) as connection:
        if not _exists(connection, template):
            unfinished = f"{template}_making"
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", unfinished)
            _run(connection, "CREATE DATABASE {}", unfinished)
            _migrate(url_of(unfinished))
            _run(connection, "ALTER DATABASE {} RENAME TO {}", unfinished, template)
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        _run(connection, "CREATE DATABASE {} TEMPLATE {}", name, template)


def sqlite_clone(source: Path, to: Path) -> None:
    """A copy of a database that nobody writes to now, its write-ahead log included."""
    with closing(sqlite3.connect(source)) as opened, closing(sqlite3.connect(to)) as made:
        opened.backup(made)


def postgresql_clone(source: str, name: str) -> None:
    """A copy of a database that nobody is connected to."""
    with psycopg.connect(env.test_database_url(), autocommit=True) as connection:
        _run(connection, "CREATE DATABASE {} TEMPLATE {}", name, source)


def postgresql_drop(name: str) -> None:
    with psycopg.connect(env.test_database_url(), autocommit=True) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def url_of(name: str) -> str:
    """TEST_DATABASE_URL with another database's name."""
    return f"{env.test_database_url().rpartition('/')[0]}/{name}"


def _migrate(url: str) -> None:
    given = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=given | {"VAR_DIR": folder}, check=True)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone())


def _run(connection: psycopg.Connection, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _forget_old(pattern: str) -> None:
    newest = sorted(CACHE.glob(pattern), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[KEEP:]:
        file.unlink()


@contextmanager
def _only_one():
    CACHE.mkdir(mode=0o700, exist_ok=True)
    with (CACHE / f"{fingerprint()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
