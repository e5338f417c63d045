"""The reading part of the sign-off page: the text, the changes, the public change note, requests and suggestions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.utils.safestring import SafeString

from articles.admin import review_history
from articles.admin.publication_status import ReadersGet, of_article, of_component
from articles.admin.reading import Reading
from articles.admin.sign_off import reader_note
from articles.admin.sign_off.shown import changes, hidden_strings
from articles.admin.sign_off.shown.text import component_html
from articles.authoring.models import ArticlePage
from articles.publishing.scheduling import waiting
from articles.record.history import find_signed
from articles.review.responses.comments import Open
from articles.review.review import Review, Target


@dataclass(frozen=True)
class ToRead:
    """The page for one person; each property is computed when the template asks for it.

    `seen`: the digests that were on the screen before, if the text has changed since.
    """

    target: Target
    review: Review
    user: User
    reading: Reading | None
    seen: Mapping[str, str] | None = None
    can_suggest: bool = False
    comments: tuple[Open, ...] = ()

    @property
    def is_article(self) -> bool:
        return isinstance(self.target, ArticlePage)

    @property
    def component_html(self) -> SafeString:
        return component_html(self.review)

    @cached_property
    def unseen(self) -> hidden_strings.Unseen:
        return hidden_strings.unseen_of(self.review, self.reading)

    @cached_property
    def replaced(self) -> list[tuple[str, str]]:
        """What the changes replaced and do not show as it was."""
        base, documents = self.review.base, self.review.documents
        changed = [part for part, document in documents.items() if base and base.digests.get(part) != document.digest]
        told = [change for comparison in self.comparisons for change in comparison.changes]
        found: list[tuple[str, str]] = []
        for part in changed:
            old = find_signed(base.digests[part]) if base and part in base.digests else None
            found += hidden_strings.unshown_in(old or {}, documents[part].value, told, both=False)
        return found

    @property
    def readers_get(self) -> ReadersGet:
        return (of_article if self.is_article else of_component)(self.review.id)

    @cached_property
    def told(self) -> reader_note.Told | None:
        return reader_note.told_of(self.review)

    @cached_property
    def comparisons(self) -> list[changes.Comparison]:
        return changes.since_edition(self.review, self.review.names)

    @cached_property
    def since(self) -> changes.Since | None:
        if self.seen:
            return changes.since_seen(self.target, self.review, self.seen, self.review.names)
        return changes.since_last_look(self.target, self.review, self.user, self.review.names)

    @cached_property
    def requests(self) -> list[review_history.Request]:
        return review_history.requests(self.review, self.user)

    @cached_property
    def suggestions(self) -> list[dict[str, Any]]:
        return review_history.open_suggestions(self.target) if isinstance(self.target, ArticlePage) else []

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return review_history.accepted_suggestions(self.review)

    @property
    def rejected(self) -> list[dict[str, Any]]:
        return review_history.rejected_suggestions(self.review, self.user)

    @cached_property
    def scheduled(self) -> list[str]:
        return waiting.said_of(self.review)

    @cached_property
    def withdrawal(self) -> dict[str, Any] | None:
        return review_history.told_of_withdrawal(self.review.id) if self.is_article else None
