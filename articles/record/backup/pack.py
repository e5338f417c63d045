"""Writes the archive: a plain tar, the manifest last, because the members are measured while they are copied."""

import hashlib
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from articles.record.backup import manifest
from articles.record.backup.errors import BackupFailed
from articles.record.ledger.anchors import Json

STAGE = ".restore-"  # folders in which `restore` prepares files; a killed one may leave one behind


class _Measured:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.mark = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self.file.read(size)
        self.mark.update(content)
        return content


def pack(out: BinaryIO, files: Iterable[tuple[str, Path]], describe: Callable[[dict[str, Json]], bytes]) -> None:
    """Write `files`, (name, path), then the manifest, which `describe` makes from {name: {sha256, size}}."""
    members: dict[str, Json] = {}
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, path in files:
            if member := _add(tar, name, path):
                members[name] = member
        content = describe(members)
        tar.addfile(_entry(manifest.NAME, len(content)), BytesIO(content))


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """(path inside the folder, path) of each file, in order. Raises BackupFailed for a link, which is no content."""
    if not folder.exists():
        return
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith(STAGE))
        for name in [*folders, *sorted(names)]:
            path = Path(place, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir() or not path.exists()):
                raise BackupFailed(
                    f"{path} is a link or no file. Put the file itself in its place, then back up again."
                )
        yield from ((Path(place, name).relative_to(folder).as_posix(), Path(place, name)) for name in sorted(names))


def _add(tar: tarfile.TarFile, name: str, path: Path) -> Json | None:
    """None for a file that was deleted since it was listed."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        measured, size = _Measured(file), os.fstat(file.fileno()).st_size
        try:
            tar.addfile(_entry(name, size), measured)
        except OSError as error:
            raise BackupFailed(f"{path} cannot be copied ({error}). Back up again.") from error
    return {"sha256": measured.mark.hexdigest(), "size": size}


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _raise(error: OSError) -> None:
    raise error
