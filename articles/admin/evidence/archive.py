"""Files -> the ZIP: sorted, uncompressed, undated, so that the same files give the same bytes, and each byte counts."""

import hashlib
import io
import zipfile

from articles.record.canonical import exact_bytes

MANIFEST = "manifest.json"
UNDATED = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o644 << 16


def zipped(files: dict[str, bytes]) -> bytes:
    """The pack, with a manifest of the SHA-256 of every other file."""
    named = files | {MANIFEST: manifest(files)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as pack:
        for name in sorted(named):
            entry = zipfile.ZipInfo(name, UNDATED)
            entry.create_system, entry.external_attr = UNIX, READABLE
            pack.writestr(entry, named[name])
    return buffer.getvalue()


def manifest(files: dict[str, bytes]) -> bytes:
    """{"files": {name: SHA-256 in hex}}, in canonical form."""
    return exact_bytes({"files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}})
