"""`topics/`: the topics of published articles."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import read
from api.protocol.views import DeliveryView
from api.v1.answers import CACHED, PLAIN_PROBLEMS
from api.v1.reading.lookup import SERVED_NOW
from articles.record.delivery.compose import encode
from articles.record.site import this_site

TOPICS = (
    "SELECT t.slug, t.name, COUNT(*) FROM record_topicentry t "
    "JOIN record_facet f ON f.name = 'topic' AND f.value = t.slug "
    f"JOIN record_publication p ON p.article = f.article AND {SERVED_NOW} "
    "GROUP BY t.slug, t.name ORDER BY t.name, t.slug"
)


class CountedTopicSerializer(serializers.Serializer):
    slug = serializers.CharField(help_text="The value for `articles/?topic=`.")
    name = serializers.CharField(help_text="The name that readers see.")
    articles = serializers.IntegerField(min_value=1, help_text="The number of published articles with this topic.")
    url = serializers.URLField(help_text="The list of these articles.")


class TopicsSerializer(serializers.Serializer):
    results = CountedTopicSerializer(many=True, help_text="Sorted by name.")


class TopicList(DeliveryView):
    @extend_schema(
        operation_id="topics",
        summary="Topics with published articles",
        parameters=CACHED,
        responses={200: TopicsSerializer} | PLAIN_PROBLEMS,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Sorted by name, in all languages."""
        read(request, ())
        now = timezone.now()
        rows = database.fetch(TOPICS, (database.instant_parameter(now),))
        content = encode({"results": [counted(*row) for row in rows]})
        shown = Representation(content, caching=Caching(surrogate_keys=("articles", "topics")))
        return respond(request, shown, now=now)


def counted(slug: str, name: str, articles: int) -> dict:
    url = f"{this_site().api_url}articles/?topic={quote(slug)}"
    return {"slug": slug, "name": name, "articles": articles, "url": url}
