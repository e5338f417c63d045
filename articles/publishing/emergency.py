"""Emergency publishing: one clinician's signature in place of the full set. There is no publishing without one.

Readers, the dashboard and mails show the emergency. The missing signatures are still requested; if they are still
missing after 48 hours, the policy's rule for an overdue review applies (articles.record.standing). If only the
clinician's signature was missing, the article is published as usual, not in an emergency.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_EMERGENCY, require_permission
from articles.errors import ContentChanged, DomainError
from articles.publishing.publish import publish, with_image_files
from articles.publishing.recompose import recompose_after
from articles.publishing.sign import follow
from articles.record.models import Edition
from articles.record.vocabulary import Role, Scope
from articles.review import blocking
from articles.review.needs import change_note
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.review import Review
from articles.review.signing import authentication, checklist, signatures, signoffs
from articles.review.signing.authentication import Confirmation, Given
from articles.review.signing.meanings import in_emergency

LONGEST_REASON = 1000  # characters


class NoEmergency(DomainError):
    """No reason was given, or no signature is missing."""

    code = "no-emergency"
    title = "The article was not published in an emergency."
    status = 422


def publish_in_emergency(
    *,
    page: ArticlePage,
    user: User,
    shown: Mapping[str, str],
    password: Given,
    reason: str,
    given: Mapping[str, object],
    request: HttpRequest | None = None,
) -> Edition:
    """Sign all parts that lack a signature, as a clinician, and publish at once, regardless of schedules.

    `review` of the edition holds an `emergency` with the reason, unless the signatures are complete then.
    `shown`: {part: digest that was on the screen}, of both parts; `given`: the checklist. Raises NotPermitted,
    NoEmergency, NotAuthenticated, ContentChanged, BlockedByFindings, NoteMissing, CannotSign, ChecklistIncomplete,
    SlugTaken; then nothing was signed or published.
    """
    require_permission(user, MAY_EMERGENCY)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise NoEmergency(f"Explain why this cannot wait, in up to {LONGEST_REASON} characters. The record keeps it.")
    confirmation = authentication.confirm(user, password, request=request)
    review = with_image_files(lambda: _publish(page, user, shown, confirmation, reason, given))
    recompose_after(page.article_id)
    assert review.base is not None
    return review.base


@transaction.atomic
def _publish(
    page: ArticlePage,
    user: User,
    shown: Mapping[str, str],
    confirmation: Confirmation,
    reason: str,
    given: Mapping[str, object],
) -> Review:
    review = open_review(page)
    parts = require_possible(review, user, shown)
    answered = checklist.answers(review.draft, given, is_article=True)
    checklist.require_complete(Role.MEDICAL, Scope.WHOLE, answered)
    meaning = in_emergency(parts)
    signoffs.write(
        review, parts, Role.MEDICAL, scope=Scope.WHOLE, confirmation=confirmation, meaning=meaning, checklist=answered
    )
    publish(review, by=user, emergency=reason.strip() if signatures.missing(review) else "")
    follow(review, user)
    write_needs(review)
    return review


def require_possible(review: Review, user: User, shown: Mapping[str, str]) -> list[str]:
    """The parts that lack a signature, which the clinician must sign. Raises what `publish_in_emergency` does."""
    seen = signoffs.require_unchanged(review, shown)
    parts = list(dict.fromkeys(item.part for item in signatures.missing(review)))
    if not parts or review.is_current:
        raise NoEmergency("This text has all its signatures or is already published, so this is not needed.")
    if set(parts) - set(seen):
        raise ContentChanged("Not every part that lacks a signature was shown. Read the whole text, then sign it.")
    assert review.draft is not None
    blocking.require_no_new(review)
    change_note.require(review)
    signoffs.require_role(user, Role.MEDICAL, review.language)
    for part in parts:
        signoffs.require_independent(review, user, part)
    return parts
