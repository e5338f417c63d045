"""The original beside the draft: word by word, as a file to download, and what changed on either side."""

from typing import Any, cast
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.models import AbstractUser as User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View

from articles.admin.importing.access import get_article, runs_of
from articles.admin.importing.views import Page
from articles.authoring.components import Offer
from articles.authoring.models import ArticlePage
from articles.intake.models import ImportedArticle
from articles.intake.outline import Outline, Role
from articles.intake.outline_json import read_outline
from articles.intake.runs.comparing import Comparison, compare, draft_offers, text_of_draft, text_of_outline
from articles.intake.states import ArticleState


def draft_text(page: ArticlePage) -> str:
    """The words of the latest saved state of the draft: the title and every section."""
    draft = page.get_latest_revision_as_object()
    body = list(draft.body.raw_data)
    offers = dict(Offer.objects.filter(pk__in=draft_offers(body)).values_list("pk", "text"))
    return f"{draft.title}\n\n{text_of_draft(body, offers)}"


def outline_text(outline: Outline) -> str:
    """The words of it that a draft shows: the title and every section."""
    return f"{outline.title}\n\n{text_of_outline(outline, only_article=True)}"


class DraftView(Page, TemplateView):
    """A page on a draft that was imported, for people who may edit the draft."""

    @cached_property
    def article(self) -> ImportedArticle:
        rows = ImportedArticle.objects.select_related("run", "file", "draft", "earlier").defer("original")
        article = get_object_or_404(rows, pk=self.kwargs["pk"], draft__isnull=False)
        if article.outline is None or not self.may_open(article):
            raise Http404
        return article

    def may_open(self, article: ImportedArticle) -> bool:
        return bool(article.draft and article.draft.permissions_for_user(self.user).can_edit())

    def crumbs(self) -> list[tuple[str, str]]:
        page = self.draft
        return [(reverse("wagtailadmin_pages:edit", args=[page.pk]), page.draft_title or page.title)]

    @property
    def draft(self) -> ArticlePage:
        assert self.article.draft is not None
        return self.article.draft

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_own = runs_of(self.user).filter(pk=self.article.run_id).exists()
        return super().get_context_data(**kwargs) | {
            "article": self.article,
            "draft": self.draft,
            "draft_url": reverse("wagtailadmin_pages:edit", args=[self.draft.pk]),
            "may_open_run": is_own,
        }


class CompareView(DraftView):
    """Compare the draft with the original."""

    template_name = "admin/importing/compare.html"
    page_title = "Compare with the original"
    header_icon = "doc-full"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outline = read_outline(self.article.outline or {})
        return super().get_context_data(**kwargs) | {
            "comparison": compare(outline_text(outline), draft_text(self.draft)),
            "left_out": outline.of(Role.LEFT_OUT),
            "sources": outline.of(Role.SOURCE),
        }


class ChangesView(DraftView):
    """A later export of an article whose draft somebody has worked on: what changed there, and what here."""

    template_name = "admin/importing/changes.html"
    page_title = "What changed"
    header_icon = "history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article = self.article
        before = read_outline((article.earlier or article).outline or {})
        return super().get_context_data(**kwargs) | {
            "there": self._there(before),
            "here": compare(outline_text(before), draft_text(self.draft)),
            "is_open": article.state == ArticleState.CONFLICT,
        }

    def _there(self, before: Outline) -> Comparison | None:
        """What the new file says otherwise; None for a correction of the import itself."""
        if self.article.earlier is None:
            return None
        return compare(outline_text(before), outline_text(read_outline(self.article.shown)))


class KeepView(Page, View):
    """The draft stays as it is; the next export with the same text is no conflict."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_article(self.user, pk)
        if article.state == ArticleState.CONFLICT:
            article.state = ArticleState.KEPT
            article.save(update_fields=["state"])
            messages.success(request, "The draft stays as it is.")
        return redirect("articles_import_run", article.run_id)


class OriginalView(Page, View):
    """The bytes of the article as they came in, to be saved and never shown by the browser."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_object_or_404(ImportedArticle.objects.select_related("file", "draft"), pk=pk)
        user = cast(User, request.user)
        may_edit = article.draft is not None and article.draft.permissions_for_user(user).can_edit()
        if not article.original or not (may_edit or runs_of(user).filter(pk=article.run_id).exists()):
            raise Http404
        answer = HttpResponse(bytes(article.original), content_type="application/octet-stream")
        name = article.file.name if not article.key else f"{article.pk}-{article.file.name}"
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer
