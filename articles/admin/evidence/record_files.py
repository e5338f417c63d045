"""What a pack shows of the record: the signed documents, the sign-offs, and the ledger's lines with their chain."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from articles.admin.evidence.moment import Live
from articles.authoring.components import Disclaimer, Offer
from articles.record.canonical import exact_bytes
from articles.record.delivery.notices import standing_notices
from articles.record.documents import read_document
from articles.record.events import line_of
from articles.record.ledger import related_events
from articles.record.models import Document, Edition, Event, SignOff
from articles.record.standing import is_clinicians
from articles.record.vocabulary import EventKind, Scope, SubjectKind

Json = dict[str, Any]


@dataclass(frozen=True)
class Exhibit:
    """A signed document: `name` is its file's, `why` says what it has to do with the question."""

    name: str
    why: str
    digest: str
    content: bytes

    @property
    def value(self) -> Json | None:
        """What it says; None where it was erased, or cannot be read."""
        try:
            return read_document(self.content)
        except ValueError:
            return None


def exhibits_of(live: Live) -> list[Exhibit]:
    """The edition's parts, what stood beside them, the notices above, and earlier texts that its review rests on."""
    wanted = [
        (part, f"{part} part of edition {live.edition.number}", digest) for part, digest in live.edition.digests.items()
    ]
    for row in grounds(live):
        digest = row.digests["medical"]
        if digest != live.edition.digests["medical"]:
            wanted.append(
                (
                    f"medical-edition-{row.number}",
                    f"medical part of edition {row.number}, which the review rests on",
                    digest,
                )
            )
    names = component_names(live)
    for key, row in live.components.items():
        why = f"{row.subject_kind} “{names.get(key, key)}” beside it, edition {row.number}"
        wanted.append((f"{row.subject_kind}-{key}", why, row.digests[row.subject_kind]))
    for line in standing_notices(live.past):
        wanted.append((f"notice-{line.data['notice']}", "safety notice that stood above it", line.data["digest"]))
    stored = {row.digest: bytes(row.content) for row in Document.objects.filter(digest__in=[row[2] for row in wanted])}
    return [Exhibit(name, why, digest, stored.get(digest, b"")) for name, why, digest in wanted]


def component_names(live: Live) -> dict[str, str]:
    """As the library calls them now; a component that was deleted since has its id alone."""
    rows = (row for model in (Offer, Disclaimer) for row in model.objects.filter(component_id__in=live.components))
    return {str(row.component_id): row.name for row in rows}


def grounds(live: Live) -> list[Edition]:
    """Earlier editions that the review rests on: the one whose words clinicians signed, back to one signed whole."""
    editions = {row.number: row for row in live.past.editions}
    row, found = live.rests_on or live.edition, []
    while True:
        if row.number != live.edition.number:
            found.append(row)
        rows = [live.past.signoffs[key] for key in row.signoffs if key in live.past.signoffs]
        partial = any(is_clinicians(given) and given.scope == Scope.CHANGES for given in rows)
        if live.reaffirmed or not partial or row.number - 1 not in editions:
            return found
        before = editions[row.number - 1]
        row = editions.get(before.review.get("rests_on", before.number), before)


def signoffs_of(live: Live) -> list[tuple[SignOff, str]]:
    """(sign-off, what it is for): the edition's own first, each in the order in which they were given."""
    found, names = dict[int, str](), component_names(live)
    for key, row in live.components.items():
        found |= dict.fromkeys(
            row.signoffs, f"{row.subject_kind} “{names.get(key, key)}” beside it, edition {row.number}"
        )
    for line in standing_notices(live.past):
        if isinstance(line.data.get("signoff"), int):
            found[line.data["signoff"]] = f"safety notice {line.data['notice']}"
    for row in grounds(live):
        found |= dict.fromkeys(row.signoffs, f"edition {row.number}, which the review rests on")
    if live.reaffirmed:
        found |= dict.fromkeys(live.reaffirmed.data.get("signoffs", ()), "the re-affirmation of this edition")
    found |= dict.fromkeys(live.edition.signoffs, f"edition {live.edition.number}")
    rows = SignOff.objects.filter(pk__in=found).order_by("event")
    own = set(live.edition.signoffs)
    return [(row, found[row.pk]) for row in sorted(rows, key=lambda row: row.pk not in own)]


def lines_of(article: UUID) -> list[Event]:
    """Every line about the article and what it ever showed, cited or stood under, and changes of policies since."""
    about = related_events.lines_about(article)
    since = Event.objects.filter(number__gt=about[0].number, subject_kind=SubjectKind.POLICY)
    found = {line.number: line for line in [*about, *since.filter(kind=EventKind.POLICY_CHANGED)]}
    return [found[number] for number in sorted(found)]


def chain_of(full: Iterable[Event], head: int) -> Iterator[bytes]:
    """The ledger from the first of these lines to the head: these in full, those between by their hashes alone."""
    shown = {line.number: line for line in full}
    between = Event.objects.filter(number__gte=min(shown), number__lte=head).order_by("number")
    for number, previous, own in between.values_list("number", "previous_hash", "hash").iterator():
        link = {"number": number, "previous_hash": previous, "hash": own}
        yield exact_bytes(line_of(shown[number]) | {"hash": own} if number in shown else link)
