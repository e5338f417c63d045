"""The formats that can be read, one line each; a reader is bytes -> manuscripts, one for each article of the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from articles.errors import Unreadable
from articles.intake.outline import Manuscript
from articles.intake.readers import text

AUTO = "auto"


@dataclass(frozen=True)
class Format:
    suffixes: frozenset[str]
    read: Callable[[bytes], Iterator[Manuscript]]


FORMATS = {
    "text": Format(frozenset({".txt", ".text"}), text.read),
}


def find_format(path: Path) -> Format | None:
    """The format, by the file's name."""
    return next((each for each in FORMATS.values() if path.suffix.lower() in each.suffixes), None)


def get_format(path: Path, name: str) -> Format:
    """The format of that name; for `auto`, the one by the file's name. Raises Unreadable."""
    if found := find_format(path) if name == AUTO else FORMATS[name]:
        return found
    known = ", ".join(sorted(suffix for each in FORMATS.values() for suffix in each.suffixes))
    raise Unreadable(
        f"“{path.suffix or path.name}” files cannot be read. Rename the file to end in one of {known}, or use --format."
    )


def read_manuscripts(data: bytes, name: str, format_name: str = AUTO) -> Iterator[Manuscript]:
    """The articles of a file, in its order. `name` is the file's. Raises Unreadable, at the latest while it is read."""
    yield from get_format(Path(name), format_name).read(data)


def find_files(path: Path, name: str) -> Iterator[Path]:
    """The file itself; for a folder, every file that the format can read, by name, without hidden ones."""
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.rglob("*")):
        is_hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if each.is_file() and not is_hidden and (name != AUTO or find_format(each)):
            yield each
