"""Imports a file: bytes -> outline -> draft -> report entry. A failure is reported, never raised."""

import hashlib
import logging
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.models import Locale, Page

from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.intake.drafting import create_draft, find_draft
from articles.intake.formats import AUTO, read_manuscripts
from articles.intake.outline import Outline
from articles.intake.recognize.classify import outline
from articles.intake.report import entry

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Destination:
    """The place, language and owner of new drafts."""

    parent: Page
    locale: Locale
    by: AbstractBaseUser | None = None


def import_file(path: Path, *, to: Destination, format_name: str = AUTO, dry_run: bool = False) -> dict[str, Any]:
    """The report entry of one file; `status` is the result. A draft is made unless `dry_run`."""
    started = time.perf_counter()
    try:
        told = _imported(path, to, format_name, dry_run)
    except (DomainError, OSError, ValidationError) as error:
        told = {"status": "failed", "error": _message(error)}
    except Exception:  # the edge of a worker: the other files go on
        logger.exception("Import of %s failed", path)
        told = {
            "status": "failed",
            "error": "The import failed because of an error in Vetted; see the log. Report the error with the file.",
        }
    return entry(path=str(path), seconds=time.perf_counter() - started, **told)


def _imported(path: Path, to: Destination, format_name: str, dry_run: bool) -> dict[str, Any]:
    data = _read(path)
    content_hash = hashlib.sha256(data).hexdigest()
    (manuscript,) = read_manuscripts(data, path.name, format_name)
    read = outline(manuscript.blocks)
    title = read.title or _title_from_name(path)
    page, is_new = _drafted(read, title, content_hash, path, to, dry_run)
    status = "would-create" if page is None else "created" if is_new else "unchanged"
    return {"status": status, "outline": read, "title": title, "page": _described(page) if page else None}


def _read(path: Path) -> bytes:
    return path.read_bytes()


def _title_from_name(path: Path) -> str:
    name = path.stem.replace("-", " ").replace("_", " ").strip().capitalize()
    return name if re.search(r"\w", name) else "Untitled"


def _drafted(
    read: Outline, title: str, content_hash: str, path: Path, to: Destination, dry_run: bool
) -> tuple[ArticlePage | None, bool]:
    if dry_run:
        return find_draft(content_hash), False
    return create_draft(
        outline=read,
        title=title,
        content_hash=content_hash,
        path=str(path),
        parent=to.parent,
        locale=to.locale,
        by=to.by,
    )


def _described(page: ArticlePage) -> dict[str, Any]:
    """{id, article_id, slug, edit_url}."""
    edit_url = settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_pages:edit", args=[page.pk])
    return {"id": page.pk, "article_id": str(page.article_id), "slug": page.slug, "edit_url": edit_url}


def _message(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return f"{error.strerror}." if isinstance(error, OSError) and error.strerror else str(error)
