"""What readers got of an article at a moment: the edition, and what was shown beside it. Read from the record alone.

Publications say what readers get now. Editions, sign-offs and the ledger's lines say what they got then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from articles.errors import DomainError
from articles.record import history
from articles.record.delivery.clock import Grace, is_withheld
from articles.record.event_data import Filing
from articles.record.ledger import related_events
from articles.record.ledger.sentences import actor_name, moment, sentence
from articles.record.models import Edition, Event
from articles.record.standing import History, Standing, stand, unresolved_void
from articles.record.vocabulary import EventKind, SubjectKind

Json = dict[str, Any]
IsKnown = Callable[[int, datetime], bool]  # whether the line with this number and time was written by then
IN_FORCE = (EventKind.PUBLISHED,)
COMPOSING_NOTHING = (EventKind.SUBMITTED, EventKind.SIGNED, EventKind.SCHEDULED, EventKind.REFUSED)


class NothingLive(DomainError):
    """Readers got nothing at that moment; the message says what had happened."""

    code = "nothing-live"
    title = "Readers got nothing of this article then."


@dataclass(frozen=True)
class Live:
    """What readers got.

    published   the line of the ledger that published the edition
    filing      {slug, locale, translation_key, topics}, how they found the article
    past        the article's history up to the moment; its last edition is the one that they got
    components  {id: edition} of the offers and disclaimers beside the text
    """

    article: UUID
    at: datetime
    published: Event
    filing: Filing
    past: History
    components: dict[str, Edition]

    @property
    def edition(self) -> Edition:
        return self.past.editions[-1]

    @property
    def standing(self) -> Standing:
        return stand(self.past)

    @property
    def grace(self) -> Grace:
        return Grace(self.standing.grace_ends_at, self.standing.after_grace)


def live_at(article: UUID, at: datetime, *, upto: int | None = None) -> Live:
    """What was live at the moment; with `upto`, right after the line of that number. Raises NothingLive."""

    def is_known(number: int, written_at: datetime) -> bool:
        return written_at <= at and (upto is None or number <= upto)

    lines = list(Event.objects.filter(subject=article).order_by("number"))
    known = [line for line in lines if is_known(line.number, line.at)]
    decisive = [line for line in known if line.kind in (*IN_FORCE, EventKind.WITHDRAWN)]
    if not decisive or decisive[-1].kind not in IN_FORCE:
        raise NothingLive(f"On {moment(at)} readers got nothing of this article. {_instead(decisive, lines, at)}")
    past = _with_what_it_names(_cut(history.load(article), is_known), is_known)
    live = Live(
        article=article,
        at=at,
        published=[line for line in decisive if line.kind == EventKind.PUBLISHED][-1],
        filing=[line.data["filing"] for line in known if line.data.get("filing")][-1],
        past=past,
        components=_components(past.editions[-1], known, at),
    )
    _require_not_withheld(live)
    return live


def _instead(decisive: Sequence[Event], lines: Sequence[Event], at: datetime) -> str:
    if decisive:
        line = decisive[-1]
        return f"On {moment(line.at)}, by {actor_name(line.actor)}: {sentence(line)} (ledger {line.number})"
    later = [line for line in lines if line.kind == EventKind.PUBLISHED and line.at > at]
    if later:
        return f"It was published for the first time on {moment(later[0].at)} (ledger {later[0].number})."
    return "It was never published."


def _require_not_withheld(live: Live) -> None:
    if is_withheld(live.grace, live.at):
        raise NothingLive(
            f"On {moment(live.at)} readers got nothing of this article: it was withheld since "
            f"{moment(live.grace.ends_at)}, as its policy asks. Its review was due on "
            f"{live.standing.next_review_on:%-d %B %Y}."
        )


def _cut(whole: History, is_known: IsKnown) -> History:
    """The history up to the moment."""
    return replace(
        whole,
        editions=[row for row in whole.editions if is_known(row.event, row.published_at)],
        events=[event for event in whole.events if is_known(event.number, event.at)],
        sources=[event for event in whole.sources if is_known(event.number, event.at)],
        disclaimers=[_cut(row, is_known) for row in whole.disclaimers],
    )


def _with_what_it_names(past: History, is_known: IsKnown) -> History:
    """With what had happened to the sources that the edition cites and to the disclaimers that it shows."""
    values = list(related_events.documents(past.editions[-1].digests.values()).values())
    cited = [row["source_id"] for value in values for row in value.get("references", [])]
    shown = [row for value in values for row in value.get("disclaimers", [])]
    whole = history.with_disclaimers(history.with_sources(past, cited), {"disclaimers": shown})
    cut = _cut(whole, is_known)
    return replace(cut, disclaimers=[row for row in cut.disclaimers if row.editions])


def _components(edition: Edition, known: Sequence[Event], at: datetime) -> dict[str, Edition]:
    """The newest editions before the last line that composed the article, apart from those taken back by then."""
    last = [line.number for line in known if line.kind not in COMPOSING_NOTHING][-1]
    presentation = related_events.documents([edition.digests["presentation"]])
    found = {}
    for key in (key for value in presentation.values() for key in related_events.components_named(value)):
        past = _cut(history.load(UUID(key)), lambda number, written_at: number < last and written_at <= at)
        if past.editions and not _is_taken_back(past):
            found[key] = past.editions[-1]
    return found


def _is_taken_back(past: History) -> bool:
    """Whether readers did not get the component: it was withdrawn, or a sign-off that an offer needs was voided."""
    latest = past.editions[-1]
    if any(event.kind == EventKind.WITHDRAWN and event.number > latest.event for event in past.events):
        return True
    return latest.subject_kind == SubjectKind.OFFER and unresolved_void(past) is not None
