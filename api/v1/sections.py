"""Sections by themselves, with what must be shown beside them: an article's, of one kind, or of all articles."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import pagination
from api.protocol.caching import Caching, Representation, earliest, respond
from api.protocol.parameters import Parameter, Wrong, documented, read, tried
from api.protocol.problems import InvalidParameter, NotFound
from api.protocol.views import DeliveryView
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, LIST_PROBLEMS, PATH_KIND, PATH_NAME
from api.v1.base import ArticleView
from api.v1.reading import cards, filters, portables, stored
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.reading.rich_text import RICH_TEXT_PARAMETER
from api.v1.schemas.passages import PASSAGES, PassagePageSerializer
from articles.record.delivery.compose import encode
from articles.record.delivery.forms import PORTABLE
from articles.record.delivery.passages import passages
from articles.record.search import codes
from articles.record.vocabulary import SectionKind

PARAMETERS = (LOCALE_PARAMETER, RICH_TEXT_PARAMETER)
ASKED = ("code", "kind", "aspect")
FOUND = (
    *filters.FILTERS,
    RICH_TEXT_PARAMETER,
    pagination.page_size(largest=50, usual=10),
    Parameter(
        "cursor", "Where the page starts. Use `next` and `previous` as they are.", max_length=pagination.MAX_LENGTH
    ),
)


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
        """404 if the article has no section of this kind; `kinds` then says which it has."""
        return _answer(request, name, kind=kind)


class SectionSearch(DeliveryView):
    @extend_schema(
        operation_id="passages",
        summary="Sections of all articles, by code, kind and aspect",
        parameters=[*documented(FOUND), *CACHED],
        responses={200: PassagePageSerializer} | LIST_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """For “the risks of sirolimus” or “how hair loss is diagnosed”: each result is an article with the sections of
        that `kind` or on that `aspect`, and what must be shown beside them. Give `code`, `kind` or `aspect`."""
        asked, now = read(request, FOUND, together=_read_together), timezone.now()
        order, size, cursor = cards.USUAL, asked["page_size"], asked["cursor"]
        found = cards.fetch(asked | {"order": order}, cursor, limit=size + 1, now=now)
        page = pagination.cut(found, size=size, order=order, cursor=cursor, key=lambda card: card.key)
        articles = portables.load([card.article for card in page.rows], now=now)
        results = [_passages(articles[row.article], asked) for row in page.rows if row.article in articles]
        links = {
            name: pagination.page_url(request, at) for name, at in (("next", page.next), ("previous", page.previous))
        }
        content = encode({"results": results} | links)
        keys = ("articles", *(card.article for card in page.rows))
        caching = Caching(fresh_until=earliest(card.fresh_until for card in page.rows), surrogate_keys=keys)
        return respond(request, Representation(content, caching=caching), now=now)


def _read_together(asked: dict[str, Any], wrong: Wrong) -> None:
    named = {error["parameter"] for each in wrong for error in each.errors}
    if not any(asked[name] or name in named for name in ASKED):
        wrong.append(InvalidParameter("kind", "required", "Say what you look for: give code, kind or aspect."))
    if asked["cursor"]:
        asked["cursor"] = tried(wrong, lambda: pagination.read_cursor(asked["cursor"], order=cards.USUAL))


def _passages(article: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Its sections of one of the kinds, or on one of the aspects; all, if only a code was asked for."""
    kinds, aspects = asked["kind"] or [], asked["aspect"] or []
    sections = article["content"]["sections"]
    if kinds or aspects:
        sections = [row for row in sections if row["kind"] in kinds or row.get("aspect") in aspects]
    matched = {"matched": codes.matched(codes.facets(article["content"]), asked["code"])} if asked["code"] else {}
    return passages(article, sections, form=asked["rich_text"]) | matched


def _answer(request: HttpRequest, name: str, *, kind: str | None) -> HttpResponse:
    asked, now = read(request, PARAMETERS), timezone.now()
    article = stored.load(name, locale=asked["locale"], form=PORTABLE, now=now)
    composed = json.loads(article.content)
    sections = composed["content"]["sections"]
    found = [section for section in sections if kind in (None, section["kind"])]
    if kind and not found:
        raise _lacking(kind, list(dict.fromkeys(section["kind"] for section in sections)))
    content = encode(passages(composed, found, form=asked["rich_text"]))
    return respond(request, article.shown(content), now=now)


def _lacking(kind: str, kinds: list[str]) -> NotFound:
    """Says which kinds of section the article has, unlike the problem for an article that there is not."""
    is_known = kind in SectionKind.values
    said = f"has no section of the kind {kind}" if is_known else f"has none, for “{kind[:40]}” is no kind of section"
    return NotFound(f"The article {said}. Its kinds: {', '.join(kinds)}.", more={"kinds": kinds})
