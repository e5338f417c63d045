"""Why a look-up gave no record. None of them says anything about the work: not that it stands, not that it is wrong."""

from typing import TYPE_CHECKING

from articles.errors import DomainError

if TYPE_CHECKING:
    from articles.sources.lookup.records import Record

BY_HAND = "You can type the details by hand; the source is then marked as not verified."


class LookupFailed(DomainError):
    """No record was found. The message says what to do."""

    code = "lookup-failed"
    title = "The work was not found."


class CouldNotAsk(LookupFailed):
    """Nobody was asked, or nobody answered in time: whether there is such a record is not known."""

    code = "could-not-ask"
    title = "The work could not be looked up."
    status = 503

    def __init__(self, who: str, why: str) -> None:
        super().__init__(f"{who} could not be asked: {why}. Try again in a minute. {BY_HAND}")


class LookupsOff(CouldNotAsk):
    """The installation asks nobody."""

    code = "lookups-off"

    def __init__(self) -> None:
        LookupFailed.__init__(self, f"This installation does not look works up. {BY_HAND}")


class NoSuchRecord(LookupFailed):
    """Whoever was asked answered, and has no such record."""

    code = "no-such-record"
    title = "There is no such record."
    status = 404

    def __init__(self, what: str) -> None:
        super().__init__(f"No record was found for {what}. Check it, or paste the DOI or PMID. {BY_HAND}")


class NotCertain(LookupFailed):
    """Records that may be meant; which one is for a person to say."""

    code = "not-certain"
    title = "It is not certain which work is meant."
    status = 409

    def __init__(self, candidates: "tuple[Record, ...]") -> None:
        super().__init__("More than one record may be meant. Choose one, or paste the DOI or PMID.")
        self.candidates = candidates


class Contradicts(NotCertain):
    """The DOI or PMID leads to another work than the words beside it."""

    code = "contradicts"

    def __init__(self, candidate: "Record") -> None:
        LookupFailed.__init__(
            self,
            f"The DOI or PMID belongs to “{candidate.title}”, which is not what the words say. "
            "Paste the right one, or the words alone.",
        )
        self.candidates = (candidate,)


class NotUnderstood(LookupFailed):
    """An answer that is not what its documentation says: of another type, too long, or not to be parsed."""

    code = "answer-not-understood"
    title = "The answer was not understood."
    status = 502

    def __init__(self, who: str, why: str) -> None:
        super().__init__(f"The answer of {who} was not understood: {why}. {BY_HAND}")
