"""Runs PostgreSQL's own programs: pg_dump, pg_restore, psql."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.client import DatabaseClient

from articles.errors import DomainError

DEBIAN = Path("/usr/lib/postgresql")
HINTS = {
    "version mismatch": "Install the Debian package `postgresql-client` of the server's version, or a later one.",
    "lock timeout": "Stop the server, the worker and whatever else uses the database, then try again.",
    "role": "Create the roles that the database had (`CREATE ROLE …`), then try again.",
    "permission denied": "Do this as the owner of the database and its tables.",
    "must be owner": "Do this as the owner of the database and its tables.",
}


class ToolFailed(DomainError):
    """A program is missing, or failed; the detail has its own words."""

    code = "tool-failed"
    title = "A program of PostgreSQL failed."


def run(name: str, *options: str, on: BaseDatabaseWrapper | None = None) -> None:
    """Run it, connected to the database of `on`. Passwords travel in the environment. Raises ToolFailed."""
    arguments, environment = list(options), dict[str, str]()
    if on is not None:
        command, given = DatabaseClient.settings_to_cmd_args_env(on.settings_dict, options)
        arguments, environment = command[1:], given or {}
    done = subprocess.run(
        [find(name), *arguments],
        env=os.environ | {"LC_ALL": "C"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"it ended with {done.returncode}"
        hint = next((hint for words, hint in HINTS.items() if re.search(rf"\b{words}\b", said)), "")
        raise ToolFailed(f"{name} failed: {said.rstrip('.')}. {hint}".strip())


def find(name: str) -> str:
    """Its path, also where Debian keeps it outside PATH, newest version first. Raises ToolFailed."""
    installed = sorted(DEBIAN.glob(f"*/bin/{name}"), key=_version, reverse=True)
    found = shutil.which(name) or next(map(str, installed), None)
    if found is None:
        raise ToolFailed(f"{name} is missing. Install it with the Debian package `postgresql-client`.")
    return found


def _version(path: Path) -> float:
    version = path.parent.parent.name
    return float(version) if version.replace(".", "", 1).isdigit() else 0
