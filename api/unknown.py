"""An unknown address below /api/ answers a problem; a known route without its slash redirects to it."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from api.protocol.caching import Caching, set_caching
from api.protocol.parameters import query_text
from api.protocol.problems import NOWHERE, WHERE_TO_BEGIN, NotFound
from api.protocol.views import DeliveryView


class Unknown(DeliveryView):
    media_types = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if path.endswith("/") or not _is_route(f"{path}/"):
            raise NotFound(WHERE_TO_BEGIN)
        query = query_text(request)
        response = HttpResponsePermanentRedirect(f"{request.path}/?{query}" if query else f"{request.path}/")
        set_caching(response, Caching())
        return response

    def http_method_not_allowed(self, request: HttpRequest, *args, **kwargs):
        raise NotFound(NOWHERE)


def _is_route(path: str) -> bool:
    try:
        found = resolve(path)
    except Resolver404:
        return False
    return getattr(found.func, "cls", None) is not Unknown
