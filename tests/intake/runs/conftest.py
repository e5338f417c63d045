"""Runs of plain text files, and of a made-up export with many articles in one file: {"key", "address", …, "text"}."""

import json
from collections.abc import Iterable, Iterator

import pytest

from articles.errors import Unreadable
from articles.intake import formats
from articles.intake.formats import Format
from articles.intake.models import ImportRun
from articles.intake.outline import Manuscript, Origin
from articles.intake.readers import text
from articles.intake.runs import starting
from articles.intake.runs.starting import Upload, start_run
from articles.intake.runs.tasks import queue
from tests.tasks import run_all

PROSE = "Half of all adults have it at some time in their life, and most of them never ask a doctor about it."
CUT = b"cut here"


def read_export(data: bytes, skip: int = 0) -> Iterator[Manuscript]:
    """One article a line, as JSON; a file may be cut in the middle."""
    for line in data.splitlines()[skip:]:
        if line == CUT:
            raise Unreadable("The file ends in the middle of an article. Export it again.")
        said = json.loads(line)
        written = said.pop("text")
        said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
        yield Manuscript(tuple(text.read_blocks(written.encode())), Origin(**said), original=line)


@pytest.fixture(autouse=True)
def export_format(monkeypatch):
    told = formats.detect.detect
    monkeypatch.setitem(formats.FORMATS, "export", Format(frozenset({".export"}), read_export))
    monkeypatch.setattr(
        formats.detect, "detect", lambda data, name: "export" if name.endswith(".export") else told(data, name)
    )
    monkeypatch.setitem(starting.MOST_BYTES, ".export", starting.MOST_EXPORT)


def article(title: str, *sections: str, text: str = PROSE) -> str:
    """Plain text: the title, an opening, and each section under its heading."""
    return "\n\n".join([title, text, *(f"{heading}\n\n{text}" for heading in sections)])


def post(number: int, *sections: str, text: str = PROSE, **origin) -> dict:
    given = {"key": f"https://old.example/?p={number}", "address": f"https://old.example/article-{number}/"}
    return given | {"slug": f"article-{number}"} | origin | {"text": article(f"Article {number}", *sections, text=text)}


def export(*posts: dict) -> bytes:
    return b"\n".join(json.dumps(each).encode() for each in posts)


def upload(name: str, data: bytes | str) -> Upload:
    written = data if isinstance(data, bytes) else data.encode()
    return Upload(name, len(written), [written])


@pytest.fixture
def start(people, index):
    """start(upload, …) begins a run of the editor; nothing is read yet."""

    def _start(*uploads: Upload, **given) -> ImportRun:
        return start_run(**({"by": people.editor, "parent": index, "language": "en", "uploads": uploads} | given))

    return _start


@pytest.fixture
def read_run(start):
    """read_run(upload, …): a run whose files are read."""

    def _read(*uploads: Upload, **given) -> ImportRun:
        run = start(*uploads, **given)
        run_all()
        run.refresh_from_db()
        return run

    return _read


def act(run: ImportRun, state: str) -> ImportRun:
    """What the worker does for this state, to its end."""
    queue(run, state)
    run_all()
    run.refresh_from_db()
    return run


def states(run: ImportRun) -> list[str]:
    return list(run.articles.values_list("state", flat=True))


def titles(rows: Iterable) -> list[str]:
    return [row.title for row in rows]
