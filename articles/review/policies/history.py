"""Finds the policies that still apply to a text because it was signed or published under them.

The chosen policy and the topics are in the draft alone, so an editor could remove them between two signatures.
Therefore the ledger line of each signature names the policies that applied. They apply as long as the signature counts,
and so do those under which the text was published. A new text falls under the policies of its day.
"""

from collections.abc import Mapping

from articles.record.models import Edition
from articles.record.standing import History
from articles.record.vocabulary import TAKING_BACK, EventKind


def held(history: History, digests: Mapping[str, str]) -> dict[str, set[str]]:
    """{part: ids of policies} for the text with these digests. Lines from before policies were noted name none."""
    base = history.editions[-1] if history.editions else None
    found = {part: _published_under(base, part, digest) for part, digest in digests.items()}
    voided = {event.data.get("signoff") for event in history.events if event.kind == EventKind.VOIDED}
    for event in history.events:
        if event.kind != EventKind.SIGNED or event.number in voided:
            continue
        part, is_base = event.data.get("part"), base is not None and event.number in base.signoffs
        if part in found and digests[part] == event.data.get("digest") and (is_base or event.number > _since(history)):
            found[part].update(event.data.get("policies", ()))
    return found


def _published_under(base: Edition | None, part: str, digest: str) -> set[str]:
    """The policies of the latest edition, if it has this digest. This includes withdrawn editions, so that the same
    text does not return under fewer policies."""
    return set(base.review.get("policies", ())) if base and base.digests.get(part) == digest else set()


def _since(history: History) -> int:
    """Number of the event of the latest edition or withdrawal, whichever is later."""
    withdrawn = [event.number for event in history.events if event.kind in TAKING_BACK]
    return max([0, *withdrawn, *(edition.event for edition in history.editions[-1:])])
