"""A Django view that answers constant bytes, without middleware: the least that Django can do."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

SECRET_KEY, ALLOWED_HOSTS = "bench only", ["127.0.0.1"]
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "tests.bench.sides.bare"
WSGI_APPLICATION = "cms.wsgi.application"
BYTES = b"x" * 11_000


def constant(request: HttpRequest, path: str = "") -> HttpResponse:
    return HttpResponse(BYTES, content_type="application/json")


urlpatterns = [path("<path:path>", constant)]
