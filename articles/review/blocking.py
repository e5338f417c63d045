"""Which blocking findings stop a text: those that readers do not have already (design §5).

What stands in the published text is no better while its mend waits, and a new check must not lock it. So it is listed
for the signer and the author, and stops nothing.
"""

from wagtail.models import Revision

from articles.checks import engine
from articles.checks.finding import Finding
from articles.document.gather import gather
from articles.errors import BlockedByFindings, DomainError
from articles.review.review import Review

Mark = tuple[str, str]  # (code, path) and (code, message): a finding is the same if one of them is


def require_no_new(review: Review) -> None:
    """Raises BlockedByFindings with every blocking finding that readers do not have already."""
    if found := new(review):
        messages = " ".join(finding.message for finding in found)
        raise BlockedByFindings(f"Fix these first: {messages}", findings=found)


def new(review: Review) -> list[Finding]:
    """The blocking findings of the text, without those of the latest edition. At most two queries, and only then."""
    found = engine.blocking(review.checked) if review.checked else []
    if not found or review.base is None:
        return found
    if review.base.digests == review.digests:
        return []
    known = _of_latest_edition(review)
    return [finding for finding in found if not known & _marks(finding)]


def _of_latest_edition(review: Review) -> set[Mark]:
    """Nothing where its revision is gone, or was that of a component."""
    assert review.base is not None
    revision = Revision.objects.filter(pk=review.base.revision).first() if review.is_article else None
    try:
        findings = engine.blocking(gather(revision)) if revision else []
    except DomainError:
        return set()
    return {mark for finding in findings for mark in _marks(finding)}


def _marks(finding: Finding) -> set[Mark]:
    return {(finding.code, finding.path), (finding.code, finding.message)}
