"""`articles/` and `articles/{id or slug}/`: stored bytes, joined or unchanged."""

import json
import re

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import pagination
from api.protocol.caching import Caching, Representation, accepts_gzip, digest, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.views import DeliveryView
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, LIST_PROBLEMS, PATH_NAME
from api.v1.base import ArticleView
from api.v1.reading import cards, stored
from api.v1.reading.filters import FILTERS
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.reading.rich_text import RICH_TEXT_PARAMETER
from api.v1.schemas.article import ARTICLE
from api.v1.schemas.card import ArticlePageSerializer
from articles.record.delivery.forms import HTML

LARGEST_PAGE, USUAL_PAGE = 100, 20


def _page_size(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) or not 1 <= int(text) <= LARGEST_PAGE:
        raise ValueError(f"page_size must be between 1 and {LARGEST_PAGE}.")
    return int(text)


DETAIL = (LOCALE_PARAMETER, RICH_TEXT_PARAMETER)
LIST = (
    *FILTERS,
    Parameter(
        "order",
        "The order of the list. Only in the default order does no article move while you follow `next`: in the others, "
        "one that is published again meanwhile may be met twice or missed.",
        tuple(cards.ORDERS),
        default=cards.USUAL,
    ),
    Parameter(
        "page_size",
        "The number of articles on a page.",
        default=USUAL_PAGE,
        read=_page_size,
        schema={"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE},
    ),
    Parameter(
        "cursor",
        "Where the page starts. Use the links in `next` and `previous` as they are.",
        max_length=pagination.MAX_LENGTH,
    ),
)


class ArticleDetail(ArticleView):
    @extend_schema(
        operation_id="article",
        summary="One complete article",
        parameters=[PATH_NAME, *documented(DETAIL), *CACHED],
        responses={200: ARTICLE} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """Everything that a page or an app needs to show the article, in one request."""
        asked, now = read(request, DETAIL), timezone.now()
        form = asked["rich_text"]
        gzip = form == HTML and accepts_gzip(request)
        article = stored.load(name, locale=asked["locale"], form=form, gzip=gzip, now=now)
        return respond(request, _representation(article, form, gzip), now=now)


class ArticleList(DeliveryView):
    @extend_schema(
        operation_id="articles",
        summary="Published articles, page by page",
        parameters=[*documented(LIST), *CACHED],
        responses={200: ArticlePageSerializer} | LIST_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Each result is the article with `content` reduced to what a list shows. Follow `next` until it is null."""
        asked, now = read(request, LIST), timezone.now()
        order, size = asked["order"], asked["page_size"]
        cursor = pagination.read_cursor(asked["cursor"], order=order) if asked["cursor"] else None
        found = cards.fetch(asked, cursor, limit=size + 1, now=now)
        page = pagination.cut(found, size=size, order=order, cursor=cursor, key=lambda card: card.key)
        return respond(request, _page(request, page), now=now)


def _representation(article: stored.Stored, form: str, gzip: bool) -> Representation:
    """HTML has two content codings, each with its own ETag; a client may have either."""
    caching = Caching(fresh_until=article.fresh_until, surrogate_keys=article.keys)
    if form != HTML:
        tag = f"{article.etag}-{form}"
        return Representation(article.content, tag, modified_at=article.modified_at, caching=caching)
    zipped = f"{article.etag}-gzip"
    headers = {"Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if gzip else {})
    return Representation(
        article.content,
        zipped if gzip else article.etag,
        siblings=(article.etag, zipped),
        modified_at=article.modified_at,
        headers=headers,
        caching=caching,
    )


def _page(request: HttpRequest, page: pagination.Page) -> Representation:
    """The bytes of the cards, joined."""
    following, before = (json.dumps(pagination.page_url(request, at)) for at in (page.next, page.previous))
    results = b",".join(card.content for card in page.rows)
    content = b'{"results":[%b],"next":%b,"previous":%b}' % (results, following.encode(), before.encode())
    moments = [card.fresh_until for card in page.rows if card.fresh_until]
    keys = ("articles", *(card.article for card in page.rows))
    caching = Caching(fresh_until=min(moments, default=None), surrogate_keys=keys)
    return Representation(content, digest(content), caching=caching)
