"""Refuses to sign a published text again if a retracted work supports a claim in it.

The checks do this for a draft; this module reads the signed bytes, whose draft may no longer exist.
"""

from typing import Any

from articles.errors import CannotSign
from articles.record import history
from articles.record.vocabulary import SourceStatus, Support
from articles.review.review import MEDICAL, Review


def require_standing_sources(review: Review) -> None:
    """Raises CannotSign if a retracted work supports a claim. Retracted background is left to the clinician."""
    medical = review.documents[MEDICAL].value
    named = {row["number"]: row["source_id"] for row in medical.get("references", ())}
    events = history.with_sources(review.history, named.values()).sources
    latest = {str(event.subject): event.data.get("status") for event in events}
    retracted = {number for number, source in named.items() if latest.get(source) == SourceStatus.RETRACTED}
    if carrying := sorted(retracted & _carrying(medical)):
        raise CannotSign(
            f"Claims in this text rely on retracted works (reference {', '.join(map(str, carrying))}), so it cannot be "
            "signed again. Change the text."
        )


def _carrying(value: Any) -> set[int]:
    """Numbers of the references that are cited for a claim, and not only as background."""
    if isinstance(value, list):
        return {number for item in value for number in _carrying(item)}
    if not isinstance(value, dict):
        return set()
    found = {number for item in value.values() for number in _carrying(item)}
    is_cited = value.get("reference") and value.get("support") != Support.BACKGROUND
    return found | {value["reference"]} if is_cited else found
