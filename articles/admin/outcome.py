"""What signing or submitting a text led to, as a message."""

from articles.publishing.scheduling import waiting
from articles.record.models import Event
from articles.record.vocabulary import EventKind
from articles.review.review import Review
from articles.review.signing import signatures


def outcome(did: str, review: Review) -> str:
    """`did` begins the sentence: “Signed”, for example."""
    if missing := signatures.missing(review):
        return f"{did}. Still missing: {'; '.join(map(str, missing))}."
    if review.is_current and review.base:
        return f"{did} and published as edition {review.base.number}."
    if held := waiting.holding(review):
        return f"{did}. {waiting.expectation(held, review)}"
    refusal = Event.objects.filter(subject=review.id, kind=EventKind.REFUSED).order_by("-number").first()
    return f"{did}. Not published yet: {refusal.data['detail'] if refusal else 'submit it for review.'}"
