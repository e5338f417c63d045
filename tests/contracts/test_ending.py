"""INT and TERM end every server within five seconds and leave no process behind: real processes, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from urllib.request import Request

import pytest

from tests import databases
from tests.bench.server import first_answer, free_port
from tests.conftest import ROOT

MOST_S = 5
MARK = "STARTED_BY_TEST_ENDING"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "127.0.0.1",
    "RP_ID": "vetted.example",
    "PUBLIC_URL": "https://vetted.example",
}
SERVE = [sys.executable, "-m", "cms.serve", "--workers", "2"]
# `make demo` and `make run` without installing anything anew.
MAKE = ["make", "--no-print-directory", "--assume-old", ".venv/installed"]
COMMANDS = {"demo": [*MAKE, "demo"], "run": [*MAKE, "run"], "production": SERVE}
# A form of two bytes, of which one comes: the server's worker waits for the other one.
HALF_A_FORM = "\r\n".join(
    (
        "POST /admin/login/ HTTP/1.1",
        "Host: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "Referer: https://127.0.0.1/",
        f"Cookie: csrftoken={'a' * 32}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 2",
        "",
        "x",
    )
).encode()

SIX = [
    ("production", signal.SIGINT, "group", 1, "serving"),
    ("production", signal.SIGTERM, "group", 2, "serving"),
    ("production", signal.SIGTERM, "parent", 1, "answering"),
    ("production", signal.SIGINT, "group", 2, "answering"),
    ("production", signal.SIGTERM, "group", 1, "starting"),
    ("run", signal.SIGINT, "group", 1, "serving"),
]
SIGNALS, MOMENTS = (signal.SIGINT, signal.SIGTERM), ("starting", "serving", "answering")
ALL = list(product(COMMANDS, SIGNALS, ("group", "parent"), (1, 2), MOMENTS))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The VAR_DIR of every try, with a migrated database."""
    made = tmp_path_factory.mktemp("ending")
    databases.sqlite_copy(made / "vetted.sqlite3")
    return made


@pytest.fixture(scope="module")
def demo_folder(folder) -> Path:
    """The same, with the demo's articles, so that a try of `make demo` serves soon."""
    prepare = [sys.executable, "manage.py", "demo", "--prepare-only"]
    subprocess.run(prepare, cwd=ROOT, env=os.environ | environment("demo", folder, 0), check=True)
    return folder


def test_a_port_that_is_in_use_is_refused_before_anything_starts(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        given = {"cwd": ROOT, "env": os.environ | environment("production", folder, port), "timeout": MOST_S}
        ended = subprocess.run(SERVE, capture_output=True, text=True, check=False, **given)

    assert ended.returncode == 1
    assert f"Port {port} is in use." in ended.stderr


@pytest.mark.parametrize(("command", "number", "to", "times", "moment"), SIX)
def test_a_signal_ends_the_server_soon_and_leaves_no_process(folder, command, number, to, times, moment):
    assert seconds_to_end(command, number, to, times, moment, folder) < MOST_S


@pytest.mark.prove
@pytest.mark.skipif(not os.environ.get("PROVE"), reason="make prove")
@pytest.mark.parametrize("seed", range(len(ALL)))
def test_every_command_ends_soon_on_every_signal_at_every_moment(demo_folder, seed):
    assert seconds_to_end(*ALL[seed], demo_folder, starting_s=0.05 * seed) < MOST_S


def test_a_request_that_is_being_answered_gets_its_answer(folder):
    with server("production", folder) as served, asking(served.port) as asked:
        os.killpg(served.process.pid, signal.SIGTERM)
        time.sleep(0.5)
        asked.sendall(b"y")

        assert asked.recv(100).startswith(b"HTTP/1.1 403 ")


def test_a_server_that_cannot_start_ends_with_its_exit_code(folder):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given = environment("production", folder, taken.getsockname()[1])
        said = subprocess.run(SERVE, cwd=ROOT, env=os.environ | given, capture_output=True, timeout=30)

    assert said.returncode not in (0, None)


def environment(command: str, folder: Path, port: int) -> dict[str, str]:
    given = {"VAR_DIR": str(folder), "PORT": str(port), "DATABASE_URL": f"sqlite:///{folder}/vetted.sqlite3"}
    return given | (PRODUCTION if command == "production" else {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"})


def seconds_to_end(
    command: str, number: int, to: str, times: int, moment: str, folder: Path, starting_s: float = 1
) -> float:
    """From the signal until no process is left; MOST_S and more when some are (they are killed)."""
    with ExitStack() as stack:
        served = stack.enter_context(server(command, folder, wait=moment != "starting"))
        if moment == "starting":
            time.sleep(starting_s)
        if moment == "answering":
            stack.enter_context(asking(served.port))
        begun = time.monotonic()
        for _ in range(times):
            tell(served.process.pid, number, to)
            time.sleep(0.2)
        while processes_of(served.port) and time.monotonic() - begun < MOST_S:
            served.process.poll()
            time.sleep(0.02)
        return time.monotonic() - begun


def tell(pid: int, number: int, to: str) -> None:
    """To the whole group as a terminal does, or to the server's parent alone: what make runs, where there is make."""
    with suppress(ProcessLookupError, FileNotFoundError):
        if to == "group":
            os.killpg(pid, number)
        else:
            is_make = Path(f"/proc/{pid}/comm").read_text() == "make\n"
            os.kill(next(iter(children_of(pid)), pid) if is_make else pid, number)


@contextmanager
def server(command: str, folder: Path, *, wait: bool = True) -> Iterator[SimpleNamespace]:
    """`process` and `port` of a server in a group of its own, as a shell makes one; it has answered, where `wait`."""
    port = free_port()
    given = os.environ | environment(command, folder, port) | {MARK: str(port)}
    # A shell's background job ignores INT and hands that down; who presses Ctrl-C has no background job.
    hear = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(COMMANDS[command], cwd=ROOT, env=given, process_group=0, preexec_fn=hear)
    try:
        if wait:
            healthz = Request(f"http://127.0.0.1:{port}/healthz", headers={"X-Forwarded-Proto": "https"})
            first_answer(process, healthz, wait_s=120)  # the demo prepares itself first
        yield SimpleNamespace(process=process, port=port)
    finally:
        for pid in processes_of(port):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=10)


@contextmanager
def asking(port: int) -> Iterator[socket.socket]:
    """A connection whose request is being answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as asked:
        asked.sendall(HALF_A_FORM)
        time.sleep(0.5)
        yield asked


def processes_of(port: int) -> list[int]:
    """Every process that was started for the server at that port, in whatever group or session."""
    mark = f"{MARK}={port}\0".encode()
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if mark in _environment_of(folder)]


def _environment_of(folder: Path) -> bytes:
    """Empty for processes that have ended meanwhile, or are not ours."""
    try:
        return (folder / "environ").read_bytes()
    except OSError:
        return b""


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
