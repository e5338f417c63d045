"""`make test`: all tests on SQLite, and those where SQL differs on PostgreSQL too. pytest's line closes it."""

import os
import subprocess
import sys

import psycopg

from cms import env

# Where SQL differs: what runs on PostgreSQL too. `make prove` runs everything on both engines.
API = (
    "changes collections database editions files infobutton keys list locales passages purging search sections "
    "state_client states sync_client topics"
)
FAULTS = "crashes engines kills lean_role ledger_order lost_connection notice_races races restore stopped_database"
ON_POSTGRESQL = (
    *(f"api/test_{name}.py" for name in API.split()),
    "contracts/test_queries.py",
    *(f"faults/test_{name}.py" for name in FAULTS.split()),
    "gate/test_code_routes_to_live.py",
    "gate/test_routes_to_live.py",
    "machine",
    "pipeline",
    "publishing",
    "record",
)


def main(arguments: list[str]) -> int:
    """Both engines run even if the first fails: one run names everything that is wrong."""
    codes = [run(engine, arguments) for engine in engines()]
    return next(filter(None, codes), 0)


def engines() -> list[str]:
    """SQLite always comes last, so that its line, with every test, closes the output."""
    try:
        psycopg.connect(env.test_database_url(), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            sys.exit(f"REQUIRE_SERVICES=1, and PostgreSQL does not answer: {error}")
        print(f"PostgreSQL does not answer at TEST_DATABASE_URL; its tests are skipped: {error}", flush=True)
        return ["sqlite"]
    return ["postgresql", "sqlite"]


def run(engine: str, arguments: list[str]) -> int:
    is_all = engine == "sqlite" or os.environ.get("PROVE") == "1"
    chosen = [] if is_all else [f"tests/{name}" for name in ON_POSTGRESQL]
    processes = (os.cpu_count() or 1) + 1  # they wait for servers and browsers a quarter of the time
    spread = ["-n", str(processes), "--dist", "loadfile", "--no-loadscope-reorder"]  # long files do not come last
    print(f"== tests on {engine}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *spread, *chosen, *arguments]
    return subprocess.call(command, env=os.environ | {"TEST_ENGINE": engine})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
