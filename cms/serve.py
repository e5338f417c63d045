"""Serves the project with granian until INT or TERM: `python -m cms.serve`, for `make run`, `make demo` and production.

A terminal, systemd or a container sends the signal to every process of the group, and a granian worker that gets it
twice, from the group and from granian itself, may never end. So each child has a session of its own: only this parent
gets the signal, passes it to each child once, and kills what has not ended after GRACE_S. It needs no Django.
"""

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from types import FrameType

from cms import env

ANSWER_S = 60  # how long the server may take until its first answer
GRACE_S = 3  # how long a child may take to finish its requests
LOOK_S = 0.05
CPUS = os.cpu_count() or 1

Command = Sequence[str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m cms.serve", description="Serve on $PORT until INT or TERM.")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=CPUS, help="number of processes (default: one for each CPU)")
    parser.add_argument("--worker", action="store_true", help="also run `manage.py worker`")
    given = parser.parse_args()
    print(f"Listening on http://{given.host}:{env.port()}/ (Ctrl-C stops it)", flush=True)
    commands = [server(host=given.host, workers=given.workers)]
    return run([*commands, worker()] if given.worker else commands)


def server(*, host: str = "127.0.0.1", workers: int = CPUS) -> Command:
    """The command that starts granian on $PORT."""
    where = ["--host", host, "--port", str(env.port())]
    how = ["--interface", "wsgi", "--workers", str(workers), "--blocking-threads", "1", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *where, *how, "cms.wsgi:application"]


def worker() -> Command:
    """The command that runs tasks and the jobs of the clock."""
    return [sys.executable, str(env.ROOT / "manage.py"), "worker"]


def run(commands: Sequence[Command], announce: Callable[[], None] | None = None) -> int:
    """Run the commands in parallel until a signal arrives or one of them ends, then end all of them.

    `announce` is called once the server has answered. Returns 0 after a signal, else the exit code of the one that
    ended, or 1 if the port is taken or the server did not answer within ANSWER_S.
    """
    told: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        told.append(number)

    if _is_taken(env.port()):
        said = f"Port {env.port()} is in use. End what listens there, or choose another one with PORT=8001."
        print(said, file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, note)
    children = [subprocess.Popen(command, start_new_session=True) for command in commands]

    def goes_on() -> bool:
        return not told and all(child.poll() is None for child in children)

    try:
        if announce and _has_answered(goes_on):
            announce()
        elif announce and goes_on():
            print(f"The server did not answer on port {env.port()} within {ANSWER_S} s.", file=sys.stderr)
            return 1
        while goes_on():
            time.sleep(LOOK_S)
        return 0 if told else next(child.returncode for child in children if child.returncode is not None)
    finally:
        _end(children)


def _is_taken(port: int) -> bool:
    """Whether something listens there. Granian would share the port with another granian, and each answer for both."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _has_answered(goes_on: Callable[[], bool]) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ends = time.monotonic() + ANSWER_S
    while goes_on() and time.monotonic() < ends:
        try:
            with opener.open(f"http://127.0.0.1:{env.port()}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(LOOK_S)
    return False


def _end(children: Sequence[subprocess.Popen]) -> None:
    """Terminate each child once, wait for all, and kill what is left of their sessions."""
    ends = time.monotonic() + GRACE_S
    for child in children:
        child.terminate()
    while time.monotonic() < ends and any(child.poll() is None for child in children):
        time.sleep(LOOK_S)
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


if __name__ == "__main__":
    sys.exit(main())
