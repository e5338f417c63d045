"""Publish in an emergency: one clinician's signature in place of the full set. Never none.

Readers, the dashboard and mails say so. The missing signatures are still asked for; without them the policy's
consequence of an overdue review follows after 48 hours (articles.record.standing). Where the clinician's signature was
the only one missing, nothing is: it is published as it would be by the last signature, and is no emergency.
"""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_EMERGENCY, require_permission
from articles.checks.engine import require_no_blocking
from articles.errors import ContentChanged, DomainError
from articles.publishing.publish import publish, with_image_files
from articles.publishing.recompose import recompose_after
from articles.publishing.sign import follow
from articles.record.models import Edition
from articles.record.vocabulary import Role, Scope
from articles.review.needs import change_note
from articles.review.needs.table import write_needs
from articles.review.opening import open_review
from articles.review.review import Review
from articles.review.signing import authentication, checklist, signatures, signoffs
from articles.review.signing.meanings import in_emergency

LONGEST_REASON = 1000  # characters


class NoEmergency(DomainError):
    """No reason was given, or nothing is missing."""

    code = "no-emergency"
    title = "It was not published in an emergency."
    status = 422


def publish_in_emergency(
    *,
    page: ArticlePage,
    user: User,
    shown: Mapping[str, str],
    password: str,
    reason: str,
    given: Mapping[str, object],
    request: HttpRequest | None = None,
) -> Edition:
    """Sign everything that lacks a signature, as a clinician, and publish it at once, whatever is scheduled.

    `review` of the edition holds an `emergency` with the reason, unless all signatures are there then.
    `shown`: {part: digest that was on the screen}, of both parts; `given`: the checklist. Raises NotPermitted,
    NoEmergency, NotAuthenticated, ContentChanged, BlockedByFindings, NoteMissing, CannotSign, ChecklistIncomplete,
    SlugTaken; then nothing was signed or published.
    """
    require_permission(user, MAY_EMERGENCY)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise NoEmergency(f"Say why this cannot wait, in at most {LONGEST_REASON} characters. It stays in the record.")
    method = authentication.confirm_password(user, password, request=request)
    review = with_image_files(lambda: _publish(page, user, shown, method, reason, given))
    recompose_after(page.article_id)
    assert review.base is not None
    return review.base


@transaction.atomic
def _publish(
    page: ArticlePage, user: User, shown: Mapping[str, str], method: str, reason: str, given: Mapping[str, object]
) -> Review:
    review = open_review(page)
    parts = require_possible(review, user, shown)
    answered = checklist.answers(review.draft, given, is_article=True)
    checklist.require_complete(Role.MEDICAL, Scope.WHOLE, answered)
    meaning = in_emergency(parts)
    signoffs.write(
        review, parts, user, Role.MEDICAL, scope=Scope.WHOLE, method=method, meaning=meaning, checklist=answered
    )
    publish(review, by=user, emergency=reason.strip() if signatures.missing(review) else "")
    follow(review, user)
    write_needs(review)
    return review


def require_possible(review: Review, user: User, shown: Mapping[str, str]) -> list[str]:
    """The parts that lack a signature, which the clinician vouches for. Raises what `publish_in_emergency` does."""
    seen = signoffs.require_unchanged(review, shown)
    parts = list(dict.fromkeys(item.part for item in signatures.missing(review)))
    if not parts or review.is_current:
        raise NoEmergency("No signature is missing, or readers get this text already: there is nothing to hurry.")
    if set(parts) - set(seen):
        raise ContentChanged("Not everything that lacks a signature was on the screen. Read it whole, and sign that.")
    assert review.draft is not None
    require_no_blocking(review.draft)
    change_note.require(review)
    signoffs.require_role(user, Role.MEDICAL, review.language)
    for part in parts:
        signoffs.require_independent(review, user, part)
    return parts
