"""`articles/` and `articles/{id or slug}/`: stored bytes, joined or unchanged."""

import json
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import pagination
from api.protocol.caching import Caching, Representation, accepts_gzip, earliest, respond
from api.protocol.parameters import Parameter, Wrong, documented, read, tried
from api.protocol.problems import InvalidParameter
from api.protocol.views import DeliveryView, preferred
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, LIST_PROBLEMS, PATH_NAME
from api.v1.base import ArticleView
from api.v1.reading import cards, facets, fields, search, stored
from api.v1.reading.filters import FILTERS
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.reading.rich_text import RICH_TEXT_PARAMETER
from api.v1.schemas.article import ARTICLE, MARKDOWN_DOCUMENT
from api.v1.schemas.found import ArticlePageSerializer, FoundSerializer
from articles.record.delivery.compose import encode
from articles.record.delivery.exports.as_markdown import as_markdown
from articles.record.delivery.forms import PORTABLE, in_form

JSON, MARKDOWN = "application/json", "text/markdown"
DOCUMENT_TYPE = f"{MARKDOWN}; charset=utf-8; variant=CommonMark"


DETAIL = (LOCALE_PARAMETER, RICH_TEXT_PARAMETER, fields.parameter(*ARTICLE.serializers.values()))
LIST = (
    search.Q,
    *FILTERS,
    Parameter(
        "order",
        "The order of the list. Only in the default order does no article move while you follow `next`: in the others, "
        "one that is published again meanwhile may be met twice or missed. The titles stand in the order of the "
        f"alphabet. Without it, and without `q`: `{cards.USUAL}`. A search has an order of its own.",
        tuple(cards.ORDERS),
    ),
    pagination.page_size(largest=100, usual=20),
    Parameter(
        "cursor",
        "Where the page starts. Use the links in `next` and `previous` as they are.",
        max_length=pagination.MAX_LENGTH,
    ),
    facets.FACETS,
    fields.parameter(FoundSerializer),
)


class ArticleDetail(ArticleView):
    media_types = (JSON, MARKDOWN)

    @extend_schema(
        operation_id="article",
        summary="One complete article",
        parameters=[PATH_NAME, *documented(DETAIL), *CACHED],
        responses={(200, JSON): ARTICLE, (200, MARKDOWN): MARKDOWN_DOCUMENT} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Everything that a page or an app needs to show the article, in one request. `Accept: text/markdown` gives
        one Markdown document."""
        asked, now = read(request, DETAIL), timezone.now()
        kept = asked["fields"]
        if is_document(request, kept):
            article = stored.load(name, locale=asked["locale"], form=PORTABLE, now=now)
            return respond(request, _document(article), now=now)
        gzip = not kept and accepts_gzip(request)
        article = stored.load(name, locale=asked["locale"], form=asked["rich_text"], gzip=gzip, now=now)
        return respond(request, _reduced(article, kept) if kept else article.shown(vary="Accept"), now=now)


class ArticleList(DeliveryView):
    @extend_schema(
        operation_id="articles",
        summary="Published articles, page by page",
        parameters=[*documented(LIST), *CACHED],
        responses={200: ArticlePageSerializer} | LIST_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Each result is the article with `content` reduced to what a list shows. Follow `next` until it is null. With
        `q` each has `highlights`, with `code` it has `matched`."""
        asked, now = read(request, LIST, together=_read_together), timezone.now()
        words, cursor = asked["words"], asked["cursor"]
        if words:
            found = cards.search_for(words, asked, cursor, limit=asked["page_size"] + 1, now=now)
        else:
            found = cards.fetch(asked, cursor, limit=asked["page_size"] + 1, now=now)
        page = pagination.cut(found, size=asked["page_size"], order=asked["order"], cursor=cursor, key=_key)
        if asked["code"]:
            page = replace(page, rows=cards.with_matched(page.rows, asked["code"]))
        if asked["fields"]:
            page = replace(page, rows=[card.reduced(asked["fields"]) for card in page.rows])
        counted = facets.count(asked["facets"], asked, words, now=now) if asked["facets"] else None
        return respond(request, _page(request, page, counted), now=now)


def is_document(request: HttpRequest, kept: fields.Tree | None) -> bool:
    """Whether the client prefers one Markdown document. Raises InvalidParameter where it wants only some members."""
    if preferred(request, (JSON, MARKDOWN)) != MARKDOWN:
        return False
    if kept:
        raise InvalidParameter("fields", "conflict", "A Markdown document is whole: leave out fields.")
    return True


def _read_together(asked: dict[str, Any], wrong: Wrong) -> None:
    """The words and the cursor, whose order a search decides."""
    asked["words"] = tried(wrong, lambda: search.read(asked["q"], asked["locale"])) if asked["q"] else None
    if asked["q"] and asked["order"]:
        wrong.append(InvalidParameter("order", "conflict", "A search has an order of its own: leave out order, or q."))
    asked["order"] = search.ORDER if asked["q"] else asked["order"] or cards.USUAL
    if asked["cursor"]:
        asked["cursor"] = tried(wrong, lambda: pagination.read_cursor(asked["cursor"], order=asked["order"]))


def _key(card: cards.Card) -> pagination.Key:
    return card.key


def _reduced(article: stored.Stored, kept: fields.Tree) -> Representation:
    """The article with some of its members."""
    return article.shown(encode(fields.reduced(json.loads(article.content), kept)), vary="Accept")


def _document(article: stored.Stored) -> Representation:
    """The article as one Markdown document."""
    content = as_markdown(in_form(json.loads(article.content), PORTABLE)).encode()
    return article.shown(content, content_type=DOCUMENT_TYPE, vary="Accept")


def _page(request: HttpRequest, page: pagination.Page, counted: dict[str, Any] | None) -> Representation:
    """The bytes of the cards, joined."""
    following, before = (json.dumps(pagination.page_url(request, at)) for at in (page.next, page.previous))
    results = b",".join(card.content for card in page.rows)
    more = b',"facets":%b' % encode(counted) if counted is not None else b""
    content = b'{"results":[%b],"next":%b,"previous":%b%b}' % (results, following.encode(), before.encode(), more)
    keys = ("articles", *(card.article for card in page.rows))
    caching = Caching(fresh_until=earliest(card.fresh_until for card in page.rows), surrogate_keys=keys)
    return Representation(content, caching=caching)
