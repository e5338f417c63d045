"""SQLite and PostgreSQL give the same digests, events and answers for the same history."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from cms import env
from tests import databases
from tests.conftest import ROOT, absent

NAME = f"vetted_test_engines_{os.getpid()}"


def tell(folder, url: str) -> dict:
    given = {"DATABASE_URL": url, "VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
    command = [sys.executable, "-m", "tests.faults.one_history"]
    said = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    try:
        psycopg.connect(env.test_database_url(), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        absent(f"PostgreSQL does not answer: {error}")
    first, second = tmp_path_factory.mktemp("sqlite"), tmp_path_factory.mktemp("postgresql")
    databases.sqlite_copy(first / "history.sqlite3")
    databases.postgresql_copy(NAME)
    yield tell(first, f"sqlite:///{first / 'history.sqlite3'}"), tell(second, databases.url_of(NAME))
    databases.postgresql_drop(NAME)


@pytest.mark.skipif(os.environ.get("TEST_ENGINE") == "postgresql", reason="it runs both engines; once is enough")
@pytest.mark.parametrize(
    "what", ["events", "documents", "editions", "sign_offs", "paths", "facets", "links", "answers"]
)
def test_both_engines_tell_the_same_history(both, what):
    on_sqlite, on_postgresql = both

    assert on_sqlite[what]
    assert on_sqlite[what] == on_postgresql[what]
