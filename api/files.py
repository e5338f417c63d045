"""`/editions/<sha256>/<width>.<extension>`: image files, while an article that shows or showed them is published.

The database names the file; no part of the request becomes a path.
"""

import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from api.protocol import database
from api.protocol.caching import Caching, Representation, respond
from api.protocol.parameters import read
from api.protocol.problems import NotFound
from api.protocol.views import DeliveryView
from api.v1.reading.lookup import SERVED_NOW

# A file never changes under its name, but its article may be withdrawn: a day, not a year.
MAX_AGE_S = 24 * 60 * 60
FORM = re.compile(r"([0-9a-f]{64})/[1-9][0-9]{0,4}\.(webp|jpg|png)", re.ASCII)
SHOWN = (
    "SELECT r.path, r.type, r.sha256 FROM record_rendition r WHERE r.image = %s AND r.path = %s AND EXISTS "
    f"(SELECT 1 FROM record_link l JOIN record_publication p ON p.article = l.article AND {SERVED_NOW} "
    "WHERE l.relation = 'image' AND l.target = r.image)"
)


class EditionFile(DeliveryView):
    media_types = ()
    takes_keys = False

    def get(self, request: HttpRequest, path: str) -> HttpResponse:
        """404 for a picture of an article that is unsigned, not yet published, withdrawn or withheld."""
        read(request, ())
        now = timezone.now()
        name, content_type, digest = _require_shown(path, now)
        shown = Representation(
            _content(name),
            digest.removeprefix("sha-256:"),
            content_type=content_type,
            caching=Caching(max_age_s=MAX_AGE_S, is_immutable=True, surrogate_keys=(path.partition("/")[0],)),
        )
        return respond(request, shown, now=now)


def _require_shown(path: str, now: datetime) -> database.Row:
    """(path, media type, digest of the file). Raises NotFound."""
    form = FORM.fullmatch(path)
    row = form and database.fetch_one(SHOWN, (f"sha-256:{form[1]}", path, database.instant_parameter(now)))
    if not row:
        raise NotFound("No published article shows this picture.")
    return row


def _content(name: str) -> bytes:
    try:
        return (Path(settings.EDITION_FILES_ROOT) / name).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("The picture's file is missing on the server; tell the operators.") from error
