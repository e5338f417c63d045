"""Backup and restore on real databases: what comes back, what is refused, and that a refusal changes nothing."""

import json
import os
import shutil
import tarfile
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.record import epoch, events
from articles.record.append_only import triggers
from articles.record.backup import manifest, postgresql, sqlite, tools
from articles.record.ledger import anchors
from articles.record.ledger.verify import verify
from articles.record.models import Counter, Publication
from tests.committed import World
from tests.conftest import absent
from tests.factories import make_article
from tests.faults.processes import killed_at, run
from tests.faults.scenes import Withdraw
from tests.record.tamper import drop_triggers

KILLED = -9
ROOTS = ("EDITION_FILES_ROOT", "MEDIA_ROOT")


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """A published article with pictures, committed; its backup, that of a new installation, and a second database."""
    folder = tmp_path_factory.mktemp("clinic")
    with django_db_blocker.unblock(), override_settings(**{name: folder / name for name in ROOTS}):
        require_tools()
        before, world = connection.settings_dict["NAME"], World(folder)
        world.begin()
        first, other, empty = world.name, world.keep(), backup(folder / "empty.tar")
        scene = Withdraw()
        scene.arrange()
        epoch.current()
        archive = backup(folder / "made.tar")
        yield SimpleNamespace(
            world=world, first=first, other=other, folder=folder, empty=empty, archive=archive, scene=scene
        )
        world.end()
        connection.settings_dict["NAME"] = before


@pytest.fixture
def standing(made, django_db_blocker, settings):
    """The clinic itself, for tests that change neither its rows nor its files."""
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        settle(settings, made, made.first, made.folder)
        yield made
        connections.close_all()
        connection.settings_dict["NAME"] = before


@pytest.fixture
def elsewhere(standing, settings, tmp_path):
    """A new installation: migrated, without content, with folders that are not there yet."""
    settle(settings, standing, standing.other, tmp_path)
    restore(standing.empty, "--replace")
    return standing


@pytest.fixture
def clinic(standing, settings, tmp_path):
    """The clinic as it was backed up, to be changed."""
    settle(settings, standing, standing.other, tmp_path)
    restore(standing.archive, "--replace")
    return standing


def settle(settings, made, database: str, folder: Path) -> None:
    connections.close_all()
    made.world.use(database)
    for name in ROOTS:
        setattr(settings, name, folder / name)


def require_tools() -> None:
    if connection.vendor == "postgresql":
        try:
            for name in ("pg_dump", "pg_restore", "psql"):
                tools.find(name)
        except tools.ToolFailed as error:
            absent(error.detail)


def backup(file: Path) -> Path:
    call_command("backup", str(file), stdout=StringIO(), stderr=StringIO())
    return file


def restore(file: Path, *options: str) -> dict:
    out = StringIO()
    call_command("restore", str(file), "--json", *options, stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def refused(file: Path, *options: str, code: int = 1) -> str:
    """What the command says; nothing is changed by it."""
    before = everything()
    with pytest.raises(CommandError) as caught:
        restore(file, *options)
    assert caught.value.returncode == code
    assert everything() == before
    return str(caught.value)


def everything() -> dict:
    """All rows and all files, the epoch included."""
    return {"rows": rows(), "files": files(), "epoch": list(Counter.objects.filter(name=epoch.NAME).values())}


def rows() -> dict[str, list[str]]:
    """{table: its rows} of all tables, without the epoch's row."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"' + (" WHERE name <> 'epoch'" if model is Counter else ""))
            found[table] = sorted(repr([bytes(c) if isinstance(c, memoryview) else c for c in row]) for row in cursor)
    return found


def files() -> dict[str, bytes]:
    roots = [Path(getattr(configured, name)) for name in ROOTS]
    return {
        f"{root.name}/{path.relative_to(root)}": path.read_bytes()
        for root in roots
        for path in root.rglob("*")
        if path.is_file()
    }


def append() -> None:
    with transaction.atomic():
        events.append("submitted", subject_kind="article", subject=uuid4(), actor={})


def rewritten(archive: Path, to: Path, **changes) -> Path:
    """The archive with other values in its manifest, which is whole again, as a forger would write it."""
    with tarfile.open(archive) as old, tarfile.open(to, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            if entry.name == manifest.NAME:
                value = {name: found for name, found in json.loads(content).items() if name != "digest"}
                content = manifest.Manifest(**(value | changes)).as_bytes()
                entry.size = len(content)
            new.addfile(entry, BytesIO(content))
    return to


def test_a_restore_brings_back_every_row_and_every_file(elsewhere, settings):
    assert not Publication.objects.exists()

    restore(elsewhere.archive)

    again = everything()
    settle(settings, elsewhere, elsewhere.first, elsewhere.folder)
    before = everything()
    assert again["rows"] == before["rows"]
    assert again["files"] == before["files"] != {}
    assert again["epoch"] != before["epoch"]


def test_the_ledger_verifies_after_a_restore(elsewhere):
    restore(elsewhere.archive)

    assert verify(now=timezone.now())[0] == []
    call_command("ledger", "verify", stdout=StringIO())
    assert triggers.missing() == []


def test_work_goes_on_after_a_restore(elsewhere):
    restore(elsewhere.archive)
    last = anchors.head()["number"]
    assert ArticlePage.objects.get().live

    elsewhere.scene.act()
    make_article(by=elsewhere.scene.people.author)

    assert anchors.head()["number"] > last
    assert verify(now=timezone.now())[0] == []


def test_a_restore_begins_a_new_epoch_and_a_backup_does_not(clinic, tmp_path):
    before = epoch.current()
    backup(tmp_path / "again.tar")
    assert epoch.current() == before

    told = restore(clinic.archive, "--replace")

    assert told["epoch"] == epoch.current() != before
    assert told["head"] == anchors.head()
    assert told["pending"] == []


def test_a_database_with_events_is_replaced_only_on_request(clinic):
    ends, head = anchors.head()["number"], anchors.head()["hash"]
    append()
    append()

    said = refused(clinic.archive)

    assert f"holds events 1 to {ends + 2} (head {anchors.head()['hash']}" in said
    assert f"ends at event {ends} ({head}" in said
    assert f"Events {ends + 1} to {ends + 2} would be lost." in said
    restore(clinic.archive, "--replace")
    assert anchors.head()["number"] == ends


def test_a_refusal_says_when_nothing_of_the_ledger_would_be_lost(standing):
    assert "No event would be lost." in refused(standing.archive)


def test_a_refusal_says_when_the_backup_has_another_history(elsewhere):
    append()

    said = refused(elsewhere.archive)

    assert "Events 1 to 1 would be lost, unless the backup contains the same ones." in said


def test_a_database_without_tables_is_restored(elsewhere):
    world = elsewhere.world
    connections.close_all()
    if world.is_postgresql:
        with connection.cursor() as cursor:
            cursor.execute(postgresql.CLEAR)
        assert connection.introspection.table_names() == []
    else:
        world.use(world._new())

    restore(elsewhere.archive)

    assert Publication.objects.count() == 1


@pytest.mark.parametrize("of", ["database", "editions/", "media/", manifest.NAME])
def test_a_flipped_byte_is_refused_and_nothing_is_changed(standing, tmp_path, of):
    damaged = tmp_path / "damaged.tar"
    content = bytearray(standing.archive.read_bytes())
    with tarfile.open(standing.archive) as tar:
        entry = next(entry for entry in tar if entry.name.startswith(of))
    content[entry.offset_data + entry.size // 2] ^= 1
    damaged.write_bytes(content)

    assert "Take another backup." in refused(damaged, "--replace")


@pytest.mark.parametrize("keep", [0, 0.1, 0.5, 0.95])
def test_a_truncated_backup_is_refused_and_nothing_is_changed(standing, tmp_path, keep):
    cut = tmp_path / "cut.tar"
    content = standing.archive.read_bytes()
    cut.write_bytes(content[: int(len(content) * keep)])

    assert "Take another backup." in refused(cut, "--replace")


@pytest.mark.parametrize("name", ["stranger.txt", "media/../../stranger", "/stranger", "keys/stranger"])
def test_a_foreign_member_is_refused_and_nothing_is_changed(standing, tmp_path, name):
    forged = shutil.copy(standing.archive, tmp_path / "forged.tar")
    with tarfile.open(forged, "a") as tar:
        tar.addfile(tarfile.TarInfo(name))

    refused(Path(forged), "--replace")
    assert list(tmp_path.parent.rglob("stranger*")) == []


@pytest.mark.parametrize("changes", [{"number": 99}, {"hash": "f" * 64}, {"number": 0}], ids=["number", "hash", "none"])
def test_a_manifest_with_another_head_is_refused_and_nothing_is_changed(standing, tmp_path, changes):
    forged = rewritten(standing.archive, tmp_path / "forged.tar", head=anchors.head() | changes)

    assert "not the one that its manifest describes" in refused(forged, "--replace")


def test_a_backup_of_the_other_engine_is_refused(standing, tmp_path):
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    with tarfile.open(standing.archive) as tar:
        members = json.loads(tar.extractfile(manifest.NAME).read())["members"]
    members[manifest.DATABASES[other]] = members.pop(manifest.DATABASES[connection.vendor])
    forged = tmp_path / "forged.tar"
    with tarfile.open(standing.archive) as old, tarfile.open(forged, "w") as new:
        for entry in old:
            content = old.extractfile(entry).read()
            entry.name = manifest.DATABASES[other] if entry.name.startswith("database") else entry.name
            new.addfile(entry, BytesIO(content))
    forged = rewritten(forged, tmp_path / "whole.tar", engine=other, members=members)

    assert f"The backup is of {other}" in refused(forged, "--replace")


def test_a_backup_of_a_later_version_is_refused(standing, tmp_path):
    with tarfile.open(standing.archive) as tar:
        applied = json.loads(tar.extractfile(manifest.NAME).read())["migrations"]
    forged = rewritten(standing.archive, tmp_path / "later.tar", migrations=sorted([*applied, "record.0999_later"]))

    assert "does not know record.0999_later" in refused(forged, "--replace")


def test_a_restore_installs_triggers_that_the_backup_lacks(clinic, tmp_path):
    drop_triggers()
    unguarded = backup(tmp_path / "unguarded.tar")

    restore(unguarded, "--replace")

    assert triggers.missing() == []


def test_a_restore_deletes_no_file_and_brings_back_changed_ones(clinic):
    edition = next(path for path in configured.EDITION_FILES_ROOT.rglob("*.webp"))
    right = edition.read_bytes()
    edition.write_bytes(b"changed")
    another = configured.EDITION_FILES_ROOT / "ff00/800.webp"
    another.parent.mkdir()
    another.write_bytes(b"of another edition")

    restore(clinic.archive, "--replace")

    assert edition.read_bytes() == right
    assert another.read_bytes() == b"of another edition"
    assert [path for root in ROOTS for path in Path(getattr(configured, root)).glob(".restore-*")] == []


def test_a_folder_in_the_place_of_a_file_is_refused_before_anything_is_changed(clinic):
    upload = next(path for path in Path(configured.MEDIA_ROOT).rglob("*.png"))
    upload.unlink()
    upload.mkdir()

    assert "Move it" in refused(clinic.archive, "--replace")


def test_a_kill_before_the_files_are_in_place_is_mended_by_another_restore(elsewhere):
    def killed() -> None:
        with killed_at(os, "replace", before=True):
            restore(elsewhere.archive)

    assert run(killed) == KILLED
    assert Publication.objects.exists()

    restore(elsewhere.archive, "--replace")

    assert verify(now=timezone.now())[0] == []


def test_a_process_that_has_the_database_open_sees_what_was_restored(clinic):
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM record_event")
            before = cursor.fetchone()
            append()

            restore(clinic.archive, "--replace")

            cursor.execute("SELECT count(*) FROM record_event")
            assert cursor.fetchone() == before
    finally:
        own.close()


def test_a_restore_does_not_wait_for_ever_for_somebody_who_writes(standing, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE_MS", 200)
    monkeypatch.setattr(postgresql, "CLEAR", postgresql.CLEAR.replace("20s", "200ms"))
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | (
        {} if standing.world.is_postgresql else {"timeout": 1}
    )
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN" if standing.world.is_postgresql else "BEGIN IMMEDIATE")
            cursor.execute("UPDATE wagtailcore_site SET port = 81")

            assert "Stop the server" in refused(standing.archive, "--replace")
    finally:
        own.close()


def test_a_backup_that_is_taken_while_others_write_is_consistent(clinic, tmp_path):
    connections.close_all()
    child = os.fork()
    if child == 0:
        while True:
            append()
    try:
        archives = [backup(tmp_path / f"{number}.tar") for number in range(3)]
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)

    heads = [restore(archive, "--replace")["head"]["number"] for archive in archives]

    assert heads[0] < heads[-1]
    assert verify(now=timezone.now())[0] == []


def test_a_backup_is_readable_by_its_owner_only_and_leaves_nothing_beside_it(standing, tmp_path):
    (tmp_path / "kept").mkdir()

    file = backup(tmp_path / "kept/made.tar")

    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_contains_the_database_editions_and_media_only(standing, tmp_path):
    (standing.folder / "keys").mkdir()
    (standing.folder / "keys/secret").write_text("key")
    (standing.folder / "secret_key").write_text("key")

    with tarfile.open(backup(tmp_path / "made.tar")) as tar:
        names = tar.getnames()

    assert {name.partition("/")[0] for name in names} == {
        manifest.DATABASES[connection.vendor],
        "editions",
        "media",
        manifest.NAME,
    }


def test_a_failed_backup_leaves_the_previous_one_as_it_was(clinic, tmp_path):
    (tmp_path / "kept").mkdir()
    file = backup(tmp_path / "kept/made.tar")
    before = file.read_bytes()
    (Path(configured.MEDIA_ROOT) / "link").symlink_to("/etc/passwd")

    with pytest.raises(CommandError, match="link") as caught:
        backup(file)

    assert caught.value.returncode == 1
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_the_backup_command_prints_the_path_and_the_head_for_programs(standing, tmp_path):
    out, err = StringIO(), StringIO()

    call_command("backup", str(tmp_path / "made.tar"), "--json", stdout=out, stderr=err)

    told = json.loads(out.getvalue())
    assert told == {
        "path": str(tmp_path / "made.tar"),
        "size": (tmp_path / "made.tar").stat().st_size,
        "head": anchors.head(),
    }
    assert "Copying the database" in err.getvalue()


@pytest.mark.parametrize("place", ["missing/made.tar", "MEDIA_ROOT/made.tar", "EDITION_FILES_ROOT/made.tar", "."])
def test_a_place_where_no_backup_can_be_is_a_usage_error(standing, place):
    with pytest.raises(CommandError) as caught:
        backup(standing.folder / place)

    assert caught.value.returncode == 2


def test_a_file_that_is_not_there_is_a_usage_error(standing, tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.tar", code=2)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="roles are PostgreSQL's")
def test_rights_come_back_and_a_missing_role_is_named(elsewhere, tmp_path):
    role = f"vetted_reader_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(f"GRANT SELECT ON record_event TO {role}")
        archive = backup(tmp_path / "granted.tar")
        cursor.execute(f"REVOKE SELECT ON record_event FROM {role}")

    restore(archive)

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'record_event', 'SELECT')", [role])
        assert cursor.fetchone() == (True,)
        cursor.execute(f"DROP OWNED BY {role}")
        cursor.execute(f"DROP ROLE {role}")
    said = refused(archive)
    assert f'role "{role}" does not exist. Create the roles' in said
    assert said.endswith("Nothing was changed.")
