"""What every test may use. Services and ../shared that are absent make tests skip with a reason."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from xdist.scheduler import LoadFileScheduling

from tests import databases

ROOT = Path(__file__).resolve().parent.parent


class ByFile(LoadFileScheduling):
    """A file's tests run in one process, and all that a browser looks at in one: its demo takes a minute to set up.

    Not marks of xdist's `loadgroup`: xdist 3.8 writes them into a node's name, which pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared; skips where it is absent (fails with REQUIRE_SHARED=1)."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        absent("../shared is not here", "REQUIRE_SHARED")
    return folder


def absent(reason: str, variable: str = "REQUIRE_SERVICES") -> None:
    """Skip with the reason, or fail where CI requires it."""
    if os.environ.get(variable) == "1":
        pytest.fail(f"{reason}, and {variable}=1 requires it", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """A copied database for this process; see tests/databases.py."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        name = _copy(f"{worker}_{os.getpid()}")
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = name
        connections.settings["default"]["NAME"] = name
    yield
    with django_db_blocker.unblock():
        connections["default"].close()
        if connections["default"].vendor == "postgresql":
            databases.postgresql_drop(name)


def _copy(label: str) -> str:
    if connections["default"].vendor == "postgresql":
        name = f"vetted_test_{label}"
        databases.postgresql_copy(name)
        return name
    file = Path(settings.VAR_DIR) / f"{label}.sqlite3"
    databases.sqlite_copy(file)
    return str(file)
