"""The original of a translation: its text as it is now, and what changed since the text that the translation is up to
date with.

The text of the original is what readers get of it; of an article that they do not get, its latest draft.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import Revision

from articles.authoring.models import ArticlePage
from articles.document.gather import gather
from articles.document.render import render
from articles.errors import DomainError
from articles.record.compare.differences import Change, differences
from articles.record.history import find_signed
from articles.record.models import Edition, Publication
from articles.record.vocabulary import SERVED, DocumentKind
from articles.review.draft_readers import may_read
from articles.review.models import TranslationBase

Json = dict[str, Any]
PARTS = (DocumentKind.MEDICAL.value, DocumentKind.PRESENTATION.value)


@dataclass(frozen=True)
class Text:
    """`edition` is 0 for a draft. `values`: {part: document}, without a part that was erased. `names`: {id: name}."""

    revision: Revision
    edition: int
    digests: dict[str, str]
    values: dict[str, Json]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """By which a form says which text was on the screen."""
        return " ".join(self.digests[part] for part in PARTS)

    @property
    def name(self) -> str:
        return name_of(self.edition)


def name_of(edition: int) -> str:
    return f"edition {edition}" if edition else "the draft"


def text_of(page: ArticlePage) -> Text:
    """The text of the original. Raises NotRepresentable, UnknownBlock if it is a draft that cannot be rendered."""
    edition = edition_in_force(page)
    latest = page.get_latest_revision()
    if edition is None:
        draft = gather(latest)
        documents = render(draft)
        digests = {part: documents[part].digest for part in PARTS}
        return Text(latest, 0, digests, {part: documents[part].value for part in PARTS}, draft.names)
    revision = page.revisions.filter(pk=edition.revision).first() or latest
    digests = {part: edition.digests[part] for part in PARTS}
    return Text(revision, edition.number, digests, _signed(digests), _names(latest))


def edition_in_force(page: ArticlePage) -> Edition | None:
    if not Publication.objects.filter(article=page.article_id, state__in=SERVED).exists():
        return None
    return Edition.objects.filter(subject=page.article_id).order_by("number").last()


def may_read_text(page: ArticlePage, user: User) -> bool:
    """Whether the person may read that text: anyone what readers get, and the draft whoever may read it."""
    return edition_in_force(page) is not None or may_read(page, user)


def texts_of(base: TranslationBase) -> dict[str, Json]:
    """{part: document} that the translation is up to date with, without a part that was erased."""
    return base.texts or _signed(base.digests)


def all_texts_of(article: UUID) -> list[dict[str, Json]]:
    """What the original said whenever the translation was made or marked."""
    return [texts_of(base) for base in TranslationBase.objects.filter(article=article).order_by("pk")]


def changes(base: TranslationBase, now: Text) -> list[Change] | None:
    """What changed in the original, part by part, in its order. None if a text was erased, so that nobody knows."""
    before = texts_of(base)
    moved = [part for part in PARTS if base.digests.get(part) != now.digests[part]]
    if any(part not in before or part not in now.values for part in moved):
        return None
    return [change for part in moved for change in differences(before[part], now.values[part], names=now.names)]


def _signed(digests: Mapping[str, str]) -> dict[str, Json]:
    found = {part: find_signed(digests.get(part)) for part in PARTS}
    return {part: value for part, value in found.items() if value is not None}


def _names(revision: Revision) -> Mapping[str, str]:
    """What ids stand for, in the words of the latest draft."""
    try:
        return gather(revision).names
    except DomainError:
        return {}
