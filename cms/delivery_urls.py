"""Every address of the delivery process: the API's, at the root."""

from django.urls import include, path

urlpatterns = [path("", include("api.urls"))]
