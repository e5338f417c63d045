"""What the editor asks of the library: which sources do pasted footnotes name, and what are the cited ones called?"""

import json
from typing import cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST
from wagtail.permissions import policy_registry

from articles.authoring.rich_text.features import KEY
from articles.record.citations.short import in_short
from articles.sources.models import Source
from articles.sources.named import sources_named_in

MOST_NOTES = 200
WORK = ("choose", "view", "add", "change")


@require_POST
def sources_named(request: HttpRequest) -> JsonResponse:
    """`{"notes": ["Adams 2017. doi:…"]}` -> `{"sources": [[{"id": 3, "title": "…"}]]}`, one list for each note."""
    if not policy_registry.get_by_type(Source).user_has_any_permission(cast(User, request.user), WORK):
        raise PermissionDenied
    notes = _notes(request.body)
    if notes is None:
        return JsonResponse({"detail": f"Send at most {MOST_NOTES} notes as a list of texts."}, status=400)
    found = sources_named_in(notes)
    return JsonResponse({"sources": [[{"id": row.pk, "title": row.title} for row in rows] for rows in found]})


@require_GET
def labels(request: HttpRequest) -> JsonResponse:
    """`?ids=3,4` -> `{"3": {"short": "Adams 2017", "reference": "Adams 2017, A title, A journal"}}`.

    `short` stands in the text of the editor, where readers get a number. Unknown sources are left out.
    """
    if not policy_registry.get_by_type(Source).user_has_any_permission(cast(User, request.user), WORK):
        raise PermissionDenied
    keys = [key for key in request.GET.get("ids", "").split(",")[:MOST_NOTES] if KEY.fullmatch(key)]
    return JsonResponse({str(row.pk): _label(row) for row in Source.objects.filter(pk__in=keys)})


def _label(row: Source) -> dict[str, str]:
    short, where = in_short(row.csl)
    return {"short": short, "reference": ", ".join(filter(None, [short, row.title, where]))}


def _notes(body: bytes) -> list[str] | None:
    try:
        notes = json.loads(body)["notes"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(notes, list) or len(notes) > MOST_NOTES or not all(isinstance(note, str) for note in notes):
        return None
    return [note.replace("\0", "") for note in notes]
