"""What readers got of an article at a moment, from the ledger alone: the edition, what stood beside it, who vouched.

Nothing of what is rebuildable is read: publications say what is now, and the ledger says what was.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from articles.errors import DomainError
from articles.record import history
from articles.record.delivery.clock import Grace, is_withheld
from articles.record.ledger import related_events
from articles.record.ledger.sentences import actor_name, moment, sentence
from articles.record.models import Edition, Event
from articles.record.standing import History, Standing, anchor_of, stand
from articles.record.vocabulary import EventKind, SubjectKind

Json = dict[str, Any]
Known = Callable[[int, datetime], bool]  # whether a line of this number and time had been written
SILENT = (EventKind.SUBMITTED, EventKind.SIGNED, EventKind.SCHEDULED, EventKind.REFUSED)  # they compose nothing anew


class NothingLive(DomainError):
    """Readers got nothing at that moment; the message says what happened instead."""

    code = "nothing-live"
    title = "Readers got nothing of this article then."


@dataclass(frozen=True)
class Live:
    """What was live, and what it rested on, as known at that moment.

    components  {id: edition}, what stood beside the text
    rests_on    the edition whose medical text clinicians signed, where this one changed no meaning; else None
    reaffirmed  the line by which the same text was reviewed again, if any
    """

    article: UUID
    at: datetime
    edition: Edition
    previous: Edition | None
    rests_on: Edition | None
    published: Event
    filing: Json
    components: dict[str, Edition]
    reaffirmed: Event | None
    past: History
    standing: Standing

    @property
    def grace(self) -> Grace:
        return Grace(self.standing.grace_ends_at, self.standing.after_grace)


def live_at(article: UUID, at: datetime, *, upto: int | None = None) -> Live:
    """What was live at the moment; with `upto`, right after that line. Raises NothingLive."""
    every = list(Event.objects.filter(subject=article).order_by("number"))

    def is_known(number: int, moment: datetime) -> bool:
        return moment <= at and (upto is None or number <= upto)

    known = [line for line in every if is_known(line.number, line.at)]
    published = _standing_line(known, every, at)
    past = _past(article, is_known, published)
    edition, standing = past.editions[-1], stand(past)
    _require_not_withheld(standing, at)
    anchor = anchor_of(past)
    return Live(
        article=article,
        at=at,
        edition=edition,
        previous=past.editions[-2] if len(past.editions) > 1 else None,
        rests_on=anchor if anchor.pk != edition.pk else None,
        published=published,
        filing=_filing(known),
        components=_components(edition, known, at),
        reaffirmed=_last(known, EventKind.REAFFIRMED, after=published.number),
        past=past,
        standing=standing,
    )


def _standing_line(known: Sequence[Event], every: Sequence[Event], at: datetime) -> Event:
    """The line that published what stood then."""
    decisive = [line for line in known if line.kind in (EventKind.PUBLISHED, EventKind.WITHDRAWN)]
    if decisive and decisive[-1].kind == EventKind.PUBLISHED:
        return decisive[-1]
    raise NothingLive(f"On {moment(at)} readers got nothing of this article. {_instead(decisive, every, at)}")


def _instead(decisive: Sequence[Event], every: Sequence[Event], at: datetime) -> str:
    if decisive:
        line = decisive[-1]
        return f"On {moment(line.at)}, by {actor_name(line.actor)}: {sentence(line)} (ledger {line.number})"
    later = [line for line in every if line.kind == EventKind.PUBLISHED and line.at > at]
    if later:
        return f"It was published for the first time on {moment(later[0].at)} (ledger {later[0].number})."
    return "It was never published."


def _require_not_withheld(standing: Standing, at: datetime) -> None:
    if is_withheld(Grace(standing.grace_ends_at, standing.after_grace), at):
        raise NothingLive(
            f"On {moment(at)} readers got nothing of this article: it was withheld since "
            f"{moment(standing.grace_ends_at)}, as its policy asks. Its review was due on "
            f"{standing.next_review_on:%-d %B %Y}."
        )


def _past(article: UUID, is_known: Known, published: Event) -> History:
    """The record's history of the article, cut off at that moment."""
    cut = _cut(history.load(article), is_known)
    cut = replace(cut, editions=[row for row in cut.editions if row.event <= published.number])
    values = related_events.documents(cut.editions[-1].digests.values()).values()
    cited = [row["source_id"] for value in values for row in value.get("references", [])]
    shown = [row for value in values for row in value.get("disclaimers", [])]
    whole = history.with_disclaimers(history.with_sources(cut, cited), {"disclaimers": shown})
    sources = [event for event in whole.sources if is_known(event.number, event.at)]
    beside = [_cut(row, is_known) for row in whole.disclaimers]
    return replace(whole, sources=sources, disclaimers=[row for row in beside if row.editions])


def _cut(whole: History, is_known: Known) -> History:
    return replace(
        whole,
        editions=[row for row in whole.editions if is_known(row.event, row.published_at)],
        events=[event for event in whole.events if is_known(event.number, event.at)],
    )


def _filing(known: Iterable[Event]) -> Json:
    """{slug, locale, translation_key, topics} as the last line said that filed it."""
    return [line.data["filing"] for line in known if line.data.get("filing")][-1]


def _components(edition: Edition, known: Sequence[Event], at: datetime) -> dict[str, Edition]:
    """As the last line that composed the article names them, else the newest editions before that line."""
    last = [line for line in known if line.kind not in SILENT][-1]
    if "components" in last.data:
        return _named(last.data["components"])
    presentation = related_events.documents([edition.digests.get("presentation", "")])
    keys = list(dict.fromkeys(key for value in presentation.values() for key in related_events.components_named(value)))
    before = {"subject__in": keys, "event__lt": last.number, "published_at__lte": at}
    newest = {str(row.subject): row for row in Edition.objects.filter(**before).order_by("number")}
    hidden = _taken_back(newest, last.number)
    return {key: newest[key] for key in keys if key in newest and key not in hidden}


def _taken_back(newest: dict[str, Edition], before: int) -> set[str]:
    """Components that readers did not get before that line: an offer whose signature was voided, until signed again."""
    kinds = (EventKind.WITHDRAWN, EventKind.VOIDED, EventKind.REAFFIRMED)
    hidden = set()
    for line in Event.objects.filter(subject__in=newest, kind__in=kinds, number__lt=before).order_by("number"):
        key = str(line.subject)
        if line.number < newest[key].event:
            continue
        carried = line.data.get("signoff") in newest[key].signoffs and line.subject_kind == SubjectKind.OFFER
        if line.kind == EventKind.REAFFIRMED:
            hidden.discard(key)
        elif line.kind == EventKind.WITHDRAWN or carried:
            hidden.add(key)
    return hidden


def _named(rows: list[Json]) -> dict[str, Edition]:
    found = Edition.objects.filter(subject__in=[row["id"] for row in rows])
    by_number = {(str(row.subject), row.number): row for row in found}
    wanted = [(row["id"], row["edition"]) for row in rows]
    return {key: by_number[key, number] for key, number in wanted if (key, number) in by_number}


def _last(known: Sequence[Event], kind: EventKind, *, after: int) -> Event | None:
    found = [line for line in known if line.kind == kind and line.number > after]
    return found[-1] if found else None
