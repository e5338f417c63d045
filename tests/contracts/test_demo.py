"""`make demo` and a database of another version; `make demo-clean`."""

import os
import subprocess
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from cms.management.commands.demo import has_unknown_migrations
from tests import databases
from tests.conftest import ROOT

EARLIER = "An earlier version made this demo. Delete it with `make demo-clean`, then run `make demo` again."


@pytest.fixture
def recorder(db):
    return MigrationRecorder(connection)


def test_a_database_of_this_version_is_known(recorder):
    assert not has_unknown_migrations()


@pytest.mark.parametrize("app", ["articles", "record", "an_app_that_is_gone"])
def test_a_migration_that_the_code_does_not_hold_is_noticed(recorder, app):
    recorder.record_applied(app, "0099_of_another_version")

    assert has_unknown_migrations()


def test_a_database_that_lacks_the_latest_migration_is_only_migrated(recorder):
    recorder.record_unapplied("articles", max(name for app, name in recorder.applied_migrations() if app == "articles"))

    assert not has_unknown_migrations()


def test_the_demo_refuses_an_earlier_database_deletes_nothing_and_cleaning_ends_it(tmp_path):
    file = tmp_path / "vetted.sqlite3"
    databases.sqlite_copy(file)
    (tmp_path / "mail").mkdir()
    (tmp_path / "keep").touch()
    given = os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    given.pop("DATABASE_URL", None)
    run(
        "from django.db import connection; from django.db.migrations.recorder import MigrationRecorder; "
        "MigrationRecorder(connection).record_applied('articles', '0099_of_another_version')",
        given,
    )
    before = file.read_bytes()

    said = subprocess.run([sys.executable, "manage.py", "demo"], cwd=ROOT, env=given, capture_output=True, text=True)

    assert (said.returncode, said.stdout) == (1, "")
    assert EARLIER in said.stderr
    assert file.read_bytes() == before

    subprocess.run(["make", "-s", "demo-clean"], cwd=ROOT, env=given, check=True)

    assert sorted(left.name for left in tmp_path.iterdir() if left.name != "secret_key") == ["keep", "static"]


def run(code: str, given: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", f"import django; django.setup(); {code}"], cwd=ROOT, env=given, check=True)
