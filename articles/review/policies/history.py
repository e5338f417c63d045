"""Which policies keep their hold on a text, whatever its draft says by now.

The policy that somebody chose and the topics stand in the draft alone, in no document: whoever saves it could drop them
between two signatures. So the line of each signature names the policies that applied, and they apply for as long as it
counts, as do those under which the text was published. A new text starts anew, under the policies of its day.
"""

from collections.abc import Mapping
from uuid import UUID

from articles.record.models import Edition, Event
from articles.record.standing import History
from articles.record.vocabulary import TAKING_BACK, EventKind


def held(subject: UUID, history: History, digests: Mapping[str, str]) -> dict[str, set[str]]:
    """{part: ids of policies} for the text with these digests. Lines from before policies were noted name none."""
    base = history.editions[-1] if history.editions else None
    found = {part: _published_under(base, part, digest) for part, digest in digests.items()}
    voided = {event.data.get("signoff") for event in history.events if event.kind == EventKind.VOIDED}
    for number, data in Event.objects.filter(subject=subject, kind=EventKind.SIGNED).values_list("number", "data"):
        part, counts = data.get("part"), number > _since(history) or (base is not None and number in base.signoffs)
        if part in found and digests[part] == data.get("digest") and counts and number not in voided:
            found[part].update(data.get("policies", ()))
    return found


def _published_under(base: Edition | None, part: str, digest: str) -> set[str]:
    """Also where it was withdrawn since: the same text does not come back under fewer."""
    return set(base.review.get("policies", ())) if base and base.digests.get(part) == digest else set()


def _since(history: History) -> int:
    """Number of the latest edition's event or the latest withdrawal's, whichever came last."""
    withdrawn = [event.number for event in history.events if event.kind in TAKING_BACK]
    return max([0, *withdrawn, *(edition.event for edition in history.editions[-1:])])
