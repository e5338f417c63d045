"""The published articles that show something: a source, a person. One query."""

from datetime import datetime
from typing import Any

from api.protocol import database
from api.v1.reading.lookup import SERVED_NOW
from articles.record.site import this_site

MOST = 1000
SQL = (
    "SELECT p.article, p.title, p.slug, p.locale FROM record_link l "
    f"JOIN record_publication p ON p.article = l.article AND {SERVED_NOW} "
    f"WHERE l.relation = %s AND l.target = %s ORDER BY p.first_published_at DESC, p.article LIMIT {MOST}"
)


def articles_with(relation: str, target: str, *, now: datetime) -> list[dict[str, Any]]:
    """[{id, title, locale, slug, url, web_url}], the newest first."""
    rows = database.fetch(SQL, (database.instant_parameter(now), relation, target))
    return [_article(*row) for row in rows]


def _article(article: Any, title: str, slug: str, locale: str) -> dict[str, Any]:
    site = this_site()
    where = {"url": site.article_url(slug, locale), "web_url": site.page_url(slug, locale)}
    return {"id": database.read_uuid(article), "title": title, "locale": locale, "slug": slug} | where
