"""Do readers get what the record says? Every row and column that delivery reads is projected anew and compared.

Missing and surplus rows are found too, and the bytes of every picture file.
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
RECORD_FIRST = "Mend the record first, or take it from a backup; recomposing now would spread what is wrong in it."
BATCH = 100


def check(walk: Walk, *, is_sound: bool) -> Iterator[Finding]:
    """`is_sound`: nothing was found in the append-only part, so that what derives from it can be written anew."""
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
            found = _compared(load([subject]), subject, walk)  # somebody may have written meanwhile
    except (DomainError, *UNREADABLE) as error:
        yield _unprojected(subject, error)
        return
    yield from (_finding(item, advice) for item in found)


def _compared(record: Record, subject: UUID, walk: Walk) -> list[Difference]:
    """Nothing where an event that came after the start of this run is in it: the next run looks at that."""
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
    """Whether all that differs is that something which it links to was composed anew after it, which changed nothing
    that it shows: `publish_due` looks at it once (delivery.laggards) and notes that."""
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
    """Whether it was first published after this run began."""
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
    """The files themselves: the record holds their digests, and the uploaded pictures that they were made from."""
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
        return Finding("row_surplus", item.place, f"The record says nothing of this row. {advice}")
    if item.stored is None:
        return Finding("row_missing", item.place, f"The record says that there is such a row. {advice}")
    return Finding("row_differs", item.place, f"The record says otherwise on: {', '.join(item.columns)}. {advice}")


def _unprojected(subject: UUID, error: Exception) -> Finding:
    message = f"What readers get cannot be computed from the record ({type(error).__name__}: {error}). {RECORD_FIRST}"
    return Finding("not_projected", f"publication {subject}", message)
