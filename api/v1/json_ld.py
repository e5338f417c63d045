"""`articles/{id or slug}/json-ld/`: the article as schema.org's MedicalWebPage."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol.caching import respond
from api.protocol.parameters import documented, read
from api.v1.answers import ARTICLE_PROBLEMS, CACHED, PATH_NAME
from api.v1.base import ArticleView
from api.v1.reading import stored
from api.v1.reading.lookup import LOCALE_PARAMETER
from api.v1.schemas.exports.json_ld import JSON_LD
from articles.record.delivery.exports.json_ld import as_bytes, json_ld
from articles.record.delivery.forms import PORTABLE, in_form
from articles.record.site import this_site

MEDIA_TYPE = "application/ld+json"
PARAMETERS = (LOCALE_PARAMETER,)


class ArticleJsonLd(ArticleView):
    media_types = ("*/*", "application/*", "application/json", MEDIA_TYPE)

    @extend_schema(
        operation_id="json_ld",
        summary="An article as schema.org JSON-LD",
        parameters=[PATH_NAME, *documented(PARAMETERS), *CACHED],
        responses={(200, MEDIA_TYPE): JSON_LD} | ARTICLE_PROBLEMS,
    )
    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """A `MedicalWebPage` for the page that shows the article: put it into a script element of the type
        `application/ld+json` as it is."""
        asked, now = read(request, PARAMETERS), timezone.now()
        article = stored.load(name, locale=asked["locale"], form=PORTABLE, now=now)
        terms = f"{this_site().api_url}docs/#"
        content = as_bytes(json_ld(in_form(json.loads(article.content), PORTABLE), terms=terms))
        return respond(request, article.shown(content, content_type=MEDIA_TYPE), now=now)
