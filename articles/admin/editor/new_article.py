"""How an article begins: its type is chosen first, then its sections are laid out, each with help of its own.

new_articles.toml says which sections each type begins with. The type comes before the first word, so that choosing it
loses nothing; what an author chooses later changes no section.
"""

import tomllib
import uuid
from functools import cache
from pathlib import Path
from typing import Any, cast

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from articles.admin.folders import folders_of, may_add_articles
from articles.authoring.models import ArticlePage
from articles.document.stored import type_of
from articles.record import words
from articles.record.vocabulary import ArticleType

FILE = Path(__file__).parent / "new_articles.toml"
EVERY = "every"
Section = dict[str, str]  # {"kind": "prose", "aspect": "symptoms", "heading": "…", "help": "…"}


def begin(page: ArticlePage, article_type: str) -> None:
    """Give a new, unsaved page its type and the empty sections of that type."""
    page.article_type = article_type
    page.body = [_block(section) for section in templates()[article_type]]


def section_help() -> dict[str, dict[str, Section]]:
    """{"condition": {"causes": {heading, help}, "prose/symptoms": {…}}, …, "every": {…}}, for the editor."""
    return {
        name: {"/".join(filter(None, [row["kind"], row.get("aspect")])): row for row in rows if "help" in row}
        for name, rows in templates().items()
    }


@cache
def templates() -> dict[str, list[Section]]:
    return cast(dict[str, list[Section]], tomllib.loads(FILE.read_text()))


def _block(section: Section) -> dict[str, Any]:
    value = {"aspect": section["aspect"]} if "aspect" in section else {}
    return {"type": type_of(section["kind"]), "value": value, "id": str(uuid.uuid4())}


class NewArticle(WagtailAdminTemplateMixin, TemplateView):
    """Asks for what is not known yet, the type or the folder, and leads to the editor."""

    template_name = "admin/editor/new_article.html"
    page_title = "New article"
    header_icon = "doc-full"

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        folders = list(folders_of(cast(User, request.user)))
        if not folders:
            raise PermissionDenied
        named = [folder for folder in folders if str(folder.pk) == request.GET.get("folder")]
        article_type = request.GET.get("type", "")
        folder = next(iter(named), None) or (folders[0] if len(folders) == 1 else None)
        if folder and article_type in ArticleType.values:
            address = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", folder.pk])
            return redirect(f"{address}?type={article_type}")
        return self.render_to_response(
            self.get_context_data(folders=folders, folder=folder, types=types(), article_type=article_type)
        )

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.get_page_title()}]


class NewArticlePanel(Component):
    """On the start page, for people who may add articles: a button for each type."""

    name = "new_article"
    template_name = "admin/editor/new_article_panel.html"
    order = 80

    def render_html(self, parent_context: Any = None) -> str:
        may_add = parent_context and may_add_articles(parent_context["request"].user)
        return super().render_html(parent_context) if may_add else ""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"types": types()}


def types() -> list[tuple[str, str, str]]:
    """[(value, label, meaning)]"""
    described = ((kind.value, *words.described("article-type", kind.value, words.DEFAULT)) for kind in ArticleType)
    return [(value, label.text, meaning.text) for value, label, meaning in described]
