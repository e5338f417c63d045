"""Whether a signed text rests on a work that was retracted. The checks say so of a draft; this reads the signed bytes,
whose draft may be gone."""

from typing import Any

from articles.errors import CannotSign
from articles.record import history
from articles.record.vocabulary import SourceStatus, Support
from articles.review.review import MEDICAL, Review


def require_standing_sources(review: Review) -> None:
    """Raises CannotSign where a retracted work carries a claim; as background a clinician weighs it."""
    medical = review.documents[MEDICAL].value
    named = {row["number"]: row["source_id"] for row in medical.get("references", ())}
    events = history.with_sources(review.history, named.values()).sources
    latest = {str(event.subject): event.data.get("status") for event in events}
    retracted = {number for number, source in named.items() if latest.get(source) == SourceStatus.RETRACTED}
    if carrying := sorted(retracted & _carrying(medical)):
        raise CannotSign(
            f"Reference {', '.join(map(str, carrying))} was retracted and carries a claim here. Change the text; "
            "nobody can vouch for this one."
        )


def _carrying(value: Any) -> set[int]:
    """Numbers of the references that support something: cited, and not as background only."""
    if isinstance(value, list):
        return {number for item in value for number in _carrying(item)}
    if not isinstance(value, dict):
        return set()
    found = {number for item in value.values() for number in _carrying(item)}
    is_cited = value.get("reference") and value.get("support") != Support.BACKGROUND
    return found | {value["reference"]} if is_cited else found
