"""Runs the production server as a child and ends it on TERM; says when it has answered."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

from cms import env

WAIT_S = 60


def serve(announce) -> int:
    """Start granian, call `announce` once a request has been answered, wait. The server's exit code."""
    server = subprocess.Popen(command(), env=os.environ | {"DJANGO_SETTINGS_MODULE": _settings()})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.terminate())
    if not _answers(server):
        server.terminate()
        print(f"The server did not answer on port {env.port()} within {WAIT_S} s.", file=sys.stderr)
        return 1
    announce()
    code = server.wait()
    return 0 if code in (0, -signal.SIGTERM, -signal.SIGINT) else code


def command() -> list[str]:
    workers = str(os.cpu_count() or 1)
    where = ["--host", "127.0.0.1", "--port", str(env.port())]
    how = ["--interface", "wsgi", "--workers", workers, "--blocking-threads", "1", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *where, *how, "cms.wsgi:application"]


def _settings() -> str:
    return os.environ.get("DJANGO_SETTINGS_MODULE", "cms.settings.dev")


def _answers(server: subprocess.Popen) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    begun = time.monotonic()
    while server.poll() is None and time.monotonic() - begun < WAIT_S:
        try:
            with opener.open(f"http://127.0.0.1:{env.port()}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False
