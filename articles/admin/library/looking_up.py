"""*Look up*: what Crossref and PubMed say of stored sources, shown beside their records before anything is replaced.

A work that another record of the library has is not recorded twice: the article cites that record in its place.

One page for the sources of an article, one for a source by itself; and the links that lead to both.
"""

import time
from dataclasses import dataclass, field
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.generic import TemplateView
from wagtail.admin.panels import HelpPanel
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.permissions import policy_registry

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_MERGE
from articles.document.gather import gather
from articles.errors import DomainError
from articles.publishing.upkeep.replacing import replace_source
from articles.review.responses.suggestions import may_decide
from articles.sources.duplicates import find_known
from articles.sources.filling import Detail, compare, fill, mark_of, words_of
from articles.sources.lookup.client import is_any_on
from articles.sources.lookup.errors import LookupFailed, NotCertain
from articles.sources.lookup.find import LONGEST, find_record
from articles.sources.lookup.records import Record
from articles.sources.models import Source

WITHIN_S = 20.0  # of one request; what is left is looked up by the next click, and what was found is kept for a day
ALL = "all"
NOT_YET = "This one was not looked up yet, because the others took long. Choose “Look up all” again."


@dataclass
class Row:
    """A source on the page. `words`: what to look up; `details`, `mark`: of what was found; `known`: another record of
    the work; `problem`: why nothing was found, or why it was not taken over."""

    source: Source
    words: str
    details: list[Detail] = field(default_factory=list)
    mark: str = ""
    warning: str = ""
    known: Source | None = None
    problem: str = ""
    candidates: tuple[Record, ...] = ()

    @property
    def verified(self) -> str:
        return verified(self.source)

    @property
    def is_same(self) -> bool:
        return not any(detail.is_new for detail in self.details)

    def find(self, *, is_fresh: bool) -> Record | None:
        """The record that the words name; otherwise says why there is none."""
        try:
            record = find_record(self.words, is_fresh=is_fresh)
        except LookupFailed as error:
            self.problem = f"{error.detail} Whether this work still stands is not known."
            self.candidates = error.candidates if isinstance(error, NotCertain) else ()
            return None
        self.known = other_record(self.source, record)
        self.details, self.mark = compare(self.source, record), mark_of(self.source, record)
        self.warning = Source(status=record.status).get_status_display() if record.status != "standing" else ""
        return record


def other_record(source: Source, record: Record) -> Source | None:
    """Another record of the library that is the work that was found."""
    found = Source(pk=source.pk, **{name: getattr(record, name) for name in ("doi", "pmid", "pmcid")})
    known = find_known(found)
    return known if known and known != source.kept else None


def verified(source: Source) -> str:
    if source.verified_at is None:
        return "Not verified"
    return f"Verified with {source.get_verified_from_display()} on {localtime(source.verified_at):%-d %B %Y}"


class LookUp(WagtailAdminTemplateMixin, TemplateView):
    """Looks up the sources that were asked for, and takes over what was found and ticked."""

    template_name = "admin/library/look_up.html"
    header_icon = "openquote"
    article: ArticlePage | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_change_sources(self.user) or not self.may_open():
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    @property
    def user(self) -> User:
        return cast(User, self.request.user)

    @cached_property
    def sources(self) -> list[Source]:
        raise NotImplementedError

    @property
    def back_url(self) -> str:
        raise NotImplementedError

    def may_open(self) -> bool:
        return True

    @cached_property
    def rows(self) -> list[Row]:
        """Those that are not verified first."""
        rows = [Row(each, self.request.POST.get(f"words-{each.pk}", words_of(each))[:LONGEST]) for each in self.sources]
        return sorted(rows, key=lambda row: row.source.verified_at is not None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "rows": self.rows,
            "open": [row for row in self.rows if row.source.verified_at is None],
            "found": [row for row in self.rows if row.details and (self.article or not row.known)],
            "article": self.article,
            "back_url": self.back_url,
            "is_on": is_any_on(),
            "may_merge": self.user.has_perm(MAY_MERGE),
            "longest": LONGEST,
        }

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("do") == "use":
            return self._use()
        self._look_up(request.POST.get("do", ""))
        return self.render_to_response(self.get_context_data())

    def _look_up(self, wanted: str) -> None:
        """Those that are asked for, and again those that were found before. A service that is slow ends it in time."""
        end = time.monotonic() + WITHIN_S
        for row in self.rows:
            is_asked = wanted == str(row.source.pk) or (wanted == ALL and row.source.verified_at is None)
            if not (is_asked or f"mark-{row.source.pk}" in self.request.POST):
                continue
            if time.monotonic() > end:
                row.problem = NOT_YET
            else:
                row.find(is_fresh=wanted == str(row.source.pk))

    def _use(self) -> HttpResponse:
        """Take over what is ticked. Whatever cannot be stays on the page, with the reason."""
        ticked, done = self.request.POST.getlist("use"), list[Source]()
        for row in self.rows:
            record = row.find(is_fresh=False) if f"mark-{row.source.pk}" in self.request.POST else None
            if record and str(row.source.pk) in ticked:
                self._take(row, record, done)
        if done:
            messages.success(self.request, said_of(done))
        if any(row.problem for row in self.rows):
            return self.render_to_response(self.get_context_data())
        if not done:
            messages.info(self.request, "Nothing was ticked, so nothing was replaced.")
        is_left = any(row.source.verified_at is None for row in self.rows if row.source not in done)
        return redirect(self.request.path if is_left or not done else self.back_url)

    def _take(self, row: Row, record: Record, done: list[Source]) -> None:
        shown = self.request.POST.get(f"mark-{row.source.pk}", "")
        try:
            if not row.known:
                row.source = fill(row.source, record, shown=shown, by=self.user, now=timezone.now())
            elif self.article:
                replace_source(self.article, row.source, row.known, by=self.user)
                row.source, row.known = row.known, None
            else:
                return
        except DomainError as error:
            row.problem = error.detail
        else:
            done.append(row.source)
            row.details, row.words = [], words_of(row.source)


class LookUpOfArticle(LookUp):
    """The sources that the latest draft of an article cites or lists, for people who may edit it."""

    page_title = "Look up sources"

    def may_open(self) -> bool:
        self.article = get_object_or_404(ArticlePage, pk=self.kwargs["pk"])
        return may_decide(self.article, self.user)

    @cached_property
    def sources(self) -> list[Source]:
        assert self.article is not None
        keys = [source.key for source in gather(self.article.get_latest_revision()).sources.values()]
        return list(Source.objects.filter(pk__in=keys).order_by("pk"))

    @property
    def back_url(self) -> str:
        return reverse("wagtailadmin_pages:edit", args=[self.kwargs["pk"]])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        assert self.article is not None
        above = {"url": self.back_url, "label": self.article.get_admin_display_title()}
        return [*super().get_breadcrumbs_items(), above, {"url": "", "label": self.get_page_title()}]


class LookUpOfSource(LookUp):
    """A source by itself."""

    page_title = "Look up a source"

    @cached_property
    def sources(self) -> list[Source]:
        return [get_object_or_404(Source, pk=self.kwargs["pk"], merged_into=None)]

    @property
    def back_url(self) -> str:
        return reverse("wagtailsnippets_articles_source:edit", args=[self.kwargs["pk"]])

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        above = {"url": reverse("wagtailsnippets_articles_source:list"), "label": "Sources"}
        one = {"url": self.back_url, "label": str(self.sources[0])}
        return [*super().get_breadcrumbs_items(), above, one, {"url": "", "label": self.get_page_title()}]


class LookUpPanel(HelpPanel):
    """Above a source's form: whether its details are verified, and the way to look them up."""

    class BoundPanel(HelpPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.content = offer_to_look_up(self.instance) if self.instance.pk and not self.instance.merged_into else ""


def offer_to_look_up(source: Source) -> SafeString:
    return format_html(
        '<p>{}. <a class="button button-small button-secondary" href="{}">Look up</a></p>',
        verified(source),
        reverse("articles_look_up_source", args=[source.pk]),
    )


def look_up_buttons(snippet: Any, user: Any, next_url: str | None = None) -> list[Button]:
    """In the list of sources."""
    if not isinstance(snippet, Source) or not may_change_sources(user):
        return []
    url = reverse("articles_look_up_source", args=[snippet.pk])
    return [Button("Look up", url=url, icon_name="search", priority=30)]


def article_look_up_buttons(page: Page, user: Any, view_name: str = "", next_url: str | None = None) -> list[Button]:
    """In the header of the editor."""
    article = page.specific if isinstance(page.specific, ArticlePage) else None
    if article is None or not may_change_sources(user) or not may_decide(article, user):
        return []
    url = reverse("articles_look_up_sources", args=[page.pk])
    return [Button("Look up the sources", url=url, icon_name="search", priority=54)]


def may_change_sources(user: Any) -> bool:
    return bool(policy_registry.get_by_type(Source).user_has_permission(user, "change"))


def said_of(done: list[Source]) -> str:
    return f"“{done[0]}” is looked up." if len(done) == 1 else f"{len(done)} sources are looked up."
