"""Lawful erasure: empties a signed document's bytes. Its digest, its sign-offs and its editions stay in the record.

A withdrawn article keeps nothing that was composed from the document. A withheld article returns when it is signed, so
its text is still in use. Wagtail's drafts, revisions and logs are not part of the record; see docs/operators.md.
"""

from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone

from articles.errors import CannotErase
from articles.publishing.notices import standing_on
from articles.publishing.recompose import ARTICLE, COMPONENT, recompose_after
from articles.record import events
from articles.record.delivery import projection
from articles.record.models import (
    ArticleState,
    ComponentPublication,
    Document,
    Edition,
    Event,
    FeedState,
    Publication,
    SignOff,
)
from articles.record.vocabulary import SERVED, EventKind, PublicationState, SubjectKind
from articles.review.roles import actor


def erase(*, digest: str, reason: str, by: User | None) -> Event:
    """Empty the document under an `erased` event. Raises CannotErase with what must be done first."""
    if not reason.strip():
        raise CannotErase("Give a reason; the ledger keeps it. Do not repeat the text to be erased.")
    subjects = _subjects(digest)
    for subject in subjects:  # a crash may have left publications that show an earlier edition
        recompose_after(subject, relation=ARTICLE)
        recompose_after(subject, relation=COMPONENT)
    with transaction.atomic():
        document = _require_erasable(digest)
        event = _append(document, reason, by)
        Document.objects.filter(digest=digest).update(content=b"")
        rows = Publication.objects.filter(article__in=subjects, state=PublicationState.WITHDRAWN)
        projection.write(*rows.values_list("article", flat=True), now=event.at)  # its title is in the document too
        ArticleState.objects.filter(article__in=subjects).update(renew_at=event.at)
        FeedState.objects.update(renew_at=event.at)
    return event


def _require_erasable(digest: str) -> Document:
    document = Document.objects.select_for_update().filter(digest=digest).first()
    if document is None:
        raise CannotErase(f"No document has the digest {digest}.")
    if not document.content:
        raise CannotErase("This document has already been erased.")
    if served := [*_articles_that_show(digest), *_components_that_show(digest)]:
        raise CannotErase(
            f"This text is still in use: {', '.join(served)}. Withdraw the article, or publish another text first."
        )
    if _stands_as_notice(digest):
        raise CannotErase("This safety notice is still shown above articles. Remove it first.")
    return document


def _articles_that_show(digest: str) -> list[str]:
    rows = Publication.objects.filter(state__in=SERVED).select_for_update()
    shown = {(row.subject, row.number) for row in _editions(digest)}
    found = rows.filter(article__in=[subject for subject, _ in shown])
    return [f"article {row.slug}" for row in found.only("slug", "edition") if (row.article, row.edition) in shown]


def _components_that_show(digest: str) -> list[str]:
    rows = ComponentPublication.objects.filter(digest=digest, state__in=SERVED).select_for_update()
    return [f"{row.kind} {row.component}" for row in rows]


def _stands_as_notice(digest: str) -> bool:
    signed = SignOff.objects.filter(digest=digest, subject_kind=SubjectKind.NOTICE).values_list("subject", flat=True)
    return any(standing_on(notice) for notice in signed)


def _subjects(digest: str) -> list[UUID]:
    signed = SignOff.objects.filter(digest=digest).order_by("subject")
    return list(signed.values_list("subject", flat=True).distinct())


def _editions(digest: str) -> list[Edition]:
    rows = Edition.objects.filter(subject__in=_subjects(digest))
    return [row for row in rows if digest in row.digests.values()]


def _append(document: Document, reason: str, by: User | None) -> Event:
    """Write the event, without which the trigger refuses to empty the bytes."""
    signed = SignOff.objects.filter(digest=document.digest).order_by("event").first()
    if signed is None:
        raise CannotErase("This document was never signed, so Vetted did not store it. Ask for help.")
    return events.append(
        EventKind.ERASED,
        subject_kind=signed.subject_kind,
        subject=signed.subject,
        actor=actor(by),
        data={"digest": document.digest, "kind": document.kind, "format": document.format, "reason": reason},
        at=timezone.now(),
    )
