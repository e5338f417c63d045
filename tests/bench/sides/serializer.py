"""The article by a ModelSerializer with prefetched relations: what a team without Vetted writes first."""

from django.db.models import Prefetch
from rest_framework import generics, pagination, renderers, serializers
from wagtail.images import get_image_model

from articles.authoring.models import ArticlePage

CARD = ("id", "slug", "title", "summary", "article_type", "audience", "first_published_at", "topics", "disclaimers")
SIZES = ("width-400", "width-600", "width-800")


class ArticleSerializer(serializers.ModelSerializer):
    topics = serializers.SerializerMethodField()
    disclaimers = serializers.SerializerMethodField()
    hero = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()

    class Meta:
        model = ArticlePage
        fields = (*CARD, "hero", "body")

    def get_topics(self, page: ArticlePage) -> list[dict]:
        return [{"slug": row.topic.slug, "name": row.topic.name} for row in page.topics.all()]

    def get_disclaimers(self, page: ArticlePage) -> list[dict]:
        return [{"name": row.disclaimer.name, "text": row.disclaimer.text} for row in page.disclaimers.all()]

    def get_hero(self, page: ArticlePage) -> list[dict]:
        found = page.hero.get_renditions(*SIZES) if page.hero else {}
        return [{"url": row.url, "width": row.width, "height": row.height, "alt": row.alt} for row in found.values()]

    def get_body(self, page: ArticlePage) -> list:
        return page.body.stream_block.get_api_representation(page.body, context=self.context)


class CardSerializer(ArticleSerializer):
    class Meta(ArticleSerializer.Meta):
        fields = (*CARD, "hero")


class Pages(pagination.PageNumberPagination):
    page_size = 20


class Articles:
    pictures = Prefetch("hero", get_image_model().objects.prefetch_renditions(*SIZES))
    queryset = (
        ArticlePage.objects.live()
        .prefetch_related("topics__topic", "disclaimers__disclaimer", pictures)
        .order_by("-pk")
    )
    renderer_classes = [renderers.JSONRenderer]


class ArticleDetail(Articles, generics.RetrieveAPIView):
    serializer_class = ArticleSerializer
    lookup_field = "slug"


class ArticleList(Articles, generics.ListAPIView):
    serializer_class = CardSerializer
    pagination_class = Pages
