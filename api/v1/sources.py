"""`sources/{id}/`: a source that published articles cite, what became of it, and which articles cite it."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import read
from api.protocol.problems import NotFound
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PATH_SOURCE, RESOURCE_PROBLEMS
from api.v1.reading import stored
from api.v1.reading.used import articles_with
from api.v1.schemas.collections.people import SourceSerializer
from articles.record.delivery.compose import encode
from articles.record.delivery.forms import PORTABLE


class SourceDetail(DeliveryView):
    @extend_schema(
        operation_id="source",
        summary="One source, with its status and the articles that cite it",
        parameters=[PATH_SOURCE, *CACHED],
        responses={200: SourceSerializer} | RESOURCE_PROBLEMS,
    )
    def get(self, request: HttpRequest, source: UUID) -> HttpResponse:
        """`reference.source_status` says whether it was corrected, questioned or retracted."""
        read(request, ())
        now, key = timezone.now(), str(source)
        articles = articles_with("source", key, now=now)
        if not articles:
            raise NotFound("No published article cites this source.")
        newest = stored.load(articles[0]["id"], locale=None, form=PORTABLE, now=now)
        references = json.loads(newest.content)["content"]["references"]
        cited = next(row for row in references if row["source_id"] == key)
        reference = {name: value for name, value in cited.items() if name != "number"}  # it has one in an article only
        content = encode({"id": key, "reference": reference, "articles": articles})
        caching = Caching(surrogate_keys=("articles", key))
        return respond(request, Representation(content, caching=caching), now=now)
