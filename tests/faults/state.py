"""The whole state as one value, and the rules that hold after any crash or race."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from articles.authoring.models import ArticlePage
from articles.record.models import Publication, Rendition
from tests.pipeline.test_histories import require_signed, require_whole_ledger

WATCHED = ("record", "articles", "wagtailcore")
PREPARED = {"articles_imagerendition"}  # made before the transaction


def fingerprint() -> str:
    """Changes when any row of the record, the articles or Wagtail's pages, revisions and workflows does."""
    mark = hashlib.sha256()
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in WATCHED and model._meta.db_table not in PREPARED:
                _add(mark, cursor, model._meta)
    return mark.hexdigest()


def _add(mark, cursor, meta) -> None:
    columns = ", ".join(f'"{field.column}"' for field in meta.local_concrete_fields)
    cursor.execute(f'SELECT {columns} FROM "{meta.db_table}" ORDER BY "{meta.pk.column}"')
    for row in cursor.fetchall():
        mark.update(repr([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]).encode())


def require_sound() -> None:
    """Everything that readers get is signed, Wagtail agrees, the ledger is whole."""
    for page in ArticlePage.objects.all():
        require_signed(page.article_id)
        row = Publication.objects.filter(article=page.article_id).first()
        assert page.live == (row is not None and row.state == "published")
    require_whole_ledger()


def orphan_files() -> set[str]:
    """Image files of readers that no row of the record names."""
    folder = Path(settings.EDITION_FILES_ROOT)
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    return found - set(Rendition.objects.values_list("path", flat=True))
