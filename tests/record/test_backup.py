"""The archive of a backup by itself: what is packed comes back, and whatever else the file holds is refused."""

import hashlib
import io
import json
import os
import tarfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.record.backup import manifest, tools
from articles.record.backup.check import check
from articles.record.backup.errors import BackupFailed, RestoreRefused
from articles.record.backup.manifest import Manifest
from articles.record.backup.pack import pack, walk
from articles.record.backup.tools import ToolFailed

CONTENT = {
    "database.sqlite3": b"rows " * 300,
    "editions/0f8c/800.webp": b"a picture",
    "media/original_images/grün.png": b"an upload",
    "media/empty": b"",
}
HEAD = {"number": 3, "hash": "9f" * 32, "at": "2026-11-24T09:12:03.114000Z"}


@pytest.fixture
def packed(tmp_path) -> bytes:
    """A good archive."""
    return pack_all(tmp_path)


def pack_all(folder: Path) -> bytes:
    files = []
    for number, (name, content) in enumerate(CONTENT.items()):
        (folder / str(number)).write_bytes(content)
        files.append((name, folder / str(number)))
    out = io.BytesIO()
    pack(out, files, lambda members: described(members).as_bytes())
    return out.getvalue()


def described(members: dict, **changes) -> Manifest:
    return Manifest(
        **({"engine": "sqlite", "made_at": "now", "head": HEAD, "migrations": ["a.1"]} | changes), members=members
    )


def listed(contents: dict[str, bytes]) -> dict:
    return {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in contents.items()
    }


def rebuilt(members: list, told: bytes | None = None) -> bytes:
    """An archive of these (name or TarInfo, content), in a forger's hands, with a manifest that lists all of them."""
    out = io.BytesIO()
    names = {getattr(name, "name", name): content for name, content in members}
    told = described(listed(names)).as_bytes() if told is None else told
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in [*members, (manifest.NAME, told)]:
            entry = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@cache
def good() -> bytes:
    """The same, for properties."""
    return rebuilt(list(CONTENT.items()))


def special(name: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, "media/empty"
    return entry


def contents(archive: bytes) -> dict[str, bytes]:
    found = check(io.BytesIO(archive))
    return {name: b"".join(found.read(name)) for name in found.members}


def refused(archive: bytes) -> str:
    with pytest.raises(RestoreRefused) as caught:
        check(io.BytesIO(archive))
    return caught.value.detail


def test_what_is_packed_comes_back_byte_for_byte(packed):
    assert contents(packed) == CONTENT


def test_the_manifest_says_of_which_state_the_backup_is(packed):
    found = check(io.BytesIO(packed)).manifest

    assert (found.engine, found.head, found.migrations, found.members) == ("sqlite", HEAD, ["a.1"], listed(CONTENT))


def test_a_backup_can_be_listed_by_any_tar(packed):
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.getnames() == [*CONTENT, "manifest.json"]


@pytest.mark.parametrize("name", [name for name, content in CONTENT.items() if content])
def test_a_flipped_byte_in_a_member_is_refused_and_names_the_member(packed, name):
    at = packed.index(CONTENT[name])

    assert name in refused(flipped(packed, at))


@settings(max_examples=400, deadline=None)
@given(at=st.integers(0, len(good()) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused_or_changes_no_content(at, bit):
    try:
        found = contents(flipped(good(), at, bit))
    except RestoreRefused:
        return
    assert found == CONTENT


@settings(max_examples=200, deadline=None)
@given(length=st.integers(0, len(good()) - 1))
def test_a_truncated_archive_is_refused_unless_only_surplus_zeros_are_missing(length):
    cut = good()[:length]
    try:
        found = contents(cut)
    except RestoreRefused:
        return
    assert found == CONTENT
    assert cut.endswith(bytes(1024))


@pytest.mark.parametrize(
    "tail", [b"more", bytes(10240) + b"x", good()], ids=["bytes", "far behind", "a second archive"]
)
def test_bytes_behind_the_end_are_refused(packed, tail):
    assert "no proper end" in refused(packed + tail)


OURS = ["media", "media/", "media/..", "media/./a", "media//a", "Media/a", "database.sqlite3/a"]
FOREIGN = ["notes.txt", "keys/secret", "var/keys/secret"]
OUTSIDE = ["editions/../../x", "../x", "/etc/passwd", "//media/a"]


@pytest.mark.parametrize("name", [*OURS, *FOREIGN, *OUTSIDE])
def test_a_member_that_no_backup_contains_is_refused(name):
    refused(rebuilt([("database.sqlite3", b"x"), (name, b"x")]))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.CONTTYPE]
)
def test_links_folders_and_devices_are_refused(kind):
    refused(rebuilt([("database.sqlite3", b"x"), (special("media/a", kind), b"")]))


def test_a_member_that_occurs_twice_is_refused():
    assert "exactly" in refused(rebuilt([("database.sqlite3", b"x"), ("media/a", b"x"), ("media/a", b"x")]))


def test_a_member_that_the_manifest_does_not_list_is_refused():
    told = described(listed({"database.sqlite3": b"x"})).as_bytes()

    assert "exactly" in refused(rebuilt([("database.sqlite3", b"x"), ("media/a", b"x")], told))


def test_a_member_that_only_the_manifest_lists_is_refused():
    told = described(listed({"database.sqlite3": b"x", "media/a": b"x"})).as_bytes()

    assert "exactly" in refused(rebuilt([("database.sqlite3", b"x")], told))


@pytest.mark.parametrize(
    "changes",
    [{"engine": "oracle"}, {"engine": "postgresql"}, {"head": HEAD | {"hash": "'; DROP TABLE x; --"}}, {"head": {}},
     {"head": HEAD | {"number": "3; DROP TABLE x"}}, {"migrations": [1]}, {"format": 2}, {"migrations": 5}],
)  # fmt: skip
def test_a_manifest_that_vetted_does_not_write_is_refused(changes):
    refused(rebuilt([("database.sqlite3", b"x")], described(listed({"database.sqlite3": b"x"}), **changes).as_bytes()))


@pytest.mark.parametrize("told", [b"", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"format": 1}'])
def test_a_manifest_that_is_none_is_refused(told):
    refused(rebuilt([("database.sqlite3", b"x")], told))


def test_a_changed_value_of_the_manifest_is_refused():
    told = json.loads(described(listed({"database.sqlite3": b"x"})).as_bytes()) | {"made_at": "another day"}
    written = json.dumps(told, indent=1, sort_keys=True).encode() + b"\n"

    assert "changed after" in refused(rebuilt([("database.sqlite3", b"x")], written))


@pytest.mark.parametrize("archive", [b"", b"PK\x03\x04", bytes(20480)], ids=["empty", "zip", "zeros"])
def test_another_kind_of_file_is_refused(archive):
    refused(archive)


def test_only_files_are_listed_without_what_a_killed_restore_left(tmp_path):
    for name in ("b/2", "a", ".restore-x/0", "b/1"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")

    assert [name for name, _ in walk(tmp_path)] == ["a", "b/1", "b/2"]


@pytest.mark.parametrize("name", ["file", "folder"])
def test_a_link_among_the_uploads_ends_the_backup(tmp_path, name):
    (tmp_path / "keys").mkdir()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / name).symlink_to(tmp_path / "keys" if name == "folder" else tmp_path / "keys/secret")

    with pytest.raises(BackupFailed, match="link"):
        list(walk(tmp_path / "media"))


def test_a_pipe_among_the_uploads_ends_the_backup(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(BackupFailed, match="pipe"):
        list(walk(tmp_path))


def test_a_file_that_was_deleted_since_it_was_listed_is_left_out(tmp_path):
    (tmp_path / "database").write_bytes(b"x")
    files = [("database.sqlite3", tmp_path / "database"), ("media/gone", tmp_path / "gone")]
    out = io.BytesIO()

    pack(out, files, lambda members: described(members).as_bytes())

    assert contents(out.getvalue()) == {"database.sqlite3": b"x"}


def test_a_missing_program_is_named_with_the_package_that_has_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "DEBIAN", tmp_path)

    with pytest.raises(ToolFailed, match=r"pg_dump is missing.*`postgresql-client`"):
        tools.find("pg_dump")


def test_a_program_is_found_outside_the_path_in_its_newest_version(monkeypatch, tmp_path):
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/pg_dump").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "DEBIAN", tmp_path)

    assert tools.find("pg_dump") == str(tmp_path / "17/bin/pg_dump")


def test_a_program_older_than_the_server_is_reported_in_its_own_words(monkeypatch, tmp_path):
    old = tmp_path / "pg_dump"
    old.write_text("#!/bin/sh\necho 'pg_dump: error: aborting because of server version mismatch' >&2\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    with pytest.raises(ToolFailed, match=r"server version mismatch\. Install the Debian package `postgresql-client`"):
        tools.run("pg_dump")


def flipped(archive: bytes, at: int, bit: int = 0) -> bytes:
    return archive[:at] + bytes([archive[at] ^ (1 << bit)]) + archive[at + 1 :]
