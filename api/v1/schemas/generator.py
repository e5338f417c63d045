"""`openapi.yaml` and `docs/`: the snapshot that `make openapi` writes, and its pages. Assets are ours, none is fetched.

The snapshot is served as it was committed; tests/contracts holds it equal to what the code says.
"""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from drf_spectacular.utils import extend_schema

from api.protocol.caching import Representation, respond
from api.protocol.parameters import read
from api.protocol.views import DeliveryView

SNAPSHOT = Path(__file__).resolve().parents[2] / "openapi.yaml"
ANY_SERVER = b"servers:\n- url: /\n"
DOCS_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def only_delivery(endpoints, **options):
    """drf-spectacular's hook: the routes of version 1, but not those that serve the documentation."""
    documentation = ("/api/v1/openapi.yaml", "/api/v1/docs/")
    return [row for row in endpoints if row[0].startswith("/api/v1/") and row[0] not in documentation]


class OpenApiDocument(DeliveryView):
    media_types = ()

    @extend_schema(exclude=True)
    def get(self, request: HttpRequest) -> HttpResponse:
        read(request, ())
        content = _document(settings.PUBLIC_URL)
        shown = Representation(content, content_type="application/yaml")
        return respond(request, shown, now=timezone.now())


class Documentation(DeliveryView):
    media_types = ()

    @extend_schema(exclude=True)
    def get(self, request: HttpRequest) -> HttpResponse:
        read(request, ())
        content = render_to_string("api/docs.html").encode()
        headers = {"Content-Security-Policy": DOCS_SECURITY}
        shown = Representation(content, content_type="text/html; charset=utf-8", headers=headers)
        return respond(request, shown, now=timezone.now())


@cache
def _document(public_url: str) -> bytes:
    """With this installation's address as the server."""
    return SNAPSHOT.read_bytes().replace(ANY_SERVER, f"servers:\n- url: {public_url}\n".encode())
