"""`resolve/?path=`: where an address of the publisher's earlier web site leads now."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import Parameter, documented, read
from api.protocol.problems import NotFound
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, RESOURCE_PROBLEMS
from api.v1.reading.lookup import STATE_NOW
from api.v1.schemas.collections.resolve import ResolvedAddressSerializer
from articles.record.delivery.compose import encode
from articles.record.site import this_site
from articles.record.slugs import address_key


def _key(path: str) -> str:
    try:
        return address_key(path)
    except ValueError as error:
        raise ValueError("path must be a path or an address of the web.") from error


PATH = Parameter(
    "path",
    "A path of the earlier web site, or a whole address: `/blog/hair-loss/`. Host, case and final slash do not matter.",
    max_length=2000,
    read=_key,
    is_required=True,
)
SQL = (
    f"SELECT o.address, o.event, p.article, p.slug, p.locale, {STATE_NOW} FROM record_oldaddress o "
    "LEFT JOIN record_publication p ON p.article = o.article WHERE o.key = %s"
)


class Resolve(DeliveryView):
    @extend_schema(
        operation_id="resolve",
        summary="Where an old address leads",
        parameters=[*documented((PATH,)), *CACHED],
        responses={200: ResolvedAddressSerializer} | RESOURCE_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """For the redirects of a web site that moved here: `published` leads to the article; `gone` was published here
        and withdrawn; `not-migrated` was imported, and clinicians have not signed it, so keep serving the old page."""
        key, now = read(request, (PATH,))["path"], timezone.now()
        row = database.fetch_one(SQL, (database.instant_parameter(now), key))
        if row is None:
            raise NotFound("Nothing was imported from this address.")
        address, _, article, slug, locale, state = row
        content = encode({"address": address} | _where(article, slug, locale, state))
        keys = (database.read_uuid(article),) if article else ()
        shown = Representation(content, caching=Caching(surrogate_keys=("addresses", *keys)))
        return respond(request, shown, now=now)


def _where(article: object, slug: str, locale: str, state: str) -> dict:
    """{state, article}: no word of a draft, and the same whether or not there is one."""
    if state != "published":
        return {"state": "gone" if article else "not-migrated", "article": None}
    site = this_site()
    where = {"url": site.article_url(slug, locale), "web_url": site.page_url(slug, locale)}
    return {"state": state, "article": {"id": database.read_uuid(str(article)), "locale": locale, "slug": slug} | where}
