"""Do readers get what the record says? These rows can be rebuilt, so each finding says how."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from articles.record.delivery import publications
from articles.record.ledger.finding import UNREADABLE, Finding, Walk
from articles.record.models import ComponentPublication, Edition, Event, Publication
from articles.record.site import this_site
from articles.record.vocabulary import SERVED, EventKind, PublicationState

MEND = "Run `manage.py recompose`."
RESTORE = "Publish or withdraw it again, or take the row from a backup."


def check_publication(row: Publication, walk: Walk) -> Iterator[Finding]:
    """A published article's stored bodies are composed once more and compared, byte for byte."""
    place = f"publication of article {row.article}"
    edition, problem = _rests(row, row.article, walk)
    if problem:
        yield Finding("publication_differs", place, f"{problem} {RESTORE}")
    elif edition and row.state in SERVED:
        if row.published_at != edition.published_at:
            yield Finding("publication_differs", place, f"Its date is not that of edition {row.edition}. {MEND}")
        yield from _check_bodies(row, place)


def check_component(row: ComponentPublication, walk: Walk) -> Iterator[Finding]:
    place = f"publication of {row.kind} {row.component}"
    edition, problem = _rests(row, row.component, walk)
    if not problem and edition:
        said = (edition.subject_kind, edition.digests.get(row.kind), edition.published_at)
        problem = "" if said == (row.kind, row.digest, row.published_at) else f"Edition {row.edition} says otherwise."
    if problem:
        yield Finding("publication_differs", place, f"{problem} {RESTORE}")


def _rests(row: Any, subject: UUID, walk: Walk) -> tuple[Edition | None, str]:
    """The latest edition, and what is wrong with how the row stands on it."""
    if not Event.objects.filter(number=row.event, subject=subject).exists():
        return None, f"It names event {row.event}, which is not there or of something else."
    if row.event > walk.number:
        return None, ""  # written while we were reading; the next run checks it
    edition = Edition.objects.filter(subject=subject).order_by("-number").first()
    if edition is None or row.edition != edition.number:
        return None, f"It names edition {row.edition}, and the latest is {edition.number if edition else 'none'}."
    taken_back = walk.standing.get(subject) == EventKind.WITHDRAWN
    if taken_back != (row.state == PublicationState.WITHDRAWN):
        return None, f"It is “{row.state}”, and the ledger's last word is “{walk.standing.get(subject)}”."
    return edition, ""


def _check_bodies(row: Publication, place: str) -> Iterator[Finding]:
    try:
        _, composed = publications.current(row.article, filing=row.filing, site=this_site(), now=row.composed_at)
    except UNREADABLE as error:
        message = f"It cannot be composed from the record ({type(error).__name__}: {error})."
        yield Finding("publication_differs", place, f"{message} {RESTORE}")
        return
    if not publications.is_as_stored(row, composed):
        yield Finding("publication_differs", place, f"What readers get is not what the record composes. {MEND}")
