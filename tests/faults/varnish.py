"""The real Varnish with the configuration that docs/operators.md gives, in front of a server on loopback."""

import http.client
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from tests.bench.server import first_answer, free_port
from tests.conftest import ROOT, absent

DOCUMENTED = re.compile(r"^```vcl\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Varnish:
    """Ports on loopback: where readers ask, and where purges go."""

    web: int
    purge: int


@contextmanager
def varnish(*, backend: int) -> Iterator[Varnish]:
    """Skips where it is not installed."""
    if not shutil.which("varnishd"):
        absent("varnishd is not here (apt-get install varnish)")
    (vcl,) = DOCUMENTED.findall((ROOT / "docs/operators.md").read_text())
    made = Varnish(free_port(), free_port())
    folder = Path(tempfile.mkdtemp(prefix="vetted-varnish-"))
    try:
        (folder / "vetted.vcl").write_text(vcl.replace('.port = "8000"', f'.port = "{backend}"'))
        where = ["-a", f"web=127.0.0.1:{made.web}", "-a", f"purge=127.0.0.1:{made.purge}", "-n", str(folder / "n")]
        how = ["-j", "none", "-T", "none", "-s", "malloc,64m", "-f", str(folder / "vetted.vcl")]
        process = subprocess.Popen(["varnishd", "-F", *where, *how], stdout=subprocess.DEVNULL)
        try:
            first_answer(process, f"http://127.0.0.1:{made.web}/healthz")
            yield made
        finally:
            process.terminate()
            process.wait(timeout=15)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Answer:
    """`asked_at` in seconds since 1970."""

    asked_at: float
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def is_hit(self) -> bool:
        """Varnish names the request that stored it, too."""
        return len(self.headers["X-Varnish"].split()) == 2


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Headers by name, with _ for -."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        asked_at = time.time()
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(asked_at, answer.status, answer.headers, answer.read())
    finally:
        connection.close()


@contextmanager
def load(port: int, *paths: str, **headers: str) -> Iterator[dict[str, list[Answer]]]:
    """{path: its answers}, asked for again and again, each by two threads."""
    found: dict[str, list[Answer]] = {path: [] for path in paths}
    is_over = Event()

    def keep_asking(path: str) -> None:
        while not is_over.is_set():
            found[path].append(ask(port, path, **headers))
            time.sleep(0.01)

    threads = [Thread(target=keep_asking, args=(path,)) for path in (*paths, *paths)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def delivery(database: str, folder: Path) -> dict[str, str]:
    """The environment of a delivery process on that database."""
    url = database if "://" in database else f"sqlite:///{database}"
    given = {"DATABASE_URL": url, "VAR_DIR": str(folder), "SECRET_KEY": "tests-only", "ALLOWED_HOSTS": "127.0.0.1"}
    return given | {"PUBLIC_URL": "http://127.0.0.1", "REDIS_URL": ""}
