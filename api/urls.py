"""Every route of delivery, on one screen. cms/urls.py and cms/delivery_urls.py mount it at the root."""

from django.urls import path, re_path

from api import files, health, unknown
from api.v1 import articles, components, editions, sections, topics
from api.v1.schemas import generator

app_name = "api"

V1 = "api/v1/"
ARTICLE = f"{V1}articles/<str:name>/"

urlpatterns = [
    path(f"{V1}articles/", articles.ArticleList.as_view(), name="articles"),
    path(f"{ARTICLE}", articles.ArticleDetail.as_view(), name="article"),
    path(f"{ARTICLE}sections/", sections.SectionList.as_view(), name="sections"),
    path(f"{ARTICLE}sections/<str:kind>/", sections.SectionsOfKind.as_view(), name="sections-of-kind"),
    path(f"{ARTICLE}editions/", editions.EditionList.as_view(), name="editions"),
    path(f"{ARTICLE}editions/<str:number>/", editions.EditionDetail.as_view(), name="edition"),
    path(f"{ARTICLE}editions/<str:number>/parts/<str:part>/", editions.PartDetail.as_view(), name="part"),
    path(
        f"{V1}components/<uuid:component>/editions/<str:number>/",
        components.ComponentEdition.as_view(),
        name="component-edition",
    ),
    path(f"{V1}topics/", topics.TopicList.as_view(), name="topics"),
    path(f"{V1}openapi.yaml", generator.OpenApiDocument.as_view(), name="openapi"),
    path(f"{V1}docs/", generator.Documentation.as_view(), name="docs"),
    path("healthz", health.Healthy.as_view(), name="healthz"),
    path("readyz", health.Ready.as_view(), name="readyz"),
    path("editions/<path:path>", files.EditionFile.as_view(), name="edition-file"),
    re_path(r"^api(?:/|$)", unknown.Unknown.as_view(), name="unknown"),
]
