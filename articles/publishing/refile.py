"""Change where readers find an article: its slug and topics, at once, without a signature. They are in no document."""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.models import ArticlePage, ArticleTopic
from articles.authoring.topics import Topic
from articles.errors import DomainError, NotPublished
from articles.publishing.permissions import require_permission
from articles.publishing.publish import require_free
from articles.publishing.recompose import recompose_after, rewrite
from articles.record.models import Publication
from articles.record.standing import anchor_of
from articles.record.vocabulary import SERVED, EventKind
from articles.review.policies import Rules, rules_of
from articles.review.roles import actor
from articles.review.signatures import counting
from articles.review.subjects import MEDICAL, load_current, lock

PERMISSION = "articles.refile_article"


class CannotRefile(DomainError):
    """A topic's policy asks for signatures that what readers get does not have."""

    code = "cannot-refile"
    title = "The topics were not changed."


def refile(*, page: ArticlePage, slug: str, topics: Sequence[Topic], by: User | None) -> None:
    """Page row, its latest draft and publication in one transaction. Raises NotPermitted, NotPublished, SlugTaken."""
    require_permission(by, PERMISSION)
    with transaction.atomic():
        page = lock(page)
        row = Publication.objects.select_for_update().filter(article=page.article_id).first()
        if row is None or row.state not in SERVED:
            raise NotPublished("Only an article that readers get can be refiled; edit the draft instead.")
        filing = row.filing | {
            "slug": slug,
            "topics": [{"slug": topic.slug, "name": topic.name} for topic in topics],
        }
        require_free(page.article_id, filing)
        _require_signatures(page, topics)
        _refile_page(page, slug, topics, by)
        data = {"edition": row.edition, "filing": filing}
        rewrite(row, EventKind.REFILED, actor=actor(by), data=data, filing=filing)
    recompose_after(page.article_id)


def _require_signatures(page: ArticlePage, topics: Sequence[Topic]) -> None:
    """A topic may have a policy of its own: what readers get must have the signatures that it asks for."""
    subject = load_current(page)
    kind = subject.documents[MEDICAL].value["article_type"]
    rules = rules_of(MEDICAL, None, article_type=kind, topics=[topic.slug for topic in topics])
    added = tuple(policy for policy in rules.policies if policy not in subject.policies[MEDICAL].policies)
    anchor = anchor_of(subject.history)
    signed = [*counting(subject, MEDICAL), *(subject.history.signoffs[key] for key in anchor.signoffs)]
    given = {row.pk: row for row in signed if row.part == MEDICAL}
    if added and Rules(added).lacking(given.values()):
        raise CannotRefile(
            f"The policy “{added[0].name}” asks for more signatures under these topics than this text has. Set the "
            "topics in the draft, and have it signed and published under them."
        )


def _refile_page(page: ArticlePage, slug: str, topics: Sequence[Topic], by: User | None) -> None:
    draft = page.get_latest_revision_as_object()
    for target in (page, draft):
        target.slug = slug
        target.topics = [ArticleTopic(topic=topic, sort_order=order) for order, topic in enumerate(topics)]
    page.save()
    draft.save_revision(user=by, log_action="wagtail.edit", clean=False)
