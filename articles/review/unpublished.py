"""Whether the draft of an article says something else than readers have. Its address and topics are in no document."""

from collections.abc import Iterable
from uuid import UUID

from articles.record.models import Edition
from articles.review.four_eyes import digests_saved


def differing(articles: Iterable[UUID]) -> dict[UUID, bool]:
    """{article: whether the text that was saved last is another than that of its latest edition}, in two queries;
    without articles that were never published."""
    keys = list(articles)
    editions = Edition.objects.filter(subject__in=keys).order_by("number")
    published: dict[UUID, dict[str, str]] = dict(editions.values_list("subject", "digests"))
    saved = digests_saved(map(str, keys))
    return {
        key: any(saved[str(key)].get(part) != digest for part, digest in digests.items())
        for key, digests in published.items()
    }


def is_as_published(article: UUID) -> bool:
    """Whether readers have exactly what was saved last."""
    return differing([article]).get(article) is False
