"""Voids a sign-off, because a license turned out to be invalid or a password was not the person's own, for example.

The editions that rely on it become due for review at once. Depending on the policy, the article is withheld or its
offers are left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_VOID, require_permission
from articles.errors import DomainError
from articles.publishing import notices
from articles.publishing.reaffirm import settle_component
from articles.publishing.recompose import ARTICLE, BATCH, COMPONENT, recompose
from articles.record import events
from articles.record.delivery import projection
from articles.record.delivery.publications import lagging
from articles.record.models import ComponentPublication, Event, Publication, SignOff
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.needs.rules import find_target, try_load
from articles.review.needs.table import rewrite
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
    recompose_relying([signoff])
    return event


def write_void(*, signoff: SignOff, reason: str, by: User) -> Event:
    """Void the sign-off in the caller's transaction. The caller recomposes the articles after the commit.

    Raises CannotVoid.
    """
    (event,) = write_voids(lock([signoff]), reason=reason, by=by)
    rewrite(signoff.subject)
    return event


def write_voids(signoffs: Sequence[SignOff], *, reason: str, by: User) -> list[Event]:
    """Void these sign-offs, all or none, in the caller's transaction, which locked them.

    Each has its line in the ledger; what relies on them is written once for each text. The caller requests the
    signatures that are missing now (`needs.table.rewrite`), and recomposes other articles after the commit
    (`recompose_relying`). Raises CannotVoid.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise CannotVoid(f"Give a reason of up to {LONGEST_REASON} characters. The ledger keeps it with the sign-off.")
    if voided_among(signoffs):
        one = "This sign-off has" if len(signoffs) == 1 else "One of these sign-offs has"
        raise CannotVoid(f"{one} already been voided.")
    kinds = {row.subject: row.subject_kind for row in signoffs}
    together = {"together": str(uuid4()), "of": len(kinds)} if len(signoffs) > 1 else {}
    found = [_append(row, reason.strip(), by, together) for row in signoffs]
    for row, event in zip(signoffs, found, strict=True):
        if row.subject_kind == SubjectKind.NOTICE:
            _tell_of_words(row, event)
    texts = [key for key, kind in kinds.items() if kind != SubjectKind.NOTICE]
    for start in range(0, len(texts), BATCH):
        projection.write(*texts[start : start + BATCH], now=found[-1].at)
    for key in (key for key, kind in kinds.items() if kind in COMPONENTS):
        _settle(key, by)
    return found


def voided_among(signoffs: Iterable[SignOff]) -> set[int]:
    """Keys of those of these sign-offs that were voided."""
    rows = list(signoffs)
    keys, subjects = {row.pk for row in rows}, {row.subject for row in rows}
    events = Event.objects.filter(kind=EventKind.VOIDED, subject__in=subjects)
    return keys & {data["signoff"] for data in events.values_list("data", flat=True)}


def recompose_relying(signoffs: Iterable[SignOff]) -> None:
    """Recompose the articles that show or link to the texts of these sign-offs."""
    if waiting := relying_on(signoffs):
        recompose(sorted(waiting))


def relying_on(signoffs: Iterable[SignOff]) -> set[UUID]:
    """The articles that show or link to the texts of these sign-offs."""
    articles: set[UUID] = set()
    others: set[UUID] = set()
    for row in signoffs:
        (articles if row.subject_kind == SubjectKind.ARTICLE else others).add(row.subject)
    return {*lagging(ARTICLE, *articles), *lagging(COMPONENT, *others)}


def lock(signoffs: Sequence[SignOff], *, also: Iterable[UUID] = ()) -> Sequence[SignOff]:
    """Lock the publications of their articles and components, of the articles with their notices, and of those in
    `also`, before the ledger's counter."""
    of = {kind: {row.subject for row in signoffs if row.subject_kind == kind} for kind in SubjectKind.values}
    pages = ArticlePage.objects.filter(article_id__in=of[SubjectKind.ARTICLE]).select_for_update().order_by("pk")
    list(pages.values_list("pk", "title"))  # of both tables
    noticed = (key for notice in of[SubjectKind.NOTICE] for key in notices.standing_on(notice))
    articles = {*of[SubjectKind.ARTICLE], *_explained_by(*signoffs), *noticed, *also}
    rows = Publication.objects.select_for_update().filter(article__in=articles).order_by("article")
    list(rows.values_list("article", flat=True))
    components = {key for kind in COMPONENTS for key in of[kind]}
    shown = ComponentPublication.objects.select_for_update().filter(component__in=components).order_by("component")
    list(shown.values_list("component", flat=True))
    for notice in sorted(of[SubjectKind.NOTICE]):
        notices.lock_standing(notice)
    return signoffs


def _append(row: SignOff, reason: str, by: User, together: Mapping[str, object]) -> Event:
    return events.append(
        EventKind.VOIDED,
        subject_kind=row.subject_kind,
        subject=row.subject,
        actor=actor(by),
        data={"signoff": row.pk, "reason": reason, "part": row.part, "name": row.name, **together},
    )


def _tell_of_words(signoff: SignOff, event: Event) -> None:
    """Take down a safety notice, or put the standard sentence in place of the explanation of a withdrawal."""
    notices.take_down(signoff, reason=event.data["reason"], by=event.actor)
    recompose(_explained_by(signoff))


def _explained_by(*signoffs: SignOff) -> list[UUID]:
    """The articles that were withdrawn with an explanation signed by one of these sign-offs."""
    keys = [row.pk for row in signoffs if row.subject_kind == SubjectKind.NOTICE]
    withdrawn = Event.objects.filter(kind=EventKind.WITHDRAWN, data__signoff__in=keys)
    return list(withdrawn.values_list("subject", flat=True)) if keys else []


def _settle(component: UUID, by: User) -> None:
    """Re-affirm a component whose remaining signatures already satisfy the policies."""
    target = find_target(component)
    review = try_load(target) if target else None
    if target and review and not signatures.missing(review):
        settle_component(review, by=by)
