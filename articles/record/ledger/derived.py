"""Verifies that readers get what the record says: projects every row that delivery reads again, and compares it.

Also finds missing and surplus rows, and checks the bytes of every picture file.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model

from articles.errors import DomainError
from articles.record.delivery import projection, rows
from articles.record.delivery.loading import Record, load
from articles.record.delivery.project import project
from articles.record.delivery.rows import OWNED, SHARED, Difference
from articles.record.ledger.finding import UNREADABLE, Finding, Walk
from articles.record.models import ComponentPublication, Edition, Event, Publication, Rendition
from articles.record.site import this_site
from articles.record.vocabulary import SubjectKind

RECOMPOSE = "Run `manage.py recompose`."
RECORD_FIRST = "Repair the record first, or restore it from a backup. Recomposing now would spread its errors."
BATCH = 100


def check(walk: Walk, *, is_sound: bool) -> Iterator[Finding]:
    """`is_sound`: there are no findings in the append-only part, so the derived rows can be rewritten from it."""
    advice = RECOMPOSE if is_sound else RECORD_FIRST
    subjects = sorted(walk.subjects)
    for start in range(0, len(subjects), BATCH):
        yield from _check_batch(subjects[start : start + BATCH], walk, advice)
    walk.checked["rows"] = sum(model._default_manager.count() for model in rows.TABLES)
    yield from _check_strays(walk, advice)
    yield from _check_shared(walk, advice)
    yield from _check_pictures(walk, advice)


def _check_batch(subjects: Sequence[UUID], walk: Walk, advice: str) -> Iterator[Finding]:
    try:
        record = load(subjects)
    except UNREADABLE as error:
        if len(subjects) > 1:
            for subject in subjects:
                yield from _check_batch([subject], walk, advice)
        else:
            yield _unprojected(subjects[0], error)
        return
    for subject in subjects:
        yield from _check_subject(record, subject, walk, advice)


def _check_subject(record: Record, subject: UUID, walk: Walk, advice: str) -> Iterator[Finding]:
    walk.checked["publications"] += 1
    try:
        if found := _compared(record, subject, walk):
            found = _compared(load([subject]), subject, walk)  # the record may have grown meanwhile
    except (DomainError, *UNREADABLE) as error:
        yield _unprojected(subject, error)
        return
    yield from (_finding(item, advice) for item in found)


def _compared(record: Record, subject: UUID, walk: Walk) -> list[Difference]:
    """The differences of a subject; none if it has events from after the start of this run, left to the next run."""
    wanted = [
        row
        for row in project(record, subject, site=this_site(), now=record.events[subject][-1].at)
        if type(row) in OWNED
    ]
    head = [row for row in wanted if hasattr(row, "event")]
    if any(max(row.event, getattr(row, "read_to", 0)) > walk.number for row in head):
        return []
    return [item for item in projection.owned_differences([subject], wanted) if not _is_to_be_looked_at(item)]


def _is_to_be_looked_at(item: Difference) -> bool:
    """Whether the row differs only in `read_to`: something that it links to was recomposed later, without an effect on
    it. `publish_due` settles such rows (delivery.laggards)."""
    if item.columns != ("read_to",) or not isinstance(item.wanted, Publication) or item.stored is None:
        return False
    read_to = item.stored.cells["read_to"]
    return isinstance(read_to, int) and read_to < item.wanted.read_to


def _check_strays(walk: Walk, advice: str) -> Iterator[Finding]:
    for model in OWNED:
        is_component = model is ComponentPublication
        owners = [key for key, kind in walk.subjects.items() if (kind != SubjectKind.ARTICLE) == is_component]
        for row in rows.strays(model, owners):
            if not _is_new(row.cells[OWNED[model]], walk):
                yield _finding(Difference(model, None, row), advice)


def _is_new(owner: Any, walk: Walk) -> bool:
    """Whether the subject was first published after the start of this run."""
    try:
        return Edition.objects.filter(subject=UUID(str(owner)), event__gt=walk.number).exists()
    except ValueError:
        return False


def _check_shared(walk: Walk, advice: str) -> Iterator[Finding]:
    for model in SHARED:
        wanted = [row for row in walk.shared.values() if isinstance(row, model)]
        for item in rows.compare(model, wanted, rows.read(model)):
            if not (item.stored and _is_later(item.stored.cells["event"], walk)):
                yield _finding(item, advice)


def _is_later(event: Any, walk: Walk) -> bool:
    is_number = isinstance(event, int) and event > walk.number
    return is_number and Event.objects.filter(number=event).exists()


def _check_pictures(walk: Walk, advice: str) -> Iterator[Finding]:
    """Check the picture files against the digests in the record."""
    for row in _pictures(walk.shared.values()):
        walk.checked["pictures"] += 1
        place = f"picture {row.path}"
        try:
            content = (Path(settings.EDITION_FILES_ROOT) / row.path).read_bytes()
        except OSError as error:
            yield Finding("picture_gone", place, f"Its file cannot be read ({type(error).__name__}). {advice}")
            continue
        if f"sha-256:{hashlib.sha256(content).hexdigest()}" != row.sha256:
            yield Finding("picture_changed", place, f"Its file is not the one that was published. {advice}")


def _pictures(found: Iterable[Model]) -> Iterator[Rendition]:
    return (row for row in found if isinstance(row, Rendition))


def _finding(item: Difference, advice: str) -> Finding:
    if item.wanted is None:
        return Finding("row_surplus", item.place, f"The record has no such row. {advice}")
    if item.stored is None:
        return Finding("row_missing", item.place, f"The row is in the record, but not in the table. {advice}")
    return Finding("row_differs", item.place, f"It differs from the record in: {', '.join(item.columns)}. {advice}")


def _unprojected(subject: UUID, error: Exception) -> Finding:
    message = f"It cannot be computed from the record ({type(error).__name__}: {error}). {RECORD_FIRST}"
    return Finding("not_projected", f"publication {subject}", message)
