"""A PostgreSQL of a test's own with a copy of the test's database: it may be stopped, and given roles."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from tests.bench.server import free_port
from tests.conftest import absent
from tests.databases import url_of

# It refuses to run as root.
AS = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class OwnPostgres:
    def __init__(self, process: subprocess.Popen, port: int) -> None:
        self.process, self.port = process, port

    def url(self, user: str = "postgres", host: str = "127.0.0.1") -> str:
        return f"postgres://{user}@{host}:{self.port}/postgres"

    def psql(self, statements: str) -> None:
        given = [program("psql"), self.url(), "-q", "-X", "-v", "ON_ERROR_STOP=1"]
        subprocess.run(given, input=statements, text=True, check=True, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """All of its processes: the kernel still takes connections and acknowledges packets, and nobody answers."""
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        """First to the one that starts the others."""
        os.kill(self.process.pid, number)
        for child in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            os.kill(int(child), number)


@contextmanager
def copied() -> Iterator[OwnPostgres]:
    """With what is committed in the test's database. Skips where PostgreSQL's programs are not installed."""
    dump = [program("pg_dump"), "--no-owner", url_of(connection.settings_dict["NAME"])]
    with _started() as own:
        own.psql(subprocess.run(dump, check=True, capture_output=True, text=True).stdout)
        yield own


@contextmanager
def _started() -> Iterator[OwnPostgres]:
    folder, port = Path(tempfile.mkdtemp(prefix="vetted-postgres-")), free_port()
    try:
        if AS:
            shutil.chown(folder, AS["user"], AS["group"])
        data = ["-D", str(folder / "data")]
        subprocess.run([program("initdb"), *data, "-U", "postgres", "-A", "trust", "-N"], check=True, **AS, **QUIET)
        where = ["-h", "127.0.0.1", "-p", str(port), "-k", ""]
        own = OwnPostgres(subprocess.Popen([program("postgres"), *data, *where, "-F"], **AS, **QUIET), port)
        try:
            _wait_for(own)
            yield own
        finally:
            own.go_on()
            own.process.send_signal(signal.SIGINT)  # it does not wait for its clients
            own.process.wait(timeout=30)
    finally:
        shutil.rmtree(folder)


def _wait_for(own: OwnPostgres) -> None:
    for _ in range(300):
        try:
            psycopg.connect(own.url(), connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError("PostgreSQL did not start")


def program(name: str) -> str:
    """Of the newest version; Debian keeps the server's programs out of the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which(name, path=os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))
    return found or absent(f"PostgreSQL's {name} is not installed")
