"""Takes a backup: one file with the database, the readers' picture files and the uploads. `manage.py backup`.

Only what is named here is taken: neither keys nor SECRET_KEY nor mail nor the environment.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

from django.conf import settings
from django.db import connection
from django.utils import timezone

from articles.record.backup import postgresql, sqlite
from articles.record.backup.errors import NotUsable
from articles.record.backup.manifest import DATABASES, Manifest
from articles.record.backup.pack import pack, walk
from articles.record.events import instant

Say = Callable[[str], object]
ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def take(out: Path, *, say: Say) -> Manifest:
    """Write the backup to `out`, whole or not at all, readable by its owner only. Raises BackupFailed, NotUsable.

    The database is copied first: picture files are written before the rows that name them.
    """
    require_outside(out)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        work, made_at = Path(folder), instant(timezone.now())
        database = work / DATABASES[connection.vendor]
        say("Copying the database …")
        state = ENGINES[connection.vendor].copy(database)
        manifests = list[Manifest]()

        def describe(members: dict) -> bytes:
            manifests.append(Manifest(connection.vendor, made_at, state.head, state.migrations, members))
            return manifests[0].as_bytes()

        say("Packing it with the files …")
        archive = work / "archive"
        with os.fdopen(os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            pack(file, [(database.name, database), *_files()], describe)
            file.flush()
            os.fsync(file.fileno())
        os.replace(archive, out)
    return manifests[0]


def folders() -> dict[str, Path]:
    """{name in the archive: folder}."""
    return {"editions": Path(settings.EDITION_FILES_ROOT), "media": Path(settings.MEDIA_ROOT)}


def require_outside(out: Path) -> None:
    if not out.parent.is_dir():
        raise NotUsable(f"The folder {out.parent} does not exist. Create it, or name another file.")
    if out.is_dir():
        raise NotUsable(f"{out} is a folder. Name a file.")
    for folder in folders().values():
        require_no_key_in(folder)
        if out.resolve().is_relative_to(folder.resolve()):
            raise NotUsable(f"{out} lies in a folder that is backed up. Name a file outside {folder}.")


def require_no_key_in(folder: Path) -> None:
    """The organisation's and delivery's private keys are in no archive."""
    for name in ("ORGANISATION_KEY", "DELIVERY_KEY"):
        given = getattr(settings, name, "")
        if given and not given.startswith("-----") and Path(given).resolve().is_relative_to(folder.resolve()):
            raise NotUsable(f"{name} lies in {folder}, which is backed up. Move the key elsewhere.")


def _files() -> Iterator[tuple[str, Path]]:
    for prefix, folder in folders().items():
        yield from ((f"{prefix}/{name}", path) for name, path in walk(folder))
