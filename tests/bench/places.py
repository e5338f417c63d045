"""Where what is measured lies: migrated databases of their own on either engine, and nginx with one file."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.bench.server import ROOT, free_port

POSTGRESQL, SQLITE = "PostgreSQL", "SQLite"
NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error;
events {{}}
http {{
  access_log off; keepalive_requests 1000000; default_type application/json;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@contextmanager
def database(engine: str) -> Iterator[dict[str, str]]:
    """The environment of a process that uses it."""
    with tempfile.TemporaryDirectory() as folder:
        name = f"vetted_bench_{Path(folder).name}".lower()
        if engine == SQLITE:
            databases.sqlite_copy(Path(folder, "vetted.sqlite3"))
            url = f"sqlite:///{folder}/vetted.sqlite3"
        else:
            databases.postgresql_copy(name)
            url = databases.url_of(name)
        try:
            yield {"VAR_DIR": folder, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
        finally:
            if engine == POSTGRESQL:
                databases.postgresql_drop(name)


def filled(environment: dict[str, str], number: int) -> dict:
    """{slugs, pages} of so many articles, written into the database."""
    return ran("tests.bench.articles", str(number), environment=environment)


def ran(module: str, *arguments: str, environment: dict[str, str]) -> dict:
    """What the module prints, in a process of its own."""
    command = [sys.executable, "-m", module, *arguments]
    made = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.PIPE)
    return json.loads(made.stdout)


@contextmanager
def nginx(content: bytes) -> Iterator[int | None]:
    """The port of an nginx that serves `content` at /article.json; None where it is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        port = free_port()
        Path(folder, "article.json").write_bytes(content)
        settings = Path(folder, "nginx.conf")
        settings.write_text(NGINX.format(folder=folder, port=port))
        process = subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL)
        try:
            yield port
        finally:
            process.terminate()
            process.wait(timeout=15)
