"""Opens a zip file that somebody sent: bounded, counted while it is inflated, and never written to disk."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

from articles.errors import Unreadable

MAX_FILES = 2_000
MAX_TOTAL = 80_000_000  # bytes, inflated
MAX_RATIO = 150  # of a part larger than FREE; text deflates to a tenth, rarely to a hundredth
FREE = 1_000_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # not a zip file: .doc, and what is encrypted. Source: MS-CFB, §2.2
AGAIN = "Open it in Word, save it under another name as .docx, and import that file."


def read_archive(data: bytes, *, wants: Callable[[str], bool]) -> dict[str, bytes]:
    """{name: content} of the parts wanted. Raises Unreadable, before more than the limits is inflated."""
    return dict(parts_of(data, wants=wants, again=AGAIN))


def parts_of(
    data: bytes,
    *,
    wants: Callable[[str], bool],
    again: str,
    max_files: int = MAX_FILES,
    max_total: int = MAX_TOTAL,
) -> Iterator[tuple[str, bytes]]:
    """(name, content) of the parts wanted, one after the other. `again` says how to make a better file.

    Raises Unreadable, before more than the limits is inflated.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from _parts(archive, wants, len(data), again, max_files, max_total)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, OverflowError) as error:
        raise Unreadable(f"The file is damaged or incomplete. {again}") from error
    except RuntimeError as error:  # zipfile's name for an encrypted part
        raise Unreadable(
            "The file is encrypted. Open it with its password, remove the password, and save it."
        ) from error


def names_of(data: bytes) -> list[str]:
    """The names of the parts; [] for what is no zip file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.namelist()[: MAX_FILES + 1]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, OverflowError):
        return []


def _parts(
    archive: zipfile.ZipFile, wants: Callable[[str], bool], size: int, again: str, max_files: int, max_total: int
) -> Iterator[tuple[str, bytes]]:
    infos = archive.infolist()
    if len(infos) > max_files:
        raise Unreadable(f"The file has {len(infos):,} parts; the limit is {max_files:,}. {again}")
    if sum(info.compress_size for info in infos) > size + FREE:
        raise Unreadable(f"The parts of the file overlap; that is no document. {again}")
    seen, left = set[str](), max_total
    for info in infos:
        if wants(info.filename) and info.filename not in seen:
            content = _inflated(archive, info, left, again)
            seen.add(info.filename)
            left -= len(content)
            yield info.filename, content


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int, again: str) -> bytes:
    """What the header says of the size is not believed."""
    limit = min(left, max(FREE, info.compress_size * MAX_RATIO))
    with archive.open(info) as part:
        content = part.read(limit + 1)
    if len(content) > limit:
        raise Unreadable(f"A part of the file becomes far too large when it is unpacked; that is no document. {again}")
    return content
