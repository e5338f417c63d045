"""Finds an earlier text by its digest: first among the signed documents, then among the latest saved revisions.

Digests come from posted forms, and reports print those of every article, so only the subject's own are looked up.
"""

from typing import Any
from uuid import UUID

from wagtail.models import Revision

from articles.authoring.models import ArticlePage
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import DomainError
from articles.record.history import find_signed
from articles.record.models import Edition, SignOff
from articles.review.review import Target

MANY = 8  # revisions that are rendered again at most


def find_values(target: Target, digests: dict[str, str]) -> dict[str, dict[str, Any]]:
    """{part: document} of the texts that are found. Autosaves and changed sources may leave none."""
    own = digests_of(target.article_id if isinstance(target, ArticlePage) else target.component_id)
    known = {part: digest for part, digest in digests.items() if digest in own}
    found = {part: value for part, digest in known.items() if (value := find_signed(digest)) is not None}
    for revision in target.revisions.order_by("-created_at", "-pk")[:MANY] if set(digests) - set(found) else ():
        for part, document in _rendered(target, revision).items():
            if document.digest == digests.get(part):
                found.setdefault(part, document.value)
        if not set(digests) - set(found):
            break
    return found


def digests_of(subject: UUID) -> set[str]:
    """The digests of all documents in the sign-offs and editions of this article or component."""
    editions = Edition.objects.filter(subject=subject).values_list("digests", flat=True)
    signed = SignOff.objects.filter(subject=subject).values_list("digest", flat=True)
    return {*signed, *(digest for row in editions for digest in row.values())}


def _rendered(target: Target, revision: Revision) -> dict[str, Document]:
    try:
        if isinstance(target, ArticlePage):
            return render(gather(revision))
        return {target.subject_kind: render_component(revision.as_object())}
    except DomainError:
        return {}
