"""Void a sign-off: a licence turned out to be invalid, or a password was not the person's own.

What it carried becomes due at once; where the policy says so, it is withheld, or its offers are left out.
"""

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.publishing import notices
from articles.publishing.permissions import require_permission
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose_after
from articles.record import events, history, publications
from articles.record.models import ComponentPublication, Event, Publication, SignOff
from articles.record.site import this_site
from articles.record.standing import unresolved_void
from articles.record.vocabulary import SERVED, EventKind, PublicationState, SubjectKind
from articles.review.roles import actor
from articles.review.subjects import lock

PERMISSION = "articles.void_article"


class CannotVoid(DomainError):
    """It was voided before, or no reason was given."""

    code = "cannot-void"
    title = "The sign-off was not voided."


def void(*, signoff: SignOff, reason: str, by: User) -> Event:
    """Void it for ever; what stands on it changes for readers in the same transaction. Raises Refused, CannotVoid."""
    require_permission(by, PERMISSION)
    if not reason.strip():
        raise CannotVoid("Say why: the reason stays in the ledger with the sign-off.")
    is_article = signoff.subject_kind == SubjectKind.ARTICLE
    with transaction.atomic():
        page = ArticlePage.objects.filter(article_id=signoff.subject).first() if is_article else None
        if page:
            lock(page)
        if Event.objects.filter(subject=signoff.subject, kind=EventKind.VOIDED, data__signoff=signoff.pk).exists():
            raise CannotVoid("This sign-off was voided before.")
        event = events.append(
            EventKind.VOIDED,
            subject_kind=signoff.subject_kind,
            subject=signoff.subject,
            actor=actor(by),
            data={"signoff": signoff.pk, "reason": reason.strip(), "part": signoff.part, "name": signoff.name},
        )
        _tell_readers(signoff, event)
    recompose_after(signoff.subject, relation=ARTICLE if is_article else COMPONENT)
    return event


def _tell_readers(signoff: SignOff, event: Event) -> None:
    """Under the event of the voiding itself, where it changes what readers get."""
    if signoff.subject_kind == SubjectKind.OFFER:
        _take_back(signoff, event)
    if signoff.subject_kind == SubjectKind.NOTICE:
        notices.take_down(notice=signoff.subject, reason=event.data["reason"], by=event.actor)
    row = Publication.objects.select_for_update().filter(article=signoff.subject, state__in=SERVED).first()
    if row is None:
        return
    now = timezone.now()
    state, composed = publications.current(row.article, filing=row.filing, site=this_site(), now=now)
    if not publications.is_as_stored(row, composed):
        publications.write(state, composed, event=event.number, now=now)


def _take_back(signoff: SignOff, event: Event) -> None:
    """An offer whose edition rests on it: readers get it again when it is signed again."""
    row = ComponentPublication.objects.select_for_update().filter(component=signoff.subject).first()
    if row and unresolved_void(history.load(signoff.subject)):
        row.state, row.event = PublicationState.WITHHELD, event.number
        row.save(update_fields=["state", "event"])
