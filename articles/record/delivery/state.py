"""Everything that a published article is composed from. loading.py reads it; composing makes no further queries."""

from dataclasses import dataclass, field
from typing import Any

from articles.record.delivery.clock import Grace

Json = dict[str, Any]


@dataclass(frozen=True)
class ComponentState:
    """A component's current edition: its content and its name."""

    id: str
    kind: str
    edition: int
    digest: str
    value: Json


@dataclass(frozen=True)
class State:
    """All that `compose` needs, loaded beforehand.

    filing        {slug, locale, translation_key, topics: [{slug, name}]}
    edition       {number, digests, published_at, first_published_at, updated_at, change}
    review        {last_reviewed_on, next_review_on, reviewed_by: [...]}
    components    by id, without unpublished ones
    renditions    {image digest: [{url, width, height, type, sha256}]}
    targets       {article id: {id, locale, slug, title, url, web_url}} of published articles: the translation in the
                  language of this article where there is one
    translations  [{id, locale, url, web_url, outdated}]
    sources       {source id: {status, since}}, without sources in good standing
    notices       shown above it, as served; the clock adds the one on an overdue review
    grace         from when on the clock does what the policy said; None for a draft
    """

    article: str
    filing: Json
    edition: Json
    review: Json
    medical: Json
    presentation: Json
    components: dict[str, ComponentState]
    renditions: dict[str, list[Json]]
    targets: dict[str, Json]
    translations: list[Json]
    api_url: str
    url: str
    web_url: str
    sources: dict[str, Json] = field(default_factory=dict)
    notices: list[Json] = field(default_factory=list)
    grace: Grace | None = None
