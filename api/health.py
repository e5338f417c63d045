"""`/healthz` (the process answers) and `/readyz` (it can deliver), for load balancers."""

from functools import cache
from pkgutil import iter_modules

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from api import migrations as keys
from api.protocol import database
from api.protocol.caching import NOT_STORED, set_caching
from api.protocol.problems import Unavailable
from api.protocol.views import DeliveryView
from articles.record import migrations

APPLIED = "SELECT app || '.' || name FROM django_migrations WHERE app IN ('record', 'api')"
# Tables that an upgrade added, if the role of delivery was not given them (docs/operators.md).
REFUSED = (
    r"SELECT relname FROM pg_class WHERE relkind = 'r' AND (relname LIKE 'record\_%%' OR relname = 'api_apikey') "
    "AND pg_table_is_visible(oid) AND NOT has_table_privilege(oid, 'SELECT') ORDER BY relname"
)


class Healthy(DeliveryView):
    takes_keys = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """200 without asking the database."""
        return _fine()


class Ready(DeliveryView):
    takes_keys = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """200 if the database answers, has this version's migrations of the record and the keys, and lets us read
        them; otherwise 503."""
        try:
            applied = {name for (name,) in database.fetch(APPLIED, ())}
            refused = [name for (name,) in database.fetch(REFUSED, ())] if database.is_postgresql() else []
        except DatabaseError as error:
            raise Unavailable() from error
        if lacking := sorted(_known() - applied):
            raise Unavailable(f"The database lacks the migrations {', '.join(lacking)}; run `manage.py migrate`.")
        if refused:
            raise Unavailable(f"The database's role may not read {', '.join(refused)}; grant it.")
        return _fine()


@cache
def _known() -> set[str]:
    paths = {"record": migrations.__path__, "api": keys.__path__}
    return {f"{app}.{found.name}" for app, path in paths.items() for found in iter_modules(path) if not found.ispkg}


def _fine() -> HttpResponse:
    response = HttpResponse(b'{"status":"ok"}', content_type="application/json")
    set_caching(response, NOT_STORED)
    return response
