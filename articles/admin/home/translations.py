"""Home: my translations that are outdated, for people who write articles. A fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse

from articles.admin.folders import may_add_articles
from articles.admin.home.lists import ListPanel
from articles.admin.names import names_of
from articles.authoring.models import ArticlePage
from articles.record.vocabulary import SubjectKind
from articles.review.translations import in_several_languages, outdated


@dataclass(frozen=True)
class OutdatedTranslation:
    """`url` leads to the editor, whose panel shows what changed."""

    title: str
    url: str
    language: str
    original: str


class OutdatedTranslations(ListPanel):
    name = "outdated_translations"
    heading = "Outdated translations"
    rows_template = "admin/home/translations.html"
    rest = "of later titles"
    order = 125

    def may_see(self, user: User) -> bool:
        return may_add_articles(user)

    def note(self, user: User) -> str:
        return "Their originals had a material change. The next edition of a translation takes it off this list."

    def found(self, user: User) -> list[tuple[ArticlePage, UUID]]:
        """My articles and their originals, by title."""
        own = list(in_several_languages().filter(owner=user).select_related("locale").order_by("title", "pk"))
        old = outdated(page.article_id for page in own)
        return [(page, old[page.article_id]) for page in own if page.article_id in old]

    def lines(self, rows: list[Any], user: User) -> list[OutdatedTranslation]:
        names = names_of([(SubjectKind.ARTICLE.value, original) for _, original in rows], user)
        return [
            OutdatedTranslation(
                page.draft_title or page.title,
                reverse("wagtailadmin_pages:edit", args=[page.pk]),
                str(page.locale),
                str(names[str(original)]),
            )
            for page, original in rows
        ]
