"""*Replace a source*: another one takes its place at every citation of an article's draft."""

from collections import defaultdict
from typing import Any, cast

from django import forms
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.widgets import AdminSnippetChooser

from articles.authoring.models import ArticlePage
from articles.document.gather import gather
from articles.document.replacing import Replacing
from articles.errors import DomainError
from articles.publishing.upkeep.replacing import replace_source
from articles.review.responses.suggestions import body_of, may_decide
from articles.sources.models import Source


def named_in(page: ArticlePage) -> dict[int, str]:
    """{source: its name, and how often the draft cites it}, by name."""
    body, keys = body_of(page), defaultdict(set)
    for key, source in gather(page.get_latest_revision()).sources.items():
        keys[source.key].add(key)
    names = {row.pk: str(row) for row in Source.objects.filter(pk__in=keys)}
    by_name = sorted(names.items(), key=lambda each: each[1].casefold())
    return {key: f"{name} ({_count(body, keys[key])})" for key, name in by_name}


def _count(body: list[dict[str, Any]], keys: set[int]) -> str:
    found = Replacing(keys, 0)
    found.body(body)
    if not found.citations:
        return "not cited, listed as further reading"
    return f"cited {found.citations} times" if found.citations > 1 else "cited once"


class ReplaceForm(forms.Form):
    old = forms.TypedChoiceField(label="Old source", coerce=int, widget=forms.RadioSelect)
    new = forms.ModelChoiceField(
        Source.objects.filter(merged_into=None),
        label="New source",
        widget=AdminSnippetChooser(model=Source),
    )


class ReplaceView(WagtailAdminTemplateMixin, FormView):
    """For people who may edit the article."""

    template_name = "admin/editor/replace_source.html"
    form_class = ReplaceForm
    page_title = "Replace a source in this article"
    header_icon = "openquote"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.page = get_object_or_404(ArticlePage, pk=kwargs["pk"])
        if not may_decide(self.page, cast(User, request.user)):
            raise PermissionDenied
        self.named = named_in(self.page)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = {"url": self.get_success_url(), "label": self.page.get_admin_display_title()}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.get_page_title()}]

    def get_success_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.page.pk])

    def get_initial(self) -> dict[str, Any]:
        return {"old": self.request.GET.get("source", "")}

    def get_form(self, form_class: Any = None) -> ReplaceForm:
        form = super().get_form(form_class)
        form.fields["old"].choices = self.named.items()
        return cast(ReplaceForm, form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"edit_url": self.get_success_url(), "named": self.named}

    def form_valid(self, form: ReplaceForm) -> HttpResponse:
        old, new = get_object_or_404(Source, pk=form.cleaned_data["old"]), form.cleaned_data["new"]
        before = self.page.latest_revision_id
        try:
            done = replace_source(self.page, old, new, by=cast(User, self.request.user))
        except DomainError as error:
            form.add_error(None, error.detail)
            return self.form_invalid(form)
        undo = messages.button(reverse("wagtailadmin_pages:revisions_revert", args=[self.page.pk, before]), "Undo")
        messages.success(self.request, said_of(done, old, new), buttons=[undo])
        return redirect(self.get_success_url())


def said_of(done: Replacing, old: Source, new: Source) -> str:
    """What was done, and what is left to do."""
    where = f"at {done.citations} citations" if done.citations > 1 else "at one citation"
    said = f"“{new}” took the place of “{old}” {where if done.citations else 'in the list of sources'}."
    quotes = "its quote is" if done.quotes == 1 else f"their {done.quotes} quotes are"
    check = f" Check the support of each: {quotes} still from the source that went." if done.quotes else ""
    return said + (check or " Check the support of each." * bool(done.citations))


def replacing_buttons(page: Page, user: Any) -> list[Button]:
    """In the header of the editor."""
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None or not may_decide(article, user):
        return []
    url = reverse("articles_replace_source", args=[page.pk])
    return [Button("Replace a source", url=url, icon_name="openquote", priority=55)]
