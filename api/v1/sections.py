"""`articles/{…}/sections/` and `sections/{kind}/`: an article's sections, with what must be shown beside them."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol.caching import Caching, Representation, digest, respond
from api.protocol.parameters import documented, read
from api.protocol.problems import NotFound
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, PATH_KIND, PATH_NAME
from api.v1.base import ArticleView
from api.v1.reading import stored
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.reading.rich_text import RICH_TEXT_PARAMETER
from api.v1.schemas.passages import PASSAGES
from articles.record.delivery.compose import encode
from articles.record.delivery.forms import PORTABLE
from articles.record.delivery.passages import passages

PARAMETERS = (LOCALE_PARAMETER, RICH_TEXT_PARAMETER)


class SectionList(ArticleView):
    @extend_schema(
        operation_id="sections",
        summary="All sections of an article",
        parameters=[PATH_NAME, *documented(PARAMETERS), *CACHED],
        responses={200: PASSAGES} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """In the order of the article."""
        return _answer(request, name, kind=None)


class SectionsOfKind(ArticleView):
    @extend_schema(
        operation_id="sections_of_kind",
        summary="An article's sections of one kind",
        parameters=[PATH_NAME, PATH_KIND, *documented(PARAMETERS), *CACHED],
        responses={200: PASSAGES} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str, kind: str) -> HttpResponse:
        """404 if the article has no section of this kind."""
        return _answer(request, name, kind=kind)


def _answer(request: HttpRequest, name: str, *, kind: str | None) -> HttpResponse:
    asked, now = read(request, PARAMETERS), timezone.now()
    article = stored.load(name, locale=asked["locale"], form=PORTABLE, now=now)
    composed = json.loads(article.content)
    found = [section for section in composed["content"]["sections"] if kind in (None, section["kind"])]
    if kind and not found:
        raise NotFound(f"The article has no section of the kind “{kind[:40]}”.")
    content = encode(passages(composed, found, form=asked["rich_text"]))
    caching = Caching(fresh_until=article.fresh_until, surrogate_keys=article.keys)
    shown = Representation(content, digest(content), modified_at=article.modified_at, caching=caching)
    return respond(request, shown, now=now)
