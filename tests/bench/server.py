"""Starts granian on a free port and says how long its first answer took."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Started:
    """`seconds`: from the start to the first answer."""

    port: int
    seconds: float
    pid: int

    def memory_mib(self) -> float:
        """What it and its worker take, shared pages counted by half (Linux's PSS)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        rolled = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in (self.pid, *children)]
        return sum(int(PSS.search(text)[1]) for text in rolled) / 1024


@contextmanager
def running(settings: str, *, environment: dict[str, str], path: str = "/healthz") -> Iterator[tuple[int, float]]:
    """(port, seconds from start to the first answer) of a server with one worker."""
    with started(settings, environment=environment, path=path) as server:
        yield server.port, server.seconds


@contextmanager
def started(settings: str, *, environment: dict[str, str], path: str = "/healthz") -> Iterator[Started]:
    port = free_port()
    where = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "1"]
    command = [sys.executable, "-m", "granian", *where, "--log-level", "error", "cms.wsgi:application"]
    given = os.environ | environment | {"DJANGO_SETTINGS_MODULE": settings, "RATE_ANONYMOUS": "1000000000"}
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=given)
    try:
        yield Started(port, first_answer(process, f"http://127.0.0.1:{port}{path}") - begun, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=15)


def first_answer(process: subprocess.Popen, url: str | urllib.request.Request, wait_s: float = 30) -> float:
    ends = time.monotonic() + wait_s
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with OPENER.open(url, timeout=10):
                return time.monotonic()
        except urllib.error.HTTPError:
            return time.monotonic()
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"the server did not answer within {wait_s} s")
