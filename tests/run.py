"""`make test`: the whole suite on SQLite, and once more on PostgreSQL where one answers. pytest's line closes it."""

import os
import subprocess
import sys

import psycopg

from cms import env

# The same on either engine: what a browser shows, functions that ask no database, pages that ask it by the ORM alone.
ONCE = (
    "admin/test_evidence_history.py",
    "admin/test_evidence_pack.py",
    "admin/test_timeline.py",
    "browser",
    "checks",
    "contracts",
    "document",
    "gate/test_every_admin_route.py",
    "gate/test_roles_by_route.py",
    "gate/test_unlisted_routes.py",
    "hostile/test_files.py",
    "hostile/test_images.py",
    "intake",
    "record/test_differences.py",
    "record/test_materiality.py",
    "sources",
)


def main(arguments: list[str]) -> int:
    for engine in engines():
        print(f"== tests on {engine}", flush=True)
        code = run(engine, arguments)
        if code:
            return code
    return 0


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
    chosen = [f"--ignore=tests/{name}" for name in ONCE] if engine == "postgresql" else []
    spread = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]  # long files of few tests do not come last
    command = [sys.executable, "-m", "pytest", "-q", *spread, *chosen, *arguments]
    return subprocess.call(command, env=os.environ | {"TEST_ENGINE": engine})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
