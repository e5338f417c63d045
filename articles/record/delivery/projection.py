"""Writes the published state of an article or a component from the append-only part of the record.

An act appends its event and then calls `write` in the same transaction. From the event on the ledger is locked, so this
module reads everything that was committed before.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Model

from articles.record.delivery import rows
from articles.record.delivery.loading import Record, load
from articles.record.delivery.project import project, shared
from articles.record.delivery.rows import OWNED, SHARED, Difference
from articles.record.models import ComponentPublication, Event, Publication
from articles.record.site import this_site


def write(*subjects: UUID, now: datetime) -> None:
    """Make the rows of these articles and components match the record at `now`."""
    record = load(subjects)
    for subject in subjects:
        rows.write(differences(record, subject, now=now))


def write_shared(*events: Event) -> None:
    """Write the rows that belong to all articles together, as these new events name them."""
    rows.write(_shared_differences(list(shared(events).values())))


def differences(record: Record, subject: UUID, *, now: datetime) -> list[Difference]:
    """Between what is stored and what is projected. Topics and pictures only grow here; `recompose` removes them."""
    wanted = project(record, subject, site=this_site(), now=now)
    return [*owned_differences([subject], wanted), *_shared_differences(wanted)]


def owned_differences(subjects: Collection[UUID], wanted: Iterable[Model]) -> Iterator[Difference]:
    """Among the rows that belong to these subjects alone."""
    wanted = list(wanted)
    kinds = {isinstance(row, ComponentPublication) for row in wanted if type(row) in OWNED} or {True, False}
    for model, owner in OWNED.items():
        if (model is ComponentPublication) in kinds:
            mine = [row for row in wanted if isinstance(row, model)]
            yield from rows.compare(model, mine, rows.read(model, {owner: subjects}))


def _shared_differences(wanted: Iterable[Model]) -> Iterator[Difference]:
    """A topic or a picture that a later event of another article names is that article's to write."""
    for model in SHARED:
        mine = [row for row in wanted if isinstance(row, model)]
        first = rows.key_columns(model)[0]
        stored = rows.read(model, {first: {getattr(row, first) for row in mine}})
        for found in rows.compare(model, mine, stored):
            if found.wanted and not (found.stored and _is_later(found.stored.cells["event"], found.wanted.event)):  # type: ignore[attr-defined]
                yield found


def make_room(found: Iterable[Difference]) -> None:
    """Delete publications of others that hold an address which is to be written: only SQL can have put them there."""
    for item in found:
        row = item.wanted
        if isinstance(row, Publication) and (item.stored is None or {"locale", "slug"} & set(item.columns)):
            Publication.objects.filter(locale=row.locale, slug=row.slug).exclude(article=row.article).delete()


def _is_later(event: object, number: int) -> bool:
    return isinstance(event, int) and event > number
