"""The formats that can be read, one line each; a reader is bytes -> manuscripts, one for each article of the file."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from articles.intake import detect
from articles.intake.outline import Manuscript
from articles.intake.readers import docx, html, markdown, text
from articles.intake.readers.wordpress import reader as wordpress

AUTO = "auto"


@dataclass(frozen=True)
class Format:
    suffixes: frozenset[str]
    read: Callable[[bytes, int], Iterator[Manuscript]]  # the file, and how many of its articles are left out


def _single(read: Callable[[bytes], Iterator[Manuscript]]) -> Callable[[bytes, int], Iterator[Manuscript]]:
    return lambda data, skip: islice(read(data), skip, None)


FORMATS = {
    name: Format(detect.SUFFIXES[name], read)
    for name, read in (
        (detect.TEXT, _single(text.read)),
        (detect.HTML, _single(html.read)),
        (detect.MARKDOWN, _single(markdown.read)),
        (detect.DOCX, _single(docx.read)),
        (detect.WORDPRESS, wordpress.read),
    )
}


def read_manuscripts(data: bytes, name: str, format_name: str = AUTO, skip: int = 0) -> Iterator[Manuscript]:
    """The articles of a file, in its order, without the first `skip`. `name` is the file's.

    Raises Unreadable, at the latest while it is read.
    """
    if format_name == detect.TEXT:
        detect.require_plain(data, name)
    yield from FORMATS[detect.detect(data, name) if format_name == AUTO else format_name].read(data, skip)


def find_files(path: Path, name: str) -> Iterator[Path]:
    """The file itself; for a folder, every file that the format can read, by name, without hidden ones."""
    if not path.is_dir():
        yield path
        return
    suffixes = {suffix for key, each in FORMATS.items() if name in (AUTO, key) for suffix in each.suffixes}
    for each in sorted(path.rglob("*")):
        is_hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if each.is_file() and not is_hidden and (each.suffix.lower() in suffixes):
            yield each


def title_from_name(stem: str) -> str:
    """“sleep-and-age” -> “Sleep and age”: for an article that has no title of its own."""
    words = stem.replace("-", " ").replace("_", " ").strip().capitalize()
    return words if re.search(r"\w", words) else "Untitled"
