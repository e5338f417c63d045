"""Wagtail's buttons that articles do without: the refusal is a message that says what to do instead."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.views.pages.copy import CopyView
from wagtail.admin.views.pages.delete import DeleteView
from wagtail.admin.views.pages.unpublish import UnpublishView
from wagtail.models import Page, ReferenceIndex

from articles.authoring.components import Component
from articles.authoring.rules import (
    COPIES_ARE_DRAFTS,
    NO_ALIASES,
    NOT_PUBLISHED_BY_HAND,
    NOT_UNPUBLISHED_BY_HAND,
    USED_COMPONENT,
    why_not_deleted,
)

BULK = {"publish": NOT_PUBLISHED_BY_HAND, "unpublish": NOT_UNPUBLISHED_BY_HAND}


class ArticleCopyForm(CopyForm):
    """As Wagtail's, without aliases and published copies; whoever asks for one all the same hears why not."""

    refused = {"alias": NO_ALIASES, "publish_copies": NOT_PUBLISHED_BY_HAND}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in self.refused:
            self.fields.pop(name, None)

    def clean(self):
        cleaned = super().clean()
        for name, words in self.refused.items():
            if self.data.get(name):
                self.add_error("new_title", words)
        return cleaned


class ArticleCopyView(CopyView):
    def get_form_class(self):
        return ArticleCopyForm

    def form_valid(self, form) -> HttpResponse:
        answer = super().form_valid(form)
        messages.info(self.request, COPIES_ARE_DRAFTS)
        return answer


class ArticleDeleteView(DeleteView):
    def dispatch(self, request, page_id, *args, **kwargs):
        try:
            return super().dispatch(request, page_id, *args, **kwargs)
        except PermissionDenied:
            page = get_object_or_404(Page, pk=page_id).specific
            if words := why_not_deleted(page):
                return _refuse(request, words, page)
            raise


class ArticleUnpublishView(UnpublishView):
    def dispatch(self, request, *args, **kwargs):
        return _refuse(request, NOT_UNPUBLISHED_BY_HAND, self.object)


def refuse_bulk_action(request: HttpRequest, action_type: str, objects: list, action: Any) -> HttpResponse | None:
    """Wagtail's hook before a bulk action on pages; what may not be deleted stays, the rest goes."""
    if action.model is not Page:
        return None
    if words := BULK.get(action_type):
        messages.error(request, words)
        return redirect(action.next_url)
    if action_type != "delete":
        return None
    kept = action.get_actionable_objects()[1]["items_with_no_access"]
    for words in filter(None, map(why_not_deleted, kept)):
        messages.error(request, words)
    return None if objects else redirect(action.next_url)


def refuse_to_delete_components(request: HttpRequest, instances: list) -> HttpResponse | None:
    """Wagtail's hook before offers, disclaimers and other snippets are deleted, one or many."""
    refusals = [words for row in instances if isinstance(row, Component) and (words := _why_not(row))]
    for words in refusals:
        messages.error(request, words)
    return redirect(instances[0].snippet_viewset.get_url_name("list")) if refusals else None


def _why_not(component: Component) -> str:
    """Readers get it, or articles name it with a key that protects it."""
    is_named = ReferenceIndex.get_grouped_references_to(component).is_protected
    return why_not_deleted(component) or (USED_COMPONENT.format(name=component) if is_named else "")


def _refuse(request: HttpRequest, words: str, page: Page) -> HttpResponse:
    messages.error(request, words)
    return redirect("wagtailadmin_explore", page.get_parent().pk)
