"""Change where readers find an article: its slug and topics, at once, without a signature. They are in no document.

A topic may come with policies of its own; `topic_policies` holds what readers get against them.
"""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.authoring.models import ArticlePage, ArticleTopic
from articles.authoring.topics import Topic
from articles.errors import NotPublished, SlugTaken
from articles.publishing.permissions import require_permission
from articles.publishing.publish import require_free
from articles.publishing.recompose import recompose_after, rewrite
from articles.publishing.topic_policies import CannotRefile, require_met
from articles.record.delivery.publications import latest_filing
from articles.record.event_data import Refiled
from articles.record.models import Publication
from articles.record.vocabulary import SERVED, EventKind
from articles.review.opening import load_current, lock
from articles.review.roles import actor

PERMISSION = "articles.refile_article"
LONGEST_SLUG = 255  # characters


def refile(*, page: ArticlePage, slug: str, topics: Sequence[Topic], by: User | None) -> None:
    """Page row, its latest draft and publication in one transaction.

    Raises NotPermitted, CannotRefile, NotPublished, SlugTaken.
    """
    require_permission(by, PERMISSION)
    _require_slug(slug)
    with transaction.atomic():
        page = lock(page)
        row = Publication.objects.select_for_update().filter(article=page.article_id).first()
        if row is None or row.state not in SERVED:
            raise NotPublished("Only an article that readers get can be refiled; edit the draft instead.")
        filing = latest_filing(page.article_id)
        filing |= {"slug": slug, "topics": [{"slug": topic.slug, "name": topic.name} for topic in topics]}
        require_free(page.article_id, filing)
        require_met(load_current(page), topics)
        _refile_page(page, slug, topics, by)
        data: Refiled = {"edition": row.edition, "filing": filing}
        rewrite(row.article, EventKind.REFILED, actor=actor(by), data=data)
    recompose_after(page.article_id)


def _require_slug(slug: str) -> None:
    """As the editor asks it of a draft."""
    try:
        ArticlePage._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        raise CannotRefile(
            f"An address has 1 to {LONGEST_SLUG} letters, digits, hyphens and underscores, and nothing else."
        ) from error


def _refile_page(page: ArticlePage, slug: str, topics: Sequence[Topic], by: User | None) -> None:
    draft = page.get_latest_revision_as_object()
    for target in (page, draft):
        target.slug = slug
        target.topics = [ArticleTopic(topic=topic, sort_order=order) for order, topic in enumerate(topics)]
    try:
        page.save()
    except ValidationError as error:
        if "slug" not in error.error_dict:
            raise
        raise SlugTaken(f"A draft has the address “{slug}” already; choose another slug.") from error
    draft.save_revision(user=by, log_action="wagtail.edit", clean=False)
