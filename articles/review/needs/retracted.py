"""Refuses to sign a published text again if a retracted work supports a claim in it.

The checks do this for a draft; this module reads the signed bytes, whose draft may no longer exist.
"""

from articles.errors import CannotSign
from articles.record import history
from articles.record.delivery.content.mentions import claim_sources
from articles.record.standing import last_status
from articles.record.vocabulary import SourceStatus
from articles.review.review import MEDICAL, Review


def require_standing_sources(review: Review) -> None:
    """Raises CannotSign if a retracted work supports a claim. Retracted background is left to the clinician."""
    medical = review.documents[MEDICAL].value
    carrying = claim_sources(medical)
    latest = last_status(history.with_sources(review.history, carrying).sources)
    retracted = {key for key, event in latest.items() if event.data["status"] == SourceStatus.RETRACTED}
    numbers = sorted(row["number"] for row in medical.get("references", ()) if row["source_id"] in retracted)
    if numbers:
        raise CannotSign(
            f"Claims in this text rely on retracted works (reference {', '.join(map(str, numbers))}), so it cannot be "
            "signed again. Change the text."
        )
