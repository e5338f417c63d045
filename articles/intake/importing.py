"""Imports a file: bytes -> outline -> draft -> report entry. A failure is reported, never raised."""

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Locale, Page

from articles.authoring.models import ArticlePage
from articles.errors import DomainError, Unreadable
from articles.intake.beside import find_beside, without_picture
from articles.intake.drafting import create_draft, find_draft, missing_pictures
from articles.intake.formats import AUTO, read_manuscripts, title_from_name
from articles.intake.outline import Manuscript, Outline, Picture
from articles.intake.recognize.classify import outline
from articles.intake.report import entry

T = TypeVar("T")
MAX_BYTES = 200_000_000  # of any file; readers have limits of their own

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Destination:
    """The place, language and owner of new drafts. `beside`: see `beside.in_folder`."""

    parent: Page
    locale: Locale
    by: AbstractBaseUser | None = None
    beside: Mapping[str, Mapping[str, Path]] = field(default_factory=dict)


def import_articles(
    path: Path, *, to: Destination, format_name: str = AUTO, dry_run: bool = False
) -> Iterator[dict[str, Any]]:
    """A report entry for each article of the file; `status` is the result. Drafts are made unless `dry_run`."""
    started = time.perf_counter()
    for make in _steps(path, to, format_name, dry_run):
        yield entry(path=str(path), **make(), seconds=time.perf_counter() - started)
        started = time.perf_counter()


def import_file(path: Path, *, to: Destination, format_name: str = AUTO, dry_run: bool = False) -> dict[str, Any]:
    """The report entry of a file with one article; of other files, that of the first."""
    return next(import_articles(path, to=to, format_name=format_name, dry_run=dry_run))


def _steps(path: Path, to: Destination, format_name: str, dry_run: bool) -> Iterator[Callable[[], dict[str, Any]]]:
    """One step for each article. Where the file cannot be read on, the last step tells why."""
    manuscripts: Iterator[Manuscript] = iter(())

    def start() -> Manuscript | None:
        nonlocal manuscripts
        manuscripts = read_manuscripts(_read(path), path.name, format_name)
        return next(manuscripts, None)

    manuscript, failure = _guarded(start, path)
    while manuscript is not None:
        found = manuscript

        def make(found: Manuscript = found) -> dict[str, Any]:
            told, failed = _guarded(lambda: import_manuscript(found, path, to=to, dry_run=dry_run), path)
            return told or {**(failed or {}), "origin": found.origin, "warnings": found.warnings}

        yield make
        manuscript, failure = _guarded(lambda: next(manuscripts, None), path)
    if failure:
        yield lambda: failure


def _guarded(step: Callable[[], T], path: Path) -> tuple[T | None, dict[str, Any] | None]:
    """(what the step gives, None), or (None, how it failed)."""
    try:
        return step(), None
    except (DomainError, OSError, ValidationError) as error:
        return None, {"status": "failed", "error": _message(error)}
    except Exception:  # the edge of a worker: the other files go on
        logger.exception("Import of %s failed", path)
        return None, {
            "status": "failed",
            "error": "The import failed because of an error in Vetted; see the log. Report the error with the file.",
        }


def import_manuscript(manuscript: Manuscript, path: Path, *, to: Destination, dry_run: bool = False) -> dict[str, Any]:
    """What the report says of one article: {status, outline, title, page, origin, warnings}, or its `error`.

    Raises Unreadable, or ValidationError if Wagtail refuses the page.
    """
    told = {"origin": manuscript.origin, "warnings": manuscript.warnings}
    if manuscript.error:
        return told | {"status": "failed", "error": manuscript.error}
    read = outline(manuscript.blocks, language=manuscript.origin.language)
    manuscript = replace(manuscript, pictures=(*manuscript.pictures, *_beside(read, manuscript, to.beside)))
    title = read.title or title_from_name(manuscript.origin.slug or path.stem)
    content_hash = hashlib.sha256(manuscript.original).hexdigest()
    page, is_new = _drafted(read, title, content_hash, path, to, manuscript, dry_run)
    status = "would-create" if page is None else "created" if is_new else "unchanged"
    warnings = (*manuscript.warnings, *missing_pictures(read, manuscript.pictures))
    if page is not None and is_new:
        warnings = tuple(page.intake["warnings"])
    return told | {
        "status": status,
        "outline": read,
        "title": title,
        "page": _described(page) if page else None,
        "warnings": warnings,
    }


def _beside(read: Outline, manuscript: Manuscript, files: Mapping[str, Mapping[str, Path]]) -> Iterator[Picture]:
    for address, file in find_beside(without_picture(read, manuscript.pictures), files).items():
        yield Picture(address, file.read_bytes())


def _read(path: Path) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise Unreadable(f"The file has more than {MAX_BYTES / 1e6:.0f} MB. Split it into smaller files.")
    return path.read_bytes()


def _drafted(
    read: Outline,
    title: str,
    content_hash: str,
    path: Path,
    to: Destination,
    manuscript: Manuscript,
    dry_run: bool,
) -> tuple[ArticlePage | None, bool]:
    if dry_run:
        return find_draft(content_hash, manuscript.origin.key), False
    return create_draft(
        outline=read,
        title=title,
        content_hash=content_hash,
        path=str(path),
        parent=to.parent,
        locale=to.locale,
        by=to.by,
        manuscript=manuscript,
    )


def _described(page: ArticlePage) -> dict[str, Any]:
    """{id, article_id, slug, edit_url}."""
    edit_url = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])
    return {"id": page.pk, "article_id": str(page.article_id), "slug": page.slug, "edit_url": edit_url}


def _message(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{error.strerror}." if isinstance(error, OSError) and error.strerror else str(error)
