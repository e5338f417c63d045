"""The article by a ModelSerializer with prefetched relations: what a team without Vetted writes first."""

from rest_framework import generics, pagination, renderers, serializers

from articles.authoring.models import ArticlePage

CARD = ("id", "slug", "title", "summary", "article_type", "audience", "first_published_at", "topics", "disclaimers")


class ArticleSerializer(serializers.ModelSerializer):
    topics = serializers.SerializerMethodField()
    disclaimers = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = ArticlePage
        fields = (*CARD, "body")

    def get_topics(self, page: ArticlePage) -> list[dict]:
        return [{"slug": row.topic.slug, "name": row.topic.name} for row in page.topics.all()]

    def get_disclaimers(self, page: ArticlePage) -> list[dict]:
        return [{"name": row.disclaimer.name, "text": row.disclaimer.text} for row in page.disclaimers.all()]

    def get_body(self, page: ArticlePage) -> list:
        return page.body.stream_block.get_api_representation(page.body, context=self.context)


class CardSerializer(ArticleSerializer):
    class Meta(ArticleSerializer.Meta):
        fields = CARD


class Pages(pagination.PageNumberPagination):
    page_size = 20


class Articles:
    queryset = ArticlePage.objects.live().prefetch_related("topics__topic", "disclaimers__disclaimer").order_by("-pk")
    renderer_classes = [renderers.JSONRenderer]


class ArticleDetail(Articles, generics.RetrieveAPIView):
    serializer_class = ArticleSerializer
    lookup_field = "slug"


class ArticleList(Articles, generics.ListAPIView):
    serializer_class = CardSerializer
    pagination_class = Pages
