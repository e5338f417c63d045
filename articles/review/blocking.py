"""Which blocking findings stop a text: those that readers do not have already (design §5).

What stands in the published text is no better while its mend waits, and a new check must not lock it. So it is listed
for the signer and the author, stops nothing, and goes to the owner once the mend is published.
"""

from collections.abc import Iterable

from wagtail.models import Revision

from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.document.gather import gather
from articles.errors import DomainError
from articles.record.models import Edition
from articles.record.vocabulary import SubjectKind
from articles.review.review import Review


def require_no_new(review: Review) -> None:
    """Raises BlockedByFindings with every blocking finding that readers do not have already."""
    engine.require_none(new(review))


def new(review: Review, findings: Iterable[Finding] | None = None) -> list[Finding]:
    """The blocking findings of the text, without those that the latest edition has word by word. At most two queries,
    and only if there are any. `findings`: all of the text, where they are known."""
    if findings is None:
        findings = engine.run(review.checked) if review.checked else []
    found = [finding for finding in findings if finding.severity == Severity.BLOCKING]
    if not found or review.base is None:
        return found
    if review.base.digests == review.digests:
        return []
    known = of_edition(review.base)
    return [finding for finding in found if finding not in known]


def of_edition(edition: Edition) -> list[Finding]:
    """The blocking findings that an article's edition has; none where its revision is gone."""
    is_article = edition.subject_kind == SubjectKind.ARTICLE
    revision = Revision.objects.filter(pk=edition.revision).first() if is_article else None
    try:
        return engine.blocking(gather(revision)) if revision else []
    except DomainError:
        return []
