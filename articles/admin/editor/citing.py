"""Citing in the editor: the dialog in the place of Wagtail's list of citations, and what it asks of the library.

Which sources do pasted footnotes name, and what are the cited ones called?
"""

import json
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature, Feature
from wagtail.admin.telepath import register
from wagtail.blocks.list_block import ListBlockAdapter
from wagtail.permissions import policy_registry

from articles.authoring.blocks.citations import CitationList
from articles.authoring.rich_text.features import KEY, LONGEST
from articles.record.citations.short import in_short
from articles.record.vocabulary import Support
from articles.sources.models import Source
from articles.sources.named import sources_named_in

MOST_NOTES = 200
WORK = ("choose", "view", "add", "change")
WAGTAIL_JS = ["wagtailadmin/js/modal-workflow.js", "wagtailadmin/js/chooser-modal.js"]
DIALOG_JS = [*WAGTAIL_JS, "cms/citing/sources.js", "cms/citing/dialog.js"]
CITING_CSS = {"all": ["cms/citing/citing.css"]}


def dialog_options() -> dict[str, Any]:
    """What the dialog of citations has to know, in running text and in lists."""
    return {
        "supports": Support.choices,
        "chooserUrl": reverse_lazy("wagtailsnippetchoosers_articles_source:choose"),
        "longest": LONGEST,
    }


class CitationFeature(EntityFeature):
    """The entity, and the plugin with its shortcut."""

    def construct_options(self, options: dict[str, Any]) -> None:
        super().construct_options(options)
        options.setdefault("plugins", []).append({"type": "vetted-cite"})


class CitationListAdapter(ListBlockAdapter):
    """Wagtail's list stays behind the dialog, and holds what is sent."""

    js_constructor = "vetted.CitationList"

    def js_args(self, block: CitationList) -> list[Any]:
        *args, meta = super().js_args(block)
        options = dialog_options()
        return [*args, meta | {"citing": options | {"chooserUrl": str(options["chooserUrl"])}}]

    @cached_property
    def media(self) -> forms.Media:
        return super().media + Feature(js=[*DIALOG_JS, "cms/citing/list.js"], css=CITING_CSS).media


register(CitationListAdapter(), CitationList)


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
    """`?ids=3,4` -> `{"3": {"kept": "3", "short": "Adams 2017", "reference": "Adams 2017, A title, A journal"}}`.

    `short` stands in the text of the editor, where readers get a number. A record that was merged into another has the
    name of that one, which is `kept`. Unknown sources are left out.
    """
    if not policy_registry.get_by_type(Source).user_has_any_permission(cast(User, request.user), WORK):
        raise PermissionDenied
    keys = [key for key in request.GET.get("ids", "").split(",")[:MOST_NOTES] if KEY.fullmatch(key)]
    rows = Source.objects.filter(pk__in=keys).select_related("merged_into")
    return JsonResponse({str(row.pk): _label(row.kept) for row in rows})


def _label(row: Source) -> dict[str, str]:
    short, where = in_short(row.csl)
    named = [short] if short.startswith(row.title) else [short, row.title]
    return {"kept": str(row.pk), "short": short, "reference": ", ".join(filter(None, [*named, where]))}


def _notes(body: bytes) -> list[str] | None:
    try:
        notes = json.loads(body)["notes"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not isinstance(notes, list) or len(notes) > MOST_NOTES or not all(isinstance(note, str) for note in notes):
        return None
    return [note.replace("\0", "") for note in notes]
