"""Voids a sign-off, because a license turned out to be invalid or a password was not the person's own, for example.

The editions that rely on it become due for review at once. Depending on the policy, the article is withheld or its
offers are left out.
"""

from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_VOID, require_permission
from articles.errors import DomainError
from articles.publishing import notices
from articles.publishing.reaffirm import settle_component
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose, recompose_after
from articles.record import events
from articles.record.delivery import projection
from articles.record.models import ComponentPublication, Event, Publication, SignOff
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.needs.rules import find_target, try_load
from articles.review.needs.table import rewrite
from articles.review.opening import lock
from articles.review.roles import actor
from articles.review.signing import signatures

LONGEST_REASON = 1000  # characters
COMPONENTS = (SubjectKind.OFFER, SubjectKind.DISCLAIMER)


class CannotVoid(DomainError):
    """The sign-off is already voided, or no reason was given."""

    code = "cannot-void"
    title = "The sign-off was not voided."


def void(*, signoff: SignOff, reason: str, by: User) -> Event:
    """Void the sign-off permanently, and update what relies on it. Raises Refused, CannotVoid."""
    require_permission(by, MAY_VOID)
    with transaction.atomic():
        event = write_void(signoff=signoff, reason=reason, by=by)
    is_article = signoff.subject_kind == SubjectKind.ARTICLE
    recompose_after(signoff.subject, relation=ARTICLE if is_article else COMPONENT)
    return event


def write_void(*, signoff: SignOff, reason: str, by: User) -> Event:
    """Void the sign-off in the caller's transaction. The caller recomposes the articles after the commit.

    Raises CannotVoid.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise CannotVoid(f"Give a reason of up to {LONGEST_REASON} characters. The ledger keeps it with the sign-off.")
    _lock(signoff)
    if Event.objects.filter(subject=signoff.subject, kind=EventKind.VOIDED, data__signoff=signoff.pk).exists():
        raise CannotVoid("This sign-off has already been voided.")
    event = events.append(
        EventKind.VOIDED,
        subject_kind=signoff.subject_kind,
        subject=signoff.subject,
        actor=actor(by),
        data={"signoff": signoff.pk, "reason": reason.strip(), "part": signoff.part, "name": signoff.name},
    )
    _tell_readers(signoff, event)
    if signoff.subject_kind in COMPONENTS:
        _settle(signoff.subject, by)
    rewrite(signoff.subject)
    return event


def _lock(signoff: SignOff) -> None:
    """Lock the publication of its article or component, or of the articles with its notice, before the counter."""
    page = ArticlePage.objects.filter(article_id=signoff.subject).first()
    if page and signoff.subject_kind == SubjectKind.ARTICLE:
        lock(page)
    if signoff.subject_kind in COMPONENTS:
        ComponentPublication.objects.select_for_update().filter(component=signoff.subject).first()
    if signoff.subject_kind == SubjectKind.NOTICE:
        notices.lock_standing(signoff.subject)
        rows = Publication.objects.select_for_update().filter(article__in=_explained_by(signoff)).order_by("article")
        list(rows.values_list("article", flat=True))


def _tell_readers(signoff: SignOff, event: Event) -> None:
    """Update the publications that rely on the sign-off, under the event of the voiding."""
    if signoff.subject_kind == SubjectKind.NOTICE:
        notices.take_down(signoff, reason=event.data["reason"], by=event.actor)
        recompose(_explained_by(signoff))
    else:
        projection.write(signoff.subject, now=event.at)


def _explained_by(signoff: SignOff) -> list[UUID]:
    """The articles that were withdrawn with an explanation signed by this sign-off."""
    withdrawn = Event.objects.filter(kind=EventKind.WITHDRAWN, data__signoff=signoff.pk)
    return list(withdrawn.values_list("subject", flat=True))


def _settle(component: UUID, by: User) -> None:
    """Re-affirm a component whose remaining signatures already satisfy the policies."""
    target = find_target(component)
    review = try_load(target) if target else None
    if target and review and not signatures.missing(review):
        settle_component(review, by=by)
