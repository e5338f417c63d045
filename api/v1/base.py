"""The base of every view under `articles/{id or slug}/`: an old slug redirects to the current one."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponsePermanentRedirect

from api.protocol.caching import Caching, set_caching
from api.protocol.parameters import query_text
from api.protocol.views import DeliveryView
from api.v1.reading.lookup import Moved
from articles.record.site import this_site


class ArticleView(DeliveryView):
    def handle_exception(self, exc: Exception):
        if isinstance(exc, Moved):
            return redirect(self.request, exc)
        return super().handle_exception(exc)


def redirect(request: HttpRequest, moved: Moved) -> HttpResponsePermanentRedirect:
    """301; the rest of the path and the query stay as they are."""
    rest = request.path_info.partition("/articles/")[2].partition("/")[2]
    query = query_text(request)
    url = f"{this_site().api_url}articles/{quote(moved.slug)}/{quote(rest)}"
    response = HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)
    set_caching(response, Caching(surrogate_keys=(moved.article,)))
    return response
