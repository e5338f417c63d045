"""Translations and their originals: which article each was translated from, and which are outdated.

The original of a translation is the article that it was made from, or with which it was last marked as up to date.
Where that is not recorded, it is the oldest page of the same translation key.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from articles.authoring.models import ArticlePage
from articles.record.models import Edition, Publication
from articles.record.outdated import is_outdated
from articles.record.vocabulary import SERVED
from articles.review.models import TranslationBase


def in_several_languages() -> QuerySet[ArticlePage]:
    """The articles that have a translation or are one."""
    others = ArticlePage.objects.filter(translation_key=OuterRef("translation_key")).exclude(pk=OuterRef("pk"))
    return ArticlePage.objects.filter(Exists(others))


def base_of(article: UUID) -> TranslationBase | None:
    """The text of its original that a translation is up to date with; None where nobody recorded it."""
    return TranslationBase.objects.select_related("user__person").filter(article=article).order_by("pk").last()


def originals_of(articles: Iterable[UUID]) -> dict[UUID, UUID]:
    """{translation: its original}, in two queries; without articles that translate none."""
    keys = set(articles)
    group = in_several_languages().filter(
        translation_key__in=ArticlePage.objects.filter(article_id__in=keys).values("translation_key")
    )
    first: dict[UUID, UUID] = {}
    found: dict[UUID, UUID] = {}
    for article, family in group.order_by("pk").values_list("article_id", "translation_key"):
        found[article] = first.setdefault(family, article)
    bases = TranslationBase.objects.filter(article__in=[key for key in found if key in keys]) if found else None
    found |= dict(bases.order_by("pk").values_list("article", "original")) if bases else {}
    return {key: original for key, original in found.items() if key in keys and original != key}


def translations_of(original: UUID) -> list[UUID]:
    """The articles that were translated from this one."""
    own = ArticlePage.objects.filter(article_id=original).values("translation_key")
    group = ArticlePage.objects.filter(translation_key__in=own).exclude(article_id=original)
    originals = originals_of(group.values_list("article_id", flat=True))
    return [key for key, each in originals.items() if each == original]


def outdated(articles: Iterable[UUID]) -> dict[UUID, UUID]:
    """{translation: its original} of those that readers get and that are outdated, in at most four queries.

    The API says the same of them in the original's `links.translations`: `record.outdated` answers both.
    """
    originals = originals_of(articles)
    served = Publication.objects.filter(article__in=list(originals), state__in=SERVED)
    translations = set(served.values_list("article", flat=True)) if originals else set()
    if not translations:
        return {}
    editions: dict[UUID, list[Edition]] = defaultdict(list)
    rows = Edition.objects.filter(subject__in={*translations, *(originals[key] for key in translations)})
    for row in rows.order_by("number").only("subject", "number", "change_kind", "published_at"):
        editions[row.subject].append(row)
    return {key: originals[key] for key in translations if is_outdated(editions[key], editions[originals[key]])}
