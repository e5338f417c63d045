"""Changes the address and topics of a published article at once, without a signature, since no document contains them.

A topic may bring policies of its own. An article may be filed under it only if the published text satisfies them
already: by its signatures on both parts, and by the terms under which its edition was published or re-affirmed (how
often it is reviewed, and what happens if it is overdue). Only the policies of the medical part have such terms.
"""

from collections.abc import Sequence

from django.contrib.auth.models import AbstractUser as User
from django.core.exceptions import ValidationError
from django.db import transaction

from articles.authoring.models import ArticlePage, ArticleTopic
from articles.authoring.permissions import MAY_REFILE, require_permission
from articles.authoring.topics import Topic
from articles.errors import DomainError, NotPublished, SlugTaken
from articles.publishing.publish import require_free
from articles.publishing.recompose import recompose_after, rewrite
from articles.record.delivery.publications import latest_filing
from articles.record.event_data import Refiled
from articles.record.models import Publication
from articles.record.slugs import one_form
from articles.record.standing import terms_of
from articles.record.vocabulary import SERVED, AfterGrace, EventKind
from articles.review.models import Policy
from articles.review.needs.missing import part_label
from articles.review.opening import load_current, lock
from articles.review.policies.rules import Rules, is_risky, rules_of, stricter
from articles.review.review import MEDICAL, PRESENTATION, Review
from articles.review.roles import actor

LONGEST_SLUG = 255  # characters


class CannotRefile(DomainError):
    """The address is not valid, or the published text does not satisfy a policy of a topic."""

    code = "cannot-refile"
    title = "The address and topics were not changed."
    status = 422


def refile(*, page: ArticlePage, slug: str, topics: Sequence[Topic], by: User | None) -> None:
    """Change the page, its latest draft and its publication in one transaction.

    Raises NotPermitted, CannotRefile, NotPublished, SlugTaken.
    """
    require_permission(by, MAY_REFILE)
    slug = one_form(slug)
    _require_slug(slug)
    with transaction.atomic():
        page = lock(page)
        row = Publication.objects.select_for_update().filter(article=page.article_id).first()
        if row is None or row.state not in SERVED:
            raise NotPublished("This works only for a published article. Edit the draft instead.")
        filing = latest_filing(page.article_id)
        filing |= {"slug": slug, "topics": [{"slug": topic.slug, "name": topic.name} for topic in topics]}
        require_free(page.article_id, filing)
        _require_met(load_current(page), topics)
        _refile_page(page, slug, topics, by)
        data: Refiled = {"edition": row.edition, "filing": filing}
        rewrite(row.article, EventKind.REFILED, actor=actor(by), data=data)
    recompose_after(page.article_id)


def _require_slug(slug: str) -> None:
    """Raises CannotRefile for a slug that the editor would refuse, too."""
    try:
        ArticlePage._meta.get_field("slug").clean(slug, None)
    except ValidationError as error:
        raise CannotRefile(
            f"An address consists of 1 to {LONGEST_SLUG} letters, digits, hyphens and underscores."
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
        raise SlugTaken(f"A draft already uses the address “{slug}”. Choose another slug.") from error
    changed = page.has_unpublished_changes  # by what was written before: readers get the new address at once
    draft.save_revision(user=by, log_action="wagtail.edit", clean=False, changed=changed)


def _require_met(review: Review, topics: Sequence[Topic]) -> None:
    """`review` is that of the published text. Raises CannotRefile with the policy and what to do."""
    for part in (MEDICAL, PRESENTATION):
        for policy in _coming(review, part, topics):
            _require_signatures(policy, part, review)
            if part == MEDICAL:
                _require_terms(policy, review)


def _coming(review: Review, part: str, topics: Sequence[Topic]) -> list[Policy]:
    """The policies that the topics add to those of the published text."""
    kind, named = review.documents[MEDICAL].value["article_type"], [topic.slug for topic in topics]
    rules = rules_of(part, None, article_type=kind, topics=named)
    return [policy for policy in rules.policies if policy not in review.policies[part].policies]


def _require_signatures(policy: Policy, part: str, review: Review) -> None:
    if Rules((policy,), review.rules[part].is_editorial).lacking(review.counting(part)):
        raise CannotRefile(
            f"The policy “{policy.name}” requires more signatures on the {part_label(part)} than this text has. Set "
            "the topics in the draft and have it signed. If its text changed, it is published under them; otherwise "
            "change the topics here afterwards."
        )


def _require_terms(policy: Policy, review: Review) -> None:
    now = terms_of(review.history)
    then = stricter(dict(now), Rules((policy,)).review(is_risky=is_risky(review.documents[MEDICAL].value)))
    said = {
        "interval_months": f"a review every {then['interval_months']} months, not {now['interval_months']}",
        "grace_days": f"{then['grace_days']} days of grace, not {now['grace_days']}",
        "after_grace": f"after that “{AfterGrace(then['after_grace']).label}”",
    }
    if tighter := [words for name, words in said.items() if then[name] != now[name]]:
        raise CannotRefile(
            f"The policy “{policy.name}” requires {' and '.join(tighter)}. This text was published under other terms. "
            "Set the topics in the draft, change its text and have it signed. It is then published under them."
        )
