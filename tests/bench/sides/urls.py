"""Our addresses, Wagtail's API v2 with the body of the page, and the serializer's.

Both give what a web page needs as Vetted does: rich text with addresses in its links, and the picture in three sizes.
"""

from django.urls import path
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.blocks import RichTextBlock
from wagtail.images.api.fields import ImageRenditionField

from articles.authoring.models import ArticlePage
from cms.urls import urlpatterns as ours
from tests.bench.sides import serializer

FIELDS = ("summary", "article_type", "audience", "codes", "substances", "body")
ArticlePage.api_fields = [APIField(name) for name in FIELDS] + [
    APIField(f"hero_{size.partition('-')[2]}", serializer=ImageRenditionField(size, source="hero"))
    for size in serializer.SIZES
]
RichTextBlock.get_api_representation = lambda self, value, context=None: str(value)  # as its documentation advises

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [
    path("wagtail-api/", router.urls),
    path("drf/articles/", serializer.ArticleList.as_view()),
    path("drf/articles/<str:slug>/", serializer.ArticleDetail.as_view()),
    *ours,
]
