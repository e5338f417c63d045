"""Deletes published image files that no publication recorded, because a crash came between making and recording."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from articles.record.models import Event, Rendition
from articles.record.vocabulary import EventKind

AGE = timedelta(hours=1)  # newer files may belong to a publication in progress


def sweep(*, now: datetime | None = None) -> list[str]:
    """Delete stray files older than an hour, including incomplete ones. Returns their paths, in order.

    Folders stay: another machine may be about to write into one.
    """
    root = Path(settings.EDITION_FILES_ROOT)
    before = ((now or timezone.now()) - AGE).timestamp()
    found = list(_files(root))
    named = set(Rendition.objects.values_list("path", flat=True))  # after the listing: a row made meanwhile counts
    strays = [path for path in found if path not in named]
    kept = _recorded() if strays else set()  # the rows can be lost; the record cannot
    return [path for path in strays if path not in kept and _remove(root / path, before)]


def _recorded() -> set[str]:
    published = Event.objects.filter(kind=EventKind.PUBLISHED).values_list("data", flat=True)
    return {made["path"] for data in published.iterator() for made in data.get("renditions", ())}


def _files(root: Path) -> Iterator[str]:
    yield from sorted(str(file.relative_to(root)) for file in root.rglob("*") if file.is_file())


def _remove(file: Path, before: float) -> bool:
    """Whether this run removed it."""
    try:
        if file.stat().st_mtime >= before:
            return False
        file.unlink()
    except FileNotFoundError:
        return False
    return True
