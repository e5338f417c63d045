"""Our addresses, Wagtail's API v2 with the body of the page, and the serializer's."""

from django.urls import path
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from articles.authoring.models import ArticlePage
from cms.urls import urlpatterns as ours
from tests.bench.sides import serializer

FIELDS = ("summary", "article_type", "audience", "codes", "substances", "hero", "body")
ArticlePage.api_fields = [APIField(name) for name in FIELDS]

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [
    path("wagtail-api/", router.urls),
    path("drf/articles/", serializer.ArticleList.as_view()),
    path("drf/articles/<str:slug>/", serializer.ArticleDetail.as_view()),
    *ours,
]
