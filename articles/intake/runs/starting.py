"""Begins a run: keeps what was dropped or pasted in the database, and queues the reading."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles.authoring.models import ArticleIndexPage
from articles.intake.beside import ARCHIVE, SUFFIXES, is_beside
from articles.intake.models import ImportChunk, ImportFile, ImportRun
from articles.intake.runs.reading import fail_file
from articles.intake.runs.tasks import work
from articles.intake.states import RunState

MB = 1024 * 1024
CHUNK = 1 * MB
MOST_TEXT, MOST_PICTURE, MOST_WORD, MOST_EXPORT = 5 * MB, 20 * MB, 30 * MB, 200 * MB
MOST_BYTES = (
    dict.fromkeys(SUFFIXES, MOST_PICTURE)
    | dict.fromkeys((".xml", ".wxr", ".json", ARCHIVE), MOST_EXPORT)
    | {".docx": MOST_WORD}
)
PASTED = "Pasted text.txt"


@dataclass(frozen=True)
class Upload:
    """A file as it comes in: its bytes are read piece by piece, once."""

    name: str
    size: int
    pieces: Iterable[bytes]


def most_bytes(name: str) -> int:
    return MOST_BYTES.get(PurePath(name).suffix.lower(), MOST_TEXT)


@transaction.atomic
def start_run(
    *,
    by: AbstractBaseUser,
    parent: ArticleIndexPage,
    language: str,
    uploads: Iterable[Upload],
    format_name: str = "auto",
    name: str = "",
) -> ImportRun:
    """The run, with its files stored and its reading queued. `language`: a code of a locale."""
    run = ImportRun.objects.create(by_id=by.pk, parent=parent, language=language, format=format_name, name=name)
    files = add_files(run, uploads)
    if not name:
        run.name = name_of(files)
        run.save(update_fields=["name"])
    return run


@transaction.atomic
def add_files(run: ImportRun, uploads: Iterable[Upload]) -> list[ImportFile]:
    """Store more files for the run, and queue their reading."""
    ImportRun.objects.select_for_update().get(pk=run.pk)
    files = [_keep(run, upload) for upload in uploads]
    ImportRun.objects.filter(pk=run.pk).update(state=RunState.READING)
    work.enqueue(run.pk)
    return files


def name_of(files: list[ImportFile]) -> str:
    """“export.xml”, “sleep.txt and 11 more”."""
    first, more = files[0].name, len(files) - 1
    return f"{first} and {more} more" if more else first


def _keep(run: ImportRun, upload: Upload) -> ImportFile:
    """The stored file. One that is empty or too large is kept as failed, and the others go on."""
    expected = 0 if is_beside(upload.name) else 1
    file = ImportFile.objects.create(run=run, name=_tidy(upload.name), size=upload.size, expected=expected)
    if problem := _problem(upload):
        fail_file(file, problem)
        return file
    for position, piece in enumerate(_cut(upload.pieces)):
        ImportChunk.objects.create(file=file, position=position, data=piece)
    return file


def _problem(upload: Upload) -> str:
    if not upload.size:
        return "The file is empty. Choose another file."
    most = most_bytes(upload.name)
    if upload.size <= most:
        return ""
    return (
        f"The file has {upload.size / MB:.1f} MB; a file of this kind may have {most // MB} MB. Divide it, or make its "
        "pictures smaller."
    )


def _cut(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """In pieces of at most CHUNK bytes."""
    for piece in pieces:
        for start in range(0, len(piece), CHUNK):
            yield piece[start : start + CHUNK]


def _tidy(name: str) -> str:
    """The last part of the path, without control characters; the end is kept, since it names the format."""
    plain = re.sub(r"[\x00-\x1f\x7f]", " ", PurePath(name.replace("\\", "/")).name).strip() or "file.txt"
    return plain[-255:]
