"""Reads the archive and trusts nothing in it: every byte is accounted for before anything is changed."""

import hashlib
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from articles.record.backup import manifest
from articles.record.backup.errors import RestoreRefused
from articles.record.backup.manifest import Manifest

CHUNK = 1024 * 1024
BLOCK = tarfile.BLOCKSIZE
FAULTS = (tarfile.TarError, ValueError, LookupError, OverflowError, EOFError)
NOWHERE = os.path.join(os.sep, "nowhere")


@dataclass(frozen=True)
class Archive:
    """An archive whose members are exactly those of its manifest."""

    file: BinaryIO
    manifest: Manifest
    members: dict[str, tarfile.TarInfo]

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, in pieces. Raises RestoreRefused at the end if they are not what the manifest says."""
        mark = hashlib.sha256()
        for piece in _pieces(self.file, self.members[name].offset_data, self.members[name].size):
            mark.update(piece)
            yield piece
        if mark.hexdigest() != self.manifest.members[name]["sha256"]:
            raise RestoreRefused(f"{name} is damaged: its SHA-256 is not that of the manifest. Take another backup.")


def check(file: BinaryIO) -> Archive:
    """The archive, checked to the last byte. Raises RestoreRefused."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            entries = list(tar)
        for entry in entries:
            _require_harmless(entry)
    except FAULTS as error:
        raise RestoreRefused(f"This is no backup, or a damaged one ({error}). Take another backup.") from error
    _require_nothing_between(file, entries)
    if not entries or entries[-1].name != manifest.NAME:
        raise RestoreRefused("The backup does not end with a manifest: it is cut off or foreign. Take another backup.")
    archive = _described(file, entries)
    for name in archive.members:
        for _ in archive.read(name):
            pass
    return archive


def _require_harmless(entry: tarfile.TarInfo) -> None:
    """Only plain files that a backup contains; no link, no device, no path that leads elsewhere."""
    tarfile.data_filter(entry, NOWHERE)
    if entry.type != tarfile.REGTYPE or entry.sparse is not None:
        raise RestoreRefused(f"The archive contains {entry.name!r}, which is no plain file. Vetted did not make it.")
    if not (manifest.is_member(entry.name) or entry.name == manifest.NAME):
        raise RestoreRefused(f"The archive contains {entry.name!r}, which no backup contains. Vetted did not make it.")


def _require_nothing_between(file: BinaryIO, entries: list[tarfile.TarInfo]) -> None:
    """A member is followed by zeros up to the next block, the last one by zeros up to the end, two blocks at least."""
    for entry in entries:
        filling = b"".join(_pieces(file, entry.offset_data + entry.size, -entry.size % BLOCK))
        if any(filling):
            raise RestoreRefused(f"There is something behind {entry.name!r} in the archive. Take another backup.")
    last = max((entry.offset_data + entry.size + (-entry.size % BLOCK) for entry in entries), default=0)
    end = file.seek(0, os.SEEK_END)
    if end - last < 2 * BLOCK or any(any(piece) for piece in _pieces(file, last, end - last)):
        raise RestoreRefused("The archive has no proper end: it is cut off or damaged. Take another backup.")


def _described(file: BinaryIO, entries: list[tarfile.TarInfo]) -> Archive:
    found = manifest.parse(b"".join(_pieces(file, entries[-1].offset_data, entries[-1].size)))
    members = {entry.name: entry for entry in entries[:-1]}
    sizes = {name: member["size"] for name, member in found.members.items()}
    if len(members) != len(entries) - 1 or {name: entry.size for name, entry in members.items()} != sizes:
        raise RestoreRefused("The archive does not contain exactly what its manifest lists. Take another backup.")
    return Archive(file, found, members)


def _pieces(file: BinaryIO, start: int, size: int) -> Iterator[bytes]:
    file.seek(start)
    while size > 0:
        piece = file.read(min(size, CHUNK))
        if not piece:
            raise RestoreRefused("The archive is cut off. Take another backup.")
        size -= len(piece)
        yield piece
