"""Pictures that lie beside the texts and not in them: files, or a ZIP file of a site's uploads. Found by address.

Nothing is fetched: what the sender did not send is named in a warning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from articles.intake.outline import Block, BlockKind, Outline, Picture
from articles.intake.readers.archive import parts_of

Found = TypeVar("Found")
ARCHIVE = ".zip"
SUFFIXES = frozenset({".avif", ".gif", ".heic", ".jfif", ".jpeg", ".jpg", ".png", ".webp"})
MAX_NAME = 255  # characters
MAX_PICTURES = 100_000
MAX_TOTAL = 2_000_000_000  # bytes of one archive, inflated
AGAIN = "Pack the pictures into a ZIP file again, without a password, and add it to the import."
_SIZE = re.compile(r"-(?:\d{1,5}x\d{1,5}|scaled)$")  # what WordPress writes behind the name: “knee-300x200.jpg”


def is_beside(name: str) -> bool:
    """Whether a file of this name holds pictures and no article."""
    return PurePosixPath(name.lower()).suffix in SUFFIXES | {ARCHIVE}


def read_pictures(name: str, data: bytes, *, without: Iterable[str] = ()) -> Iterator[Picture]:
    """The pictures of a ZIP file, named by their path in it; or the file itself. Raises Unreadable."""
    if not name.lower().endswith(ARCHIVE):
        yield Picture(name, data)
        return
    known = set(without)
    parts = parts_of(
        data,
        wants=lambda path: _is_picture(path) and path not in known,
        again=AGAIN,
        max_files=MAX_PICTURES,
        max_total=MAX_TOTAL,
    )
    yield from (Picture(path, content) for path, content in parts)


def without_picture(outline: Outline, pictures: Iterable[Picture]) -> list[Block]:
    """The pictures of the article that did not come."""
    kept = {picture.name for picture in pictures}
    shown = (block for part in outline.sections for block in part.blocks if block.kind is BlockKind.PICTURE)
    return [block for block in shown if block.picture not in kept]


def find_beside(blocks: Iterable[Block], files: Mapping[str, Mapping[str, Found]]) -> dict[str, Found]:
    """{address: what lies at its path} of these pictures. `files`: {name: {path: …}}, see `name_of`."""
    found = {}
    for address in dict.fromkeys(block.picture for block in blocks if block.picture):
        alike = files.get(name_of(address), {})
        if path := find_path(address, alike):
            found[address] = alike[path]
    return found


def name_of(address: str) -> str:
    """The file's name, the same for each size of a picture: “/uploads/Knee%20pain-300x200.jpg” -> “knee pain.jpg”."""
    path = PurePosixPath(_path(address).casefold())
    return (_SIZE.sub("", path.stem) + path.suffix)[-MAX_NAME:]


def find_path(address: str, paths: Iterable[str]) -> str:
    """Of the paths with its name, the one that shares most of its folders and then its size; "" where two do."""
    wanted = _path(address)
    ranked = sorted(
        ((_shared(wanted, path), PurePosixPath(path).name == PurePosixPath(wanted).name, path) for path in paths),
        reverse=True,
    )
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2] and _are_two(ranked[0][2], ranked[1][2])):
        return ""
    return ranked[0][2]


def in_folder(folder: Path) -> dict[str, dict[str, Path]]:
    """{name: {path within the folder: file}} of the pictures below it."""
    found: dict[str, dict[str, Path]] = {}
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder).as_posix()
        if file.is_file() and _is_picture(path):
            found.setdefault(name_of(path), {})[path] = file
    return found


def _path(address: str) -> str:
    return unquote(urlsplit(address).path)


def _shared(address: str, path: str) -> int:
    """How many folders above the file are the same."""
    pairs = zip(PurePosixPath(address).parts[-2::-1], PurePosixPath(path).parts[-2::-1], strict=False)
    return len(list(takewhile(lambda pair: pair[0].casefold() == pair[1].casefold(), pairs)))


def _are_two(first: str, second: str) -> bool:
    """Pictures in two folders are two; sizes of one picture in one folder are one."""
    return PurePosixPath(first).parent != PurePosixPath(second).parent


def _is_picture(path: str) -> bool:
    parts = PurePosixPath(path).parts
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
    return not is_hidden and PurePosixPath(path.lower()).suffix in SUFFIXES
