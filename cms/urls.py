"""Every address of the whole project: home, reader, admin, API. `wagtail.urls` is not mounted, so that
no page is served without the record."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from cms import views

urlpatterns = [
    path("", views.home, name="home"),
    path("read/<str:locale>/<str:slug>/", views.read, name="read"),
    path("admin/", include(wagtailadmin_urls)),
    path("media/<path:path>", views.media),
    path("", include("api.urls")),
]
