"""Take an article back with a reason: readers get 410, lists leave it out, the record keeps everything."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction

from articles.authoring.models import ArticlePage
from articles.document.characters import require_readable
from articles.errors import DomainError, NotPublished
from articles.publishing.permissions import require_permission
from articles.publishing.recompose import recompose_after
from articles.record import events
from articles.record.events import instant
from articles.record.models import Facet, Publication
from articles.record.vocabulary import SERVED, EventKind, PublicationState, SubjectKind, WithdrawReason
from articles.review.review import lock
from articles.review.roles import actor

PERMISSION = "articles.withdraw_article"
LONGEST_EXPLANATION = 1000  # characters


class CannotWithdraw(DomainError):
    """Readers would not hear why, or would be sent to what they cannot get."""

    code = "cannot-withdraw"
    title = "It was not withdrawn."
    status = 422


def withdraw(
    *, page: ArticlePage, reason: str, explanation: str, by: User | None, replacement: UUID | None = None
) -> None:
    """Withdraw; publishing again needs new signatures. Raises NotPermitted, CannotWithdraw, NotPublished."""
    require_permission(by, PERMISSION)
    with transaction.atomic():
        write_withdrawal(page=page, reason=reason, explanation=explanation, by=by, replacement=replacement)
    recompose_after(page.article_id)


def withdraw_many(
    *, articles: Iterable[UUID], reason: str, explanation: str, by: User | None, replacement: UUID | None = None
) -> list[UUID]:
    """All of them or none, in one transaction: those of these articles that readers get.

    Raises NotPermitted, CannotWithdraw (also where the replacement is one of them), NotPublished.
    """
    require_permission(by, PERMISSION)
    with transaction.atomic():
        pages = list(ArticlePage.objects.select_for_update().filter(article_id__in=list(articles)).order_by("pk"))
        rows = Publication.objects.select_for_update().filter(article__in=[page.article_id for page in pages])
        served = set(rows.filter(state__in=SERVED).order_by("article").values_list("article", flat=True))
        taken = [page for page in pages if page.article_id in served]
        if not taken:
            raise NotPublished("Readers get none of these articles already; there is nothing to withdraw.")
        together = {"together": str(uuid4()), "of": len(taken)}
        said: dict[str, Any] = {"reason": reason, "explanation": explanation, "replacement": replacement}
        for page in taken:
            write_withdrawal(page=page, by=by, together=together, **said)
    for page in taken:
        recompose_after(page.article_id)
    return [page.article_id for page in taken]


def write_withdrawal(
    *,
    page: ArticlePage,
    reason: str,
    explanation: str,
    by: User | None,
    replacement: UUID | None = None,
    together: Mapping[str, object] | None = None,
) -> None:
    """The withdrawal, inside a transaction of the caller's, who recomposes what stands on it after the commit.

    `together`: of an act on many articles {together: its id, of: how many}, for the ledger. Raises CannotWithdraw,
    NotRepresentable, NotPublished.
    """
    require_explained(page.article_id, explanation, replacement)
    page = lock(page)
    row = Publication.objects.select_for_update().filter(article=page.article_id).first()
    if row is None or row.state == PublicationState.WITHDRAWN:
        raise NotPublished("Readers get nothing of this article already; there is nothing to withdraw.")
    now = timezone.now()
    notice = {
        "reason": WithdrawReason(reason).value,
        "explanation": explanation,
        "replacement": str(replacement) if replacement else None,
        "withdrawn_at": instant(now),
        "temporary": False,
    }
    UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)
    event = events.append(
        EventKind.WITHDRAWN,
        subject_kind=SubjectKind.ARTICLE,
        subject=page.article_id,
        actor=actor(by),
        data={**notice, **(together or {})},
        at=now,
    )
    row.state, row.notice, row.event = PublicationState.WITHDRAWN, notice, event.number
    row.fresh_until = None
    row.save(update_fields=["state", "notice", "event", "fresh_until"])
    Facet.objects.filter(article=page.article_id).delete()


def require_explained(article: UUID, explanation: str, replacement: UUID | None) -> None:
    """What every withdrawal, now or later, says to readers. Raises CannotWithdraw, NotRepresentable."""
    if not explanation.strip() or len(explanation) > LONGEST_EXPLANATION:
        raise CannotWithdraw(f"Tell readers why, in at most {LONGEST_EXPLANATION} characters; they see it at once.")
    require_readable(explanation)
    if replacement == article:
        raise CannotWithdraw("The replacement is withdrawn here itself; choose another article, or none.")
