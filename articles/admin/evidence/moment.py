"""The edition of an article that was live at a moment, and what was shown with it. Reads the record alone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from articles.errors import DomainError
from articles.record.delivery.article_state import component_state
from articles.record.delivery.clock import Grace, is_withheld
from articles.record.delivery.content.mentions import components_named
from articles.record.delivery.loading import PRESENTATION, Moment, Record, load
from articles.record.event_data import Filing
from articles.record.ledger import anchors
from articles.record.ledger.sentences import actor_name, moment, sentence
from articles.record.models import Edition, Event
from articles.record.standing import History, Standing, stand
from articles.record.vocabulary import EventKind, PublicationState


class NothingLive(DomainError):
    """The article was not live at that moment; the message says why."""

    code = "nothing-live"
    title = "The article was not available to readers then."


@dataclass(frozen=True)
class Live:
    """What was live: the article's latest edition in `record`, which holds nothing that was written later."""

    article: UUID
    at: datetime
    record: Record

    @property
    def edition(self) -> Edition:
        return self.record.editions[self.article][-1]

    @property
    def published(self) -> Event:
        """The line of the ledger that published the edition."""
        return next(line for line in self.record.events[self.article] if line.number == self.edition.event)

    @property
    def filing(self) -> Filing:
        return self.record.filing(self.article)

    @property
    def past(self) -> History:
        return self.record.whole_history(self.article)

    @property
    def standing(self) -> Standing:
        return stand(self.past)

    @property
    def grace(self) -> Grace:
        return Grace(self.standing.grace_ends_at, self.standing.after_grace)

    @property
    def components(self) -> dict[str, Edition]:
        """{id: edition} of the offers and disclaimers shown with the text."""
        keys = components_named(self.record.value(self.edition, PRESENTATION) or {})
        found = {key: edition for key in keys if (edition := self.record.latest(UUID(key)))}
        published = PublicationState.PUBLISHED
        return {key: row for key, row in found.items() if component_state(self.record, row.subject) == published}


def live_at(article: UUID, at: datetime, *, upto: int | None = None) -> Live:
    """What was live at the moment; with `upto`, right after the line of that number. Raises NothingLive."""
    record = load({article}, until=Moment(upto or anchors.head()["number"], at))
    if record.latest(article) is None or record.withdrawal(article):
        raise NothingLive(f"On {moment(at)} the article was not available to readers. {_instead(record, article, at)}")
    live = Live(article, at, record)
    if is_withheld(live.grace, at):
        raise NothingLive(
            f"On {moment(at)} the article was not available to readers: its policy withheld it from "
            f"{moment(live.grace.ends_at)} on. Its review was due on {live.standing.next_review_on:%-d %B %Y}."
        )
    return live


def _instead(record: Record, article: UUID, at: datetime) -> str:
    """The sentence on the withdrawal, or on the first publication."""
    if line := record.withdrawal(article):
        return f"On {moment(line.at)}, by {actor_name(line.actor)}: {sentence(line)} (ledger {line.number})"
    later = Event.objects.filter(subject=article, kind=EventKind.PUBLISHED, at__gt=at).order_by("number").first()
    if later:
        return f"It was published for the first time on {moment(later.at)} (ledger {later.number})."
    return "It was never published."
