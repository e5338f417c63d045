"""Reads the files of a run, one article at a time, each in a transaction of its own.

May be stopped at any moment and run again: an article that is there is not read a second time, since its file and
its place in the file name it. A file that cannot be read fails alone.
"""

import hashlib
import itertools
import logging
import time
from collections.abc import Iterator
from pathlib import PurePath

from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import Locale

from articles.errors import DomainError
from articles.intake.beside import is_beside
from articles.intake.formats import read_manuscripts, title_from_name
from articles.intake.models import ImportedArticle, ImportedPicture, ImportFile, ImportRun, TaughtHeading
from articles.intake.outline import Manuscript, Origin, Taught
from articles.intake.outline_json import blocks_json, origin_json, outline_json
from articles.intake.recognize.classify import outline
from articles.intake.runs import mapping
from articles.intake.runs.earlier import note_earlier
from articles.intake.runs.legacy import path_of
from articles.intake.runs.linking import links_of
from articles.intake.runs.sent import keep_pictures, renew_drafts
from articles.intake.runs.summary import MOST, describe, note_headings
from articles.intake.states import ArticleState, FileState
from articles.record.vocabulary import Aspect, SectionKind

logger = logging.getLogger(__name__)

AT_LEAST = 50  # articles of one call, however slow: reading on begins by parsing the file again
IN_VETTED = "The import failed because of an error in Vetted. Report it, and send the file along."
UNSTORABLE = "The text contains characters that cannot be stored. Save it again as UTF-8, then import it."
EMPTY = "The file contains no article."
NO_PICTURES = "The ZIP file contains no pictures. Add the texts to the import one by one, or as an export."


def read_some(run: ImportRun, *, seconds: float) -> bool:
    """Read the next articles of the run, for about so long. Whether there are more."""
    until = time.monotonic() + seconds
    if any(not _read_file(file, until) for file in run.files.filter(state=FileState.WAITING)):
        return True
    renew_drafts(run)
    return False


def _read_file(file: ImportFile, until: float) -> bool:
    """Whether the file is done, read or failed; False if the time was up before."""
    data = b"".join(bytes(chunk) for chunk in file.chunks.values_list("data", flat=True))
    known = set(file.articles.values_list("position", flat=True))
    place = len(known)
    try:
        if is_beside(file.name):
            _end(file, "" if keep_pictures(file, data) else NO_PICTURES, place)
            return True
        _note_size(file, data)
        for count, is_up in _stored(file, data, known, until):
            place = count
            if is_up:
                return False
        _end(file, "" if place else EMPTY, place)
    except DomainError as error:
        _end(file, in_the_admin(error.detail), place)
    except Exception:  # the edge of a worker: the other files go on
        logger.exception("Reading file %s of import %s failed", file.pk, file.run_id)
        _end(file, IN_VETTED, place)
    return True


def _note_size(file: ImportFile, data: bytes) -> None:
    """About how many articles there are, for the progress bar: an export has an <item> for each."""
    expected = max(1, data.count(b"<item>"))
    if expected != file.expected:
        file.expected = expected
        file.save(update_fields=["expected"])


def _stored(file: ImportFile, data: bytes, known: set[int], until: float) -> Iterator[tuple[int, bool]]:
    """Stores each article that is not there yet: (how many the file had so far, whether the time is up)."""
    count = 0
    begun = next(position for position in itertools.count() if position not in known)
    unread = read_manuscripts(data, file.name, file.run.format, skip=begun)
    for position, manuscript in enumerate(unread, start=begun):
        if position not in known:
            store(file, position, manuscript)
            count += 1
        yield position + 1, count >= AT_LEAST and time.monotonic() >= until


@transaction.atomic
def _end(file: ImportFile, problem: str, place: int) -> None:
    """The file is read to its end, or as far as it can be; its bytes are needed no more."""
    if problem:
        fail_file(file, problem, position=place)
    else:
        file.state = FileState.READ
        file.save(update_fields=["state"])
    file.chunks.all().delete()


def in_the_admin(detail: str) -> str:
    """A message of the readers without the option of the command line that it may name."""
    return detail.replace("use --format", "choose the kind of file when you start the import")


def fail_file(file: ImportFile, problem: str, *, position: int = 0) -> None:
    """The file could not be read, or only up to here: a row of the table says why."""
    file.state = FileState.FAILED
    file.save(update_fields=["state"])
    row = {"run_id": file.run_id, "language": file.run.language, "title": file.name, "sha256": "", "original": b""}
    row |= {"state": ArticleState.FAILED, "problem": problem}
    ImportedArticle.objects.get_or_create(file=file, position=position, defaults=row)


def store(file: ImportFile, position: int, manuscript: Manuscript) -> None:
    """Read one article into its row. Whatever is wrong with it is said in the row, and the next one is read."""
    article = _row(file, position, manuscript)
    try:
        _save(article, manuscript)
    except DomainError as error:
        _fail(article, error.detail)
    except (DatabaseError, ValueError):
        logger.exception("Article %s of file %s cannot be stored", position, file.pk)
        _fail(article, UNSTORABLE)
    except Exception:  # the edge of a worker: the other articles go on
        logger.exception("Article %s of file %s failed", position, file.pk)
        _fail(article, IN_VETTED)


def _row(file: ImportFile, position: int, manuscript: Manuscript) -> ImportedArticle:
    origin, original = manuscript.origin, manuscript.original
    return ImportedArticle(
        run=file.run,
        file=file,
        position=position,
        origin=origin_json(origin),
        key=origin.key[:500],
        address=path_of(origin.address),
        original=original,
        sha256=hashlib.sha256(original).hexdigest(),
        language=language_of(origin, file.run),
        title=title_from_name(PurePath(file.name).stem)[:MOST],
    )


@transaction.atomic
def _save(article: ImportedArticle, manuscript: Manuscript) -> None:
    ImportRun.objects.filter(pk=article.run_id).update(beat_at=timezone.now())
    if ImportedArticle.objects.filter(file=article.file_id, position=article.position).exists():
        return  # another worker was faster
    if manuscript.error:
        article.state, article.problem = ArticleState.FAILED, manuscript.error
        article.save()
        return
    read = outline(manuscript.blocks, language=article.language, taught=taught_in(article.language))
    article.blocks, article.outline = blocks_json(manuscript.blocks), outline_json(read)
    article.warnings = [*manuscript.warnings, *_about_language(article), *read.warnings]
    article.shortcodes = sorted(mapping.shortcodes_in(manuscript.blocks))
    article.links = links_of(manuscript.blocks, manuscript.origin)
    describe(article, read)
    note_earlier(article)
    article.save()
    note_headings(article, read)
    ImportedPicture.objects.bulk_create(
        ImportedPicture(article=article, name=picture.name[:1000], data=picture.data) for picture in manuscript.pictures
    )


def _fail(article: ImportedArticle, problem: str) -> None:
    row = ImportedArticle(run=article.run, file=article.file, position=article.position, language=article.language)
    row.title = "".join(sign for sign in article.title if sign.isprintable())[:MOST]
    row.state, row.problem = ArticleState.FAILED, problem
    with transaction.atomic():
        if not ImportedArticle.objects.filter(file=article.file_id, position=article.position).exists():
            row.save()


def taught_in(language: str) -> dict[str, Taught]:
    """{key of a heading: the kind that an editor gave it} in this language."""
    rows = TaughtHeading.objects.filter(language=language).values_list("key", "kind", "aspect")
    return {key: Taught(SectionKind(kind), Aspect(aspect) if aspect else None) for key, kind, aspect in rows}


def language_of(origin: Origin, run: ImportRun) -> str:
    """The language that the file states, if the site has it; otherwise that of the run."""
    stated = origin.language.lower().replace("_", "-")
    codes = {code.lower(): code for code in Locale.objects.values_list("language_code", flat=True)}
    return codes.get(stated) or codes.get(stated.partition("-")[0]) or run.language


def _about_language(article: ImportedArticle) -> Iterator[str]:
    stated, run = str(article.origin.get("language", "")), article.run.language
    if stated and article.language != run:
        yield f"The file says that its language is “{stated}”, so the draft will be in that language."
    elif stated and stated.lower().partition("-")[0] != run.lower().partition("-")[0]:
        yield f"The file says that its language is “{stated}”, which this site does not have. Check the language."
