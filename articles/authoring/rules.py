"""What nobody does with articles by hand, why, and what to do instead: the rules and all their words.

These keep the admin honest and the tree whole; they are no gate. The record is (DECISIONS.md, 1).
"""

from uuid import UUID

from django.db.models import Model
from wagtail.models import Page

from articles.errors import NoAliases, StillRead
from articles.record.models import ComponentPublication, Link, Publication
from articles.record.vocabulary import SERVED

NOT_PUBLISHED_BY_HAND = "Articles are published when all required signatures are in. Submit the article for review."
SAVED_NOT_PUBLISHED = f"Saved as a draft, not published. {NOT_PUBLISHED_BY_HAND}"
NOT_UNPUBLISHED_BY_HAND = (
    "Articles cannot be unpublished. Withdraw the article instead, so that readers learn the reason."
)
NOT_APPROVED_BY_HAND = "Saved, but not approved. Articles are signed on the sign-off page, not approved here."
COPIES_ARE_DRAFTS = "The copy is an unsigned draft. It is published when all required signatures are in."
NO_ALIASES = "Articles cannot have aliases. Copy the article, or change its address and topics."
READ_ARTICLE = "“{name}” is published, so it cannot be deleted. Withdraw it first, so that readers learn the reason."
READ_FOLDER = "“{name}” contains published articles, so it cannot be deleted. Withdraw or move them first."
USED_COMPONENT = "Articles use “{name}”, so it cannot be deleted. Remove it from those articles first."
READ_COMPONENT = (
    "Published articles show “{name}”, so it cannot be deleted. Remove it from those articles and publish them again."
)


def require_no_alias(page: Page) -> None:
    """Raises NoAliases."""
    if page.alias_of_id:
        raise NoAliases(NO_ALIASES)


def require_not_read(target: Model) -> None:
    """Raises StillRead for an article, a folder of articles or a component that readers get."""
    if words := why_not_deleted(target):
        raise StillRead(words)


def why_not_deleted(target: Model) -> str:
    """The refusal in words, or nothing. Anything but articles, folders and components may be deleted."""
    if isinstance(target, Page):
        return _why_page(target)
    component = getattr(target, "component_id", None)
    return READ_COMPONENT.format(name=target) if component and _is_shown(component) else ""


def is_read(page: Page) -> bool:
    """Whether readers get this article, or one below this page. A listing that knows it says so on the row."""
    if hasattr(page, "readers_state") and page.is_leaf():
        return page.readers_state in SERVED
    return _published(_articles(page))


def _why_page(page: Page) -> str:
    words = READ_ARTICLE if page.is_leaf() else READ_FOLDER
    return words.format(name=page.title) if is_read(page) else ""


def _articles(page: Page) -> list[UUID]:
    below = Page.objects.descendant_of(page, inclusive=True)
    return list(below.filter(articlepage__isnull=False).values_list("articlepage__article_id", flat=True))


def _published(articles: list[UUID]) -> bool:
    return Publication.objects.filter(article__in=articles, state__in=SERVED).exists()


def _is_shown(component: UUID) -> bool:
    if not ComponentPublication.objects.filter(component=component).exists():
        return False
    shown = Link.objects.filter(relation="component", target=str(component)).values_list("article", flat=True)
    return _published(list(shown))
