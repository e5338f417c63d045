"""Context of the page “Review again”: the published edition's signed bytes, never the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser as User

from articles.admin import review_history
from articles.admin.sign_off import answers
from articles.admin.sign_off.page import SignOffPage
from articles.admin.sign_off.shown import changes
from articles.admin.sign_off.shown.text import read_edition
from articles.authoring.models import ArticlePage
from articles.review.needs import rules
from articles.review.needs.missing import Missing
from articles.review.opening import load_current


@dataclass(frozen=True)
class PublishedPage(SignOffPage):
    """Leaves out requests, suggestions and schedules: they concern the draft, which not every reviewer may read."""

    @cached_property
    def missing(self) -> list[str]:
        """The missing signatures: for a due review, or in place of voided ones, or after an emergency."""
        return [str(item) for item in self._needs]

    @cached_property
    def others(self) -> list[str]:
        return answers.others(self.review, self.user, self._needs)

    @cached_property
    def _needs(self) -> list[Missing]:
        return rules.needs(self.review)

    @cached_property
    def since(self) -> changes.Since | None:
        """Compares only with the text that was on the screen, since the person may have seen a newer draft last."""
        return super().since if self.seen else None

    @cached_property
    def requests(self) -> list[review_history.Request]:
        return []

    @cached_property
    def suggestions(self) -> list[dict[str, Any]]:
        return []

    @cached_property
    def scheduled(self) -> list[str]:
        return []


def lay_out_edition(page: ArticlePage, user: User, *, seen: Mapping[str, str] | None = None) -> PublishedPage:
    """The page for this person, from the latest edition. Raises NotPublished."""
    review = load_current(page)
    return PublishedPage(page, review, user, read_edition(page, review), seen)
