"""Our addresses, and Wagtail's API v2 with the body of the page, as a team without Vetted would serve it."""

from django.urls import path
from wagtail.api import APIField
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet

from articles.authoring.models import ArticlePage
from cms.urls import urlpatterns as ours

FIELDS = ("summary", "article_type", "audience", "codes", "substances", "hero", "body")
ArticlePage.api_fields = [APIField(name) for name in FIELDS]

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
urlpatterns = [path("wagtail-api/", router.urls), *ours]
