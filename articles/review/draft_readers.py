"""Decides which users may read a draft. People who may edit it always may; others may once it has been submitted.

A submission counts until the next edition. Later changes are private to the editors until they are submitted, too.
A draft that is identical to the published text is not private.
"""

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_EMERGENCY
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind
from articles.review import roles
from articles.review.needs import rules
from articles.review.policies import leads
from articles.review.review import Target


def may_read(target: Target, user) -> bool:
    """Whether the user may read the latest draft.

    Allowed are people who may edit it; leads and earlier signers, once it was submitted or if it equals the published
    text; and people with a signing role, while the workflow runs or if it equals a published text that is due.
    """
    if not isinstance(target, ArticlePage):
        names = [f"articles.{right}_{target.subject_kind}" for right in ("view", "change")]
        return any(user.has_perm(name) for name in names)
    if target.permissions_for_user(user).can_edit():
        return True
    if leads.is_lead(user) or _has_signed(target, user):
        return was_submitted(target) or _is_what_readers_get(target)
    if not _has_role(user):
        return False
    return target.workflow_in_progress or (rules.may_be_asked(target) and _is_what_readers_get(target))


def may_read_in_emergency(page: ArticlePage, user) -> bool:
    """Whether the user may read the draft for emergency publishing: with the permission, once it was submitted."""
    return user.has_perm(MAY_EMERGENCY) and (was_submitted(page) or may_read(page, user))


def may_read_history(page: ArticlePage, user) -> bool:
    """Whether the user may read the timeline: readers of the draft, and leads, earlier signers and people on call if
    the article was ever published."""
    is_involved = leads.is_lead(user) or user.has_perm(MAY_EMERGENCY) or _has_signed(page, user)
    return (is_involved and _latest_edition(page) > 0) or may_read(page, user)


def was_submitted(page: ArticlePage) -> bool:
    """Whether the draft is in the workflow, or was since the latest edition."""
    submitted = Event.objects.filter(subject=page.article_id, kind=EventKind.SUBMITTED)
    return page.workflow_in_progress or submitted.filter(number__gt=_latest_edition(page)).exists()


def _latest_edition(page: ArticlePage) -> int:
    """The event number of the latest edition, or 0."""
    rows = Edition.objects.filter(subject=page.article_id).order_by("-number")
    return rows.values_list("event", flat=True).first() or 0


def _has_role(user: User) -> bool:
    return bool(roles.roles_of(user, on=timezone.now().date()))


def _has_signed(page: ArticlePage, user: User) -> bool:
    """Whether the user has signed the article before and still has a signing role."""
    return _has_role(user) and SignOff.objects.filter(subject=page.article_id, user=user.pk).exists()


def _is_what_readers_get(page: ArticlePage) -> bool:
    review = rules.try_load(page)
    return review is not None and review.is_current
