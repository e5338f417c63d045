"""Declined requests to sign, which go back to the pool. A conflict of interest bars people until the next edition."""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.errors import DomainError
from articles.record.vocabulary import DeclineReason, Role
from articles.review import roles
from articles.review.models import Decline
from articles.review.needs import rules
from articles.review.needs.table import rewrite
from articles.review.opening import load_current, lock
from articles.review.review import Review, Target

MAX_COMMENT = 1000  # characters


class CannotDecline(DomainError):
    """No signature of this person is requested, or no reason was given."""

    code = "cannot-decline"
    title = "There is nothing to decline."


@transaction.atomic
def decline(*, target: Target, by: User, role: str, reason: str, comment: str = "", is_again: bool = False) -> Decline:
    """Decline a requested signature; the request goes back to the other people who can sign.

    `is_again`: decline to re-affirm the published edition of an article, not to sign its draft. Raises CannotDecline,
    NotPublished, and what loading a draft raises.
    """
    if reason not in DeclineReason.values:
        raise CannotDecline("Choose a reason. It determines who is asked next.")
    if len(comment) > MAX_COMMENT:
        raise CannotDecline(f"Shorten the comment to {MAX_COMMENT} characters.")
    if found := unreadable_signs(comment):
        raise CannotDecline(f"The comment contains invisible characters ({names_of(found)}). Type it again.")
    target = lock(target)
    is_edition = is_again and isinstance(target, ArticlePage)
    review = load_current(target) if is_edition else rules.load_asked(target)
    require_asked(review, by, role)
    made = Decline.objects.create(
        subject_kind=review.kind,
        subject=review.id,
        user_id=by.pk,
        role=role,
        reason=reason,
        comment=comment.strip(),
        digests=review.digests,
        at=timezone.now(),
    )
    rewrite(review.id)  # people who declined are not asked again, so their assignments go back
    return made


def require_asked(review: Review, user: User, role: str) -> None:
    """Raises CannotDecline unless a signature in this role is requested now, and the person has the role."""
    asked = {item.role for item in rules.needs(review)}
    if role not in roles.roles_of(user, on=timezone.now().date()) & asked:
        label = Role(role).label.lower() if role in Role.values else "signer"
        raise CannotDecline(f"Your signature as {label} is not requested, so there is nothing to decline.")
