"""Two records of one work: the page that merges them or separates them again, and the links that lead to it."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.generic import FormView
from wagtail.admin.panels import HelpPanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.widgets import AdminSnippetChooser

from articles.admin.posted import key_of
from articles.authoring.permissions import MAY_MERGE
from articles.errors import DomainError
from articles.publishing.upkeep.merge import merge, separate
from articles.sources.models import Source


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        Source.objects.filter(merged_into=None), label="The record to keep", widget=AdminSnippetChooser(model=Source)
    )


class MergeView(WagtailAdminTemplateMixin, FormView):
    """Shows both records, and merges this one into the other. Of a merged one: what it was merged into."""

    template_name = "admin/library/merge_source.html"
    form_class = MergeForm
    header_icon = "openquote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_MERGE):
            raise PermissionDenied
        self.source = get_object_or_404(Source.objects.select_related("merged_into"), pk=kwargs["pk"])
        self.page_title = "Two records of one work" if self.source.merged_into else "Merge two records of one work"
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = {"url": reverse("wagtailsnippets_articles_source:list"), "label": "Sources"}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.get_page_title()}]

    def get_initial(self) -> dict[str, Any]:
        into = key_of(self.request.GET.get("into", ""))
        return {"into": Source.objects.filter(pk=into, merged_into=None).first() if into else None}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"source": self.source, "edit_url": edit_url(self.source)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.source.merged_into:
            return cast(HttpResponse, super().post(request, *args, **kwargs))
        return self._or_say_why(lambda: separate(self.source, by=user_of(request)), "Separated.", self.source)

    def form_valid(self, form: MergeForm) -> HttpResponse:
        kept = form.cleaned_data["into"]
        said = f"Merged. Every draft that cited “{self.source}” now cites “{kept}”."
        return self._or_say_why(lambda: merge(self.source, into=kept, by=user_of(self.request)), said, kept)

    def _or_say_why(self, act: Any, said: str, shown: Source) -> HttpResponse:
        try:
            act()
        except DomainError as error:
            messages.error(self.request, error.detail)
            return redirect(merge_url(self.source))
        messages.success(self.request, said)
        return redirect(edit_url(shown))


class RecordsPanel(HelpPanel):
    """At the end of a source's form: what it was merged into, or which records were merged into it."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = records_of(self.instance, self.request.user) if self.instance.pk else ""


def records_of(source: Source, user: Any) -> SafeString:
    may_merge = user.has_perm(MAY_MERGE)
    if source.merged_into:
        said = format_html(
            "<p>This record was merged into {}. Drafts that name it cite that one.</p>", link(source.kept)
        )
        return said + _act(source, "Separate the two records again") if may_merge else said
    rows = format_html_join("", "<p>{} was merged into this record.</p>", ((link(row),) for row in source.merged.all()))
    return rows + _act(source, "Merge this record into another record of the same work") if may_merge else rows


def offer_of(other: Source, source: Source, user: Any) -> SafeString:
    """Beside an identifier that another record has: that record, and for those who may, the merge with it."""
    seen = format_html('<a href="{}" target="_blank" rel="noopener">Open that record</a>', edit_url(other))
    if not (source.pk and user and user.has_perm(MAY_MERGE)):
        return seen
    url = f"{merge_url(source)}?into={other.pk}"
    return format_html('{} or <a href="{}">merge this record into it</a>.', seen, url)


def merge_buttons(snippet: Any, user: Any, next_url: str | None = None) -> list[Button]:
    """In the list of sources."""
    if not isinstance(snippet, Source) or not user.has_perm(MAY_MERGE):
        return []
    return [Button("Merge", url=merge_url(snippet), icon_name="resubmit", priority=40)]


def link(source: Source) -> SafeString:
    return format_html('<a href="{}">{}</a>', edit_url(source), source)


def edit_url(source: Source) -> str:
    return reverse("wagtailsnippets_articles_source:edit", args=[source.pk])


def merge_url(source: Source) -> str:
    return reverse("articles_merge_source", args=[source.pk])


def user_of(request: HttpRequest) -> User:
    return cast(User, request.user)


def _act(source: Source, words: str) -> SafeString:
    return format_html('<p><a href="{}">{}</a></p>', merge_url(source), words)
