"""Re-affirmation: the published digests are signed again, under a `reaffirmed` event.

It completes a due review, resolves an emergency, and replaces a voided signature. Besides it, only a new edition whose
whole text was signed moves the review date.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.publishing.recompose import recompose_after, rewrite
from articles.record import events
from articles.record.delivery import projection
from articles.record.models import ComponentPublication, Publication
from articles.record.vocabulary import EventKind, Scope
from articles.review.needs.retracted import require_standing_sources
from articles.review.needs.rules import lacking
from articles.review.needs.table import write_needs
from articles.review.opening import load_current, lock
from articles.review.policies.rules import is_risky
from articles.review.review import MEDICAL, Review
from articles.review.roles import actor
from articles.review.signing import authentication, checklist, signatures, signoffs
from articles.review.signing.authentication import Given
from articles.review.signing.meanings import meaning_of


def reaffirm(
    *,
    page: ArticlePage,
    user: User,
    role: str,
    shown: Mapping[str, str],
    password: Given,
    given: Mapping[str, object],
    request: HttpRequest | None = None,
) -> Review:
    """Sign parts of the current edition again. The last required signature moves the review date.

    `shown`: {part: digest that was on the screen}; `given`: the checklist. Raises NotPublished, NotAuthenticated,
    ContentChanged, BlockedByFindings, CannotSign, ChecklistIncomplete; then nothing was signed.
    """
    confirmation = authentication.confirm(user, password, request=request)
    with transaction.atomic():
        review = load_current(lock(page))
        parts = signoffs.require_unchanged(review, shown)
        require_standing_sources(review)
        answered = checklist.answers(review.draft, given, is_article=True)
        checklist.require_complete(role, Scope.WHOLE, answered)
        for part in parts:
            signoffs.require_may_sign(review, user=user, role=role, part=part)
        meaning = meaning_of(role, parts, is_again=True)
        signoffs.write(
            review, parts, role, scope=Scope.WHOLE, confirmation=confirmation, meaning=meaning, checklist=answered
        )
        settle(review, by=user)
        write_needs(review)
    recompose_after(page.article_id)
    return review


def settle(review: Review, *, by: User | None) -> bool:
    """Re-affirm the current edition if its signatures are complete and new. Runs in the caller's transaction.

    Returns whether it did.
    """
    current = review
    if not review.is_edition:
        assert isinstance(review.target, ArticlePage)
        current = load_current(review.target, opened=review)
    if signatures.missing(current) or (current.is_vouched and lacking(current)):
        return False
    _write(current, by)
    review.has_changed_for_readers = True
    return True


def settle_component(review: Review, *, by: User | None) -> None:
    """Re-affirm a component if a signature of its edition was voided and has been replaced."""
    if not review.is_current or review.is_vouched:
        return
    ComponentPublication.objects.select_for_update().get(component=review.id)
    event = events.append(
        EventKind.REAFFIRMED, subject_kind=review.kind, subject=review.id, actor=actor(by), data=_told(review)
    )
    projection.write(review.id, now=event.at)
    review.has_changed_for_readers = True


def _told(review: Review) -> dict[str, object]:
    assert review.base is not None
    rests_on = [row.pk for part in review.documents for row in review.counting(part)]
    said = {"edition": review.base.number, "digests": review.digests, "signoffs": rests_on}
    return said | {"completes": not review.is_vouched}


def _write(review: Review, by: User | None) -> None:
    assert review.base is not None
    Publication.objects.select_for_update().values_list("article").get(article=review.id)
    terms = review.policies[MEDICAL].review(is_risky=is_risky(review.documents[MEDICAL].value))
    rewrite(review.id, EventKind.REAFFIRMED, actor=actor(by), data=_told(review) | {"review": terms})
