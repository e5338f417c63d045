"""Restores a backup: everything is checked first, then the database and the files are put in place, in a new epoch.

The database goes first, in one transaction, while the files lie ready beside their places. No file is deleted: files
that the restored record does not name harm nobody.
"""

import hashlib
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from articles.record.append_only import triggers
from articles.record.backup.check import Archive, check
from articles.record.backup.errors import NotUsable, RestoreRefused
from articles.record.backup.manifest import Manifest
from articles.record.backup.pack import STAGE
from articles.record.backup.take import ENGINES, Say, folders
from articles.record.ledger import anchors
from articles.record.models import Event

Staged = list[tuple[Path, Path]]  # (where the file lies ready, its place)


def restore(file: Path, *, replace: bool, say: Say) -> Manifest:
    """Put database and files back. Raises NotUsable or RestoreRefused, and has changed nothing then."""
    try:
        opened = file.open("rb")
    except OSError as error:
        raise NotUsable(f"{file} cannot be read: {error}.") from error
    with opened, ExitStack() as stack:
        say("Checking the backup …")
        archive = check(opened)
        _require_fitting(archive.manifest)
        _require_room(archive.manifest, replace=replace)
        say("Preparing the files …")
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vetted-restore-")))
        database = _database(archive, work)
        staged = [pair for prefix, root in folders().items() for pair in _stage(archive, prefix, root, stack)]
        say("Restoring the database …")
        connections.close_all()
        ENGINES[connection.vendor].restore(database, archive.manifest)
        connections.close_all()
        say("Putting the files in place …")
        for ready, place in staged:
            place.parent.mkdir(parents=True, exist_ok=True)
            os.replace(ready, place)
    triggers.install()
    _require_head(archive.manifest)
    return archive.manifest


def pending(manifest: Manifest) -> list[str]:
    """Migrations that this version has and the restored database lacks."""
    return sorted(_known() - set(manifest.migrations))


def _require_fitting(manifest: Manifest) -> None:
    if manifest.engine != connection.vendor:
        raise RestoreRefused(
            f"The backup is of {manifest.engine}, and this database is {connection.vendor}. "
            "Set DATABASE_URL to a database of the backup's kind."
        )
    if unknown := sorted(set(manifest.migrations) - _known()):
        raise RestoreRefused(
            f"The backup was made by another version of Vetted: this one does not know {', '.join(unknown)}. "
            "Install the version that made it, restore, then upgrade."
        )


def _known() -> set[str]:
    loader = MigrationLoader(None)
    replaced = {key for found in loader.disk_migrations.values() for key in found.replaces}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced}}


def _require_room(manifest: Manifest, *, replace: bool) -> None:
    """Events are lost only by somebody who was told which, and asked for it."""
    if replace or Event._meta.db_table not in connection.introspection.table_names():
        return
    now, then = anchors.head(), manifest.head
    if now["number"]:
        raise RestoreRefused(
            f"The database holds events 1 to {now['number']} (head {now['hash']}, {now['at']}). The backup ends at "
            f"event {then['number']} ({then['hash']}, {then['at']}). {_loss(now, then)} Drafts, users and settings "
            "would be as in the backup. Back up this database first, then restore with --replace."
        )


def _loss(now: anchors.Json, then: anchors.Json) -> str:
    if then["number"] > now["number"]:
        return f"Events 1 to {now['number']} would be lost, unless the backup contains the same ones."
    same = Event.objects.filter(number=then["number"], hash=then["hash"]).exists()
    if not same:
        return f"Its history is another one: events 1 to {now['number']} would be lost."
    if then["number"] == now["number"]:
        return "No event would be lost."
    return f"Events {then['number'] + 1} to {now['number']} would be lost."


def _database(archive: Archive, work: Path) -> Path:
    name = next(name for name in archive.members if "/" not in name)
    _write(archive, name, work / name)
    return work / name


def _stage(archive: Archive, prefix: str, root: Path, stack: ExitStack) -> Staged:
    """Write the files that are not in place yet into a folder inside `root`, from where a rename puts them there."""
    names = [name for name in archive.members if name.startswith(f"{prefix}/")]
    staged: Staged = []
    if not names:
        return staged
    root.mkdir(parents=True, exist_ok=True)
    stage = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=root, prefix=STAGE)))
    for name in names:
        place = root / name.partition("/")[2]
        _require_free(place, root)
        if not _is_in_place(place, archive.manifest.members[name]):
            staged.append((stage / str(len(staged)), place))
            _write(archive, name, staged[-1][0])
    return staged


def _require_free(place: Path, root: Path) -> None:
    between = [parent for parent in place.parents if parent.is_relative_to(root)]
    if place.is_dir() or any(parent.exists() and not parent.is_dir() for parent in between):
        raise RestoreRefused(f"{place} cannot be restored: a file is where a folder must be, or the reverse. Move it.")


def _is_in_place(place: Path, member: anchors.Json) -> bool:
    if not place.is_file() or place.is_symlink() or place.stat().st_size != member["size"]:
        return False
    with place.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == member["sha256"]


def _write(archive: Archive, name: str, to: Path) -> None:
    with to.open("xb") as file:
        for piece in archive.read(name):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _require_head(manifest: Manifest) -> None:
    if anchors.head() != manifest.head:
        raise RestoreRefused(
            f"The database was restored, but its ledger ends at {anchors.head()}, not at {manifest.head} as in the "
            "backup. Somebody else wrote to it. Run `manage.py ledger verify` before you start the server."
        )
