"""Every route of delivery, on one screen: all addresses of the delivery process; cms/urls.py mounts it at the root."""

from django.urls import path, re_path

from api import files, health, unknown
from api.v1 import (
    articles,
    changes,
    components,
    editions,
    infobutton,
    json_ld,
    people,
    resolve,
    sections,
    sources,
    topics,
    vocabulary,
)
from api.v1.fixtures import views as fixtures
from api.v1.mcp import view as mcp
from api.v1.proof import keys, ledger, state
from api.v1.schemas import generator

app_name = "api"

V1 = "api/v1/"
ARTICLE = f"{V1}articles/<str:name>/"

urlpatterns = [
    path(f"{V1}articles/", articles.ArticleList.as_view(), name="articles"),
    path(f"{ARTICLE}", articles.ArticleDetail.as_view(), name="article"),
    path(f"{ARTICLE}sections/", sections.SectionList.as_view(), name="sections"),
    path(f"{ARTICLE}sections/<str:kind>/", sections.SectionsOfKind.as_view(), name="sections-of-kind"),
    path(f"{ARTICLE}json-ld/", json_ld.ArticleJsonLd.as_view(), name="json-ld"),
    path(f"{ARTICLE}state/", state.ArticleState.as_view(), name="article-state"),
    path(f"{ARTICLE}editions/", editions.EditionList.as_view(), name="editions"),
    path(f"{ARTICLE}editions/<str:number>/", editions.EditionDetail.as_view(), name="edition"),
    path(f"{ARTICLE}editions/<str:number>/changes/", editions.EditionChanges.as_view(), name="edition-changes"),
    path(f"{ARTICLE}editions/<str:number>/parts/<str:part>/", editions.PartDetail.as_view(), name="part"),
    path(
        f"{V1}components/<uuid:component>/editions/<str:number>/",
        components.ComponentEdition.as_view(),
        name="component-edition",
    ),
    path(V1, vocabulary.Root.as_view(), name="root"),
    path(f"{V1}vocabulary/", vocabulary.Vocabulary.as_view(), name="vocabulary"),
    path(f"{V1}locales/", vocabulary.LocaleList.as_view(), name="locales"),
    path(f"{V1}people/", people.PersonList.as_view(), name="people"),
    path(f"{V1}people/<uuid:person>/", people.PersonDetail.as_view(), name="person"),
    path(f"{V1}sources/<uuid:source>/", sources.SourceDetail.as_view(), name="source"),
    path(f"{V1}resolve/", resolve.Resolve.as_view(), name="resolve"),
    path(f"{V1}sections/", sections.SectionSearch.as_view(), name="passages"),
    path(f"{V1}changes/", changes.ChangeList.as_view(), name="changes"),
    path(f"{V1}topics/", topics.TopicList.as_view(), name="topics"),
    path(f"{V1}keys/", keys.KeyList.as_view(), name="keys"),
    path(f"{V1}ledger/head/", ledger.LedgerHead.as_view(), name="ledger-head"),
    path(f"{V1}ledger/proof/<str:event>/", ledger.LedgerProof.as_view(), name="ledger-proof"),
    path(f"{V1}ledger/consistency/", ledger.LedgerConsistency.as_view(), name="ledger-consistency"),
    path(f"{V1}infobutton/", infobutton.Infobutton.as_view(), name="infobutton"),
    path(f"{V1}mcp/", mcp.Mcp.as_view(), name="mcp"),
    path(f"{V1}mcp", mcp.Mcp.as_view(schema=None)),  # clients that POST follow no redirect
    path(f"{V1}fixtures/", fixtures.FixtureList.as_view(), name="fixtures"),
    path(f"{V1}fixtures/changes/", fixtures.FixtureChanges.as_view(schema=None), name="fixture-changes"),
    path(f"{V1}fixtures/problems/<str:code>/", fixtures.FixtureProblem.as_view(schema=None), name="fixture-problem"),
    path(f"{V1}fixtures/pictures/<str:file>", fixtures.FixturePicture.as_view(schema=None), name="fixture-picture"),
    path(f"{V1}fixtures/<str:fixture>/", fixtures.FixtureDetail.as_view(), name="fixture"),
    path(f"{V1}fixtures/<str:fixture>/<path:rest>/", fixtures.FixtureBelow.as_view(schema=None), name="fixture-below"),
    path(f"{V1}openapi.yaml", generator.OpenApiDocument.as_view(), name="openapi"),
    path(f"{V1}docs/", generator.Documentation.as_view(), name="docs"),
    path(".well-known/vetted.json", keys.Organisation.as_view(), name="organisation"),
    path("healthz", health.Healthy.as_view(), name="healthz"),
    path("readyz", health.Ready.as_view(), name="readyz"),
    path("editions/<path:path>", files.EditionFile.as_view(), name="edition-file"),
    re_path(r"^api(?:/|$)", unknown.Unknown.as_view(), name="unknown"),
]
