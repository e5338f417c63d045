"""Words that somebody saw earlier, by their digest: among what was signed, else among the latest saved revisions."""

import json
from typing import Any

from wagtail.models import Revision

from articles.authoring.models import ArticlePage
from articles.document.components import render_component
from articles.document.documents import Document
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import DomainError
from articles.record.models import Document as Stored
from articles.review.subjects import Target

MANY = 8  # revisions that are rendered again at most


def find_values(target: Target, digests: dict[str, str]) -> dict[str, dict[str, Any]]:
    """{part: what the document said}, of those that are found; an autosave or a changed source may have left none."""
    found = {part: value for part, digest in digests.items() if (value := find_signed(digest)) is not None}
    for revision in target.revisions.order_by("-created_at", "-pk")[:MANY] if set(digests) - set(found) else ():
        for part, document in _rendered(target, revision).items():
            if document.digest == digests.get(part):
                found.setdefault(part, document.value)
        if not set(digests) - set(found):
            break
    return found


def find_signed(digest: str) -> dict[str, Any] | None:
    """What was signed; None where nobody signed it, or where the law had it erased."""
    row = Stored.objects.filter(digest=digest).first()
    return json.loads(bytes(row.content)) if row and row.content else None


def _rendered(target: Target, revision: Revision) -> dict[str, Document]:
    try:
        if isinstance(target, ArticlePage):
            return render(gather(revision))
        return {target.subject_kind: render_component(revision.as_object())}
    except DomainError:
        return {}
