"""`articles/` and `articles/{id or slug}/`: stored bytes, joined or unchanged."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import pagination
from api.protocol.caching import Caching, Representation, accepts_gzip, digest, respond
from api.protocol.parameters import Parameter, documented, read, require_none
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
from articles.record.delivery.forms import HTML, PORTABLE, in_form

JSON, MARKDOWN = "application/json", "text/markdown"


def _headers(article: stored.Stored) -> dict[str, str]:
    return {"Vary": "Accept, Accept-Encoding", "Content-Language": article.locale}


DETAIL = (LOCALE_PARAMETER, RICH_TEXT_PARAMETER, fields.FIELDS)
OF_DETAIL = fields.known_in(*(serializer for serializer in ARTICLE.serializers.values()))
OF_LIST = fields.known_in(FoundSerializer)
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
    fields.FIELDS,
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
        kept = fields.read(asked["fields"], OF_DETAIL) if asked["fields"] else None
        if preferred(request, self.media_types) == MARKDOWN:
            if kept:
                raise InvalidParameter("fields", "conflict", "A Markdown document is whole: leave out fields.")
            article = stored.load(name, locale=asked["locale"], form=PORTABLE, now=now)
            return respond(request, _document(article), now=now)
        form = asked["rich_text"]
        gzip = form == HTML and not kept and accepts_gzip(request)
        article = stored.load(name, locale=asked["locale"], form=form, gzip=gzip, now=now)
        shown = _reduced(article, kept) if kept else _representation(article, form, gzip)
        return respond(request, shown, now=now)


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
        asked, now = read(request, LIST), timezone.now()
        words, cursor, kept = _read_together(asked)
        if words:
            found = cards.search_for(words, asked, cursor, limit=asked["page_size"] + 1, now=now)
        else:
            found = cards.fetch(asked, cursor, limit=asked["page_size"] + 1, now=now)
        page = pagination.cut(found, size=asked["page_size"], order=asked["order"], cursor=cursor, key=_key)
        if asked["code"]:
            page = replace(page, rows=cards.with_matched(page.rows, asked["code"]))
        if kept:
            page = replace(page, rows=[card.reduced(kept) for card in page.rows])
        counted = facets.count(asked["facets"], asked, words, now=now) if asked["facets"] else None
        return respond(request, _page(request, page, counted), now=now)


def _read_together(asked: dict[str, Any]) -> tuple[search.Asked | None, pagination.Cursor | None, fields.Tree | None]:
    """What is read by more than its own value. Fills in the order. Raises one problem that names all that is wrong."""
    is_search, wrong = asked["q"] is not None, list[InvalidParameter]()

    def tried(name: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(asked[name]) if asked[name] is not None else None
        except InvalidParameter as error:
            wrong.append(error)

    words = tried("q", lambda text: search.read(text, asked["locale"]))
    if is_search and asked["order"]:
        wrong.append(InvalidParameter("order", "conflict", "A search has an order of its own: leave out order, or q."))
    asked["order"] = search.ORDER if is_search else asked["order"] or cards.USUAL
    cursor = tried("cursor", lambda text: pagination.read_cursor(text, order=asked["order"]))
    kept = tried("fields", lambda text: fields.read(text, OF_LIST))
    require_none(wrong)
    return words, cursor, kept


def _key(card: cards.Card) -> pagination.Key:
    return card.key


def _reduced(article: stored.Stored, kept: fields.Tree) -> Representation:
    """The article with some of its members; as long valid as the whole."""
    content = encode(fields.reduced(json.loads(article.content), kept))
    return Representation(
        content,
        digest(content),
        modified_at=article.modified_at,
        headers=_headers(article),
        caching=Caching(fresh_until=article.fresh_until, surrogate_keys=article.keys),
    )


def _document(article: stored.Stored) -> Representation:
    """The article as one Markdown document."""
    content = as_markdown(in_form(json.loads(article.content), PORTABLE)).encode()
    return Representation(
        content,
        digest(content),
        modified_at=article.modified_at,
        content_type=f"{MARKDOWN}; charset=utf-8; variant=CommonMark",
        headers=_headers(article),
        caching=Caching(fresh_until=article.fresh_until, surrogate_keys=article.keys),
    )


def _representation(article: stored.Stored, form: str, gzip: bool) -> Representation:
    """HTML has two content codings, each with its own ETag; a client may have either."""
    caching = Caching(fresh_until=article.fresh_until, surrogate_keys=article.keys)
    if form != HTML:
        tag = f"{article.etag}-{form}"
        return Representation(
            article.content, tag, modified_at=article.modified_at, headers=_headers(article), caching=caching
        )
    zipped = f"{article.etag}-gzip"
    headers = _headers(article) | ({"Content-Encoding": "gzip"} if gzip else {})
    return Representation(
        article.content,
        zipped if gzip else article.etag,
        siblings=(article.etag, zipped),
        modified_at=article.modified_at,
        headers=headers,
        caching=caching,
    )


def _page(request: HttpRequest, page: pagination.Page, counted: dict[str, Any] | None) -> Representation:
    """The bytes of the cards, joined."""
    following, before = (json.dumps(pagination.page_url(request, at)) for at in (page.next, page.previous))
    results = b",".join(card.content for card in page.rows)
    more = b',"facets":%b' % encode(counted) if counted is not None else b""
    content = b'{"results":[%b],"next":%b,"previous":%b%b}' % (results, following.encode(), before.encode(), more)
    moments = [card.fresh_until for card in page.rows if card.fresh_until]
    keys = ("articles", *(card.article for card in page.rows))
    caching = Caching(fresh_until=min(moments, default=None), surrogate_keys=keys)
    return Representation(content, digest(content), caching=caching)
