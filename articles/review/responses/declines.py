"""Somebody who is asked says no: back to the pool. A conflict of interest bars them until the next edition."""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.document.characters import names_of, unreadable_signs
from articles.errors import DomainError
from articles.record.vocabulary import DeclineReason, Role
from articles.review import roles
from articles.review.logins import with_other_logins
from articles.review.models import Decline
from articles.review.needs import assignments, open_needs
from articles.review.review import Subject, Target, load_current, lock

MAX_COMMENT = 1000  # characters


class CannotDecline(DomainError):
    """Nothing is asked of this person, or no reason was given."""

    code = "cannot-decline"
    title = "There is nothing to decline."


@transaction.atomic
def decline(*, target: Target, by: User, role: str, reason: str, comment: str = "", is_again: bool = False) -> Decline:
    """Say no to a signature that is asked for; whoever else can sign is asked again.

    `is_again`: to vouching again for what readers get of an article, whatever the workflow asks of its draft. Raises
    CannotDecline, NotPublished, and what loading a draft raises.
    """
    if reason not in DeclineReason.values:
        raise CannotDecline("Choose why you decline; it decides who is asked next.")
    if len(comment) > MAX_COMMENT:
        raise CannotDecline(f"Shorten the comment to {MAX_COMMENT} characters.")
    if found := unreadable_signs(comment):
        raise CannotDecline(f"The comment holds invisible characters ({names_of(found)}); type it again.")
    target = lock(target)
    is_edition = is_again and isinstance(target, ArticlePage)
    subject = load_current(target) if is_edition else open_needs.load_asked(target)
    require_asked(subject, by, role)
    made = Decline.objects.create(
        subject_kind=subject.kind,
        subject=subject.id,
        user_id=by.pk,
        role=role,
        reason=reason,
        comment=comment.strip(),
        digests=subject.digests,
        at=timezone.now(),
    )
    assignments.refresh_id(subject.id)  # who declined is in no pool, so what they had taken goes back
    return made


def bars(subject: Subject, user: User) -> str:
    """Why a declared conflict keeps this person from signing until the next edition, in words; "" if none does."""
    logins = with_other_logins({user.pk}, links=subject.links)
    rows = Decline.objects.filter(subject=subject.id, user__in=logins, reason=DeclineReason.CONFLICT_OF_INTEREST)
    if subject.since:
        rows = rows.filter(at__gt=subject.since)
    declared = rows.order_by("at").last()
    if declared is None:
        return ""
    return (
        f"You declared a conflict of interest on {declared.at:%-d %B %Y}, so somebody else has to sign this. "
        "It holds until the next edition."
    )


def require_asked(subject: Subject, user: User, role: str) -> None:
    """Raises CannotDecline unless a signature in this role is asked for now, and the person has the role."""
    if role not in roles.roles_of(user, on=timezone.now().date()) & open_needs.roles_asked(subject):
        label = Role(role).label.lower() if role in Role.values else "signer"
        raise CannotDecline(f"Nothing here waits for you as {label}, so there is nothing to decline.")
