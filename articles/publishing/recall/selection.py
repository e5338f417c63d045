"""Finds published articles by code, topic or words, for acts on several articles at once."""

import html
import json
import re
from dataclasses import dataclass
from uuid import UUID

from articles.record.models import Facet, Publication
from articles.record.vocabulary import SERVED

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Chosen:
    """A published article in the list of search results."""

    article: UUID
    title: str
    locale: str
    edition: int


def select(*, code: str = "", topic: str = "", text: str = "") -> list[Chosen]:
    """The articles that match all given criteria; none without criteria.

    `code` is system|code (icd-10-cm|L65.9), `topic` a slug, `text` words from the published text.
    """
    if not (code or topic or text.strip()):
        return []
    rows = Publication.objects.filter(state__in=SERVED)
    for name, value in (("code", code), ("topic", topic)):
        if value:
            rows = rows.filter(article__in=Facet.objects.filter(name=name, value=value).values("article"))
    found = rows.order_by("title", "article").only("article", "title", "locale", "edition", "body")
    return [
        Chosen(row.article, row.title, row.locale, row.edition)
        for row in found.defer(*(() if text.strip() else ("body",))).iterator(chunk_size=100)
        if not text.strip() or says(bytes(row.body), text)
    ]


def says(body: bytes, text: str) -> bool:
    """Whether the served article contains these words, regardless of case and spacing."""
    content = json.loads(body)["content"]
    shown = [content["title"], content["summary"], *(section["html"] for section in content["sections"])]
    plain = html.unescape(TAG.sub(" ", " ".join(shown)))
    return _plain(text) in _plain(plain)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
