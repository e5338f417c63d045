"""Take an article back with a reason: readers get 410, lists leave it out, the record keeps everything.

Readers are told a fixed sentence for the reason, in the article's language. Words of one's own are a statement to
readers like any other, so a clinician signs them, as a safety notice is signed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_WITHDRAW, require_permission
from articles.document.characters import require_readable
from articles.errors import DomainError, NotPublished
from articles.publishing.notices import sign_words
from articles.publishing.recompose import COMPONENT, recompose_after
from articles.record import events
from articles.record.delivery import projection
from articles.record.delivery.withdrawals import withdrawal_sentence
from articles.record.event_data import Withdrawal
from articles.record.events import instant
from articles.record.models import ComponentPublication, Publication
from articles.record.vocabulary import SERVED, EventKind, PublicationState, Role, SubjectKind, WithdrawReason
from articles.review.needs.table import rewrite
from articles.review.opening import lock
from articles.review.roles import actor
from articles.review.signing import authentication, signoffs

LONGEST_EXPLANATION = 1000  # characters


class CannotWithdraw(DomainError):
    """The explanation is too long, or readers would be sent to what they cannot get."""

    code = "cannot-withdraw"
    title = "It was not withdrawn."
    status = 422


@dataclass(frozen=True)
class Explanation:
    """Words for readers in place of the fixed sentence, and how the clinician who signs them was authenticated."""

    text: str
    user: User
    method: str


def withdraw(*, page: ArticlePage, by: User | None, **said: Any) -> None:
    """Withdraw; publishing again needs new signatures. As `withdraw_many`, of one article."""
    withdraw_many(articles=[page.article_id], by=by, **said)


def withdraw_many(
    *,
    articles: Iterable[UUID],
    reason: str,
    by: User | None,
    replacement: UUID | None = None,
    explanation: str = "",
    password: str = "",
    request: HttpRequest | None = None,
) -> list[UUID]:
    """All of them or none, in one transaction: those of these articles that readers get.

    `explanation`, if there is one, is signed by `by` as a clinician, with the `password` typed now. Raises
    NotPermitted, CannotWithdraw (also where the replacement is one of them), NotPublished, NotRepresentable,
    CannotSign, NotAuthenticated, LockedOut.
    """
    require_permission(by, MAY_WITHDRAW)
    signed = _authenticated(explanation.strip(), by, password, request)
    with transaction.atomic():
        taken = _lock_served(articles)
        if not taken:
            raise NotPublished("Readers do not get any of these articles, so there is nothing to withdraw.")
        words = _sign(signed) if signed else {}
        together = {"together": str(uuid4()), "of": len(taken)} if len(taken) > 1 else {}
        for page in taken:
            write_withdrawal(page=page, reason=reason, by=by, replacement=replacement, **words, **together)
    for page in taken:
        recompose_after(page.article_id)
    return [page.article_id for page in taken]


def withdraw_component(*, component: Offer | Disclaimer, reason: str, by: User | None) -> None:
    """Take an offer or a disclaimer back: it leaves every article that shows it, and returns only with new signatures.

    Raises NotPermitted, NotPublished.
    """
    require_permission(by, MAY_WITHDRAW)
    with transaction.atomic():
        key = lock(component).component_id
        row = ComponentPublication.objects.select_for_update().filter(component=key).first()
        if row is None or row.state == PublicationState.WITHDRAWN:
            raise NotPublished("No article shows this, so there is nothing to withdraw.")
        now = timezone.now()
        events.append(
            EventKind.COMPONENT_WITHDRAWN,
            subject_kind=component.subject_kind,
            subject=key,
            actor=actor(by),
            data={"edition": row.edition, "reason": WithdrawReason(reason).value, "explanation": ""},
            at=now,
        )
        projection.write(key, now=now)
    recompose_after(key, relation=COMPONENT)


def write_withdrawal(
    *, page: ArticlePage, reason: str, by: User | None, replacement: UUID | None = None, **said: Any
) -> None:
    """The withdrawal, in a transaction of the caller's, who recomposes the articles that link to it after the commit.

    `said`: of signed words their {explanation, digest, signoff}, of an act on many articles {together: its id, of: how
    many}; all of it goes into the ledger. Raises CannotWithdraw, NotPublished.
    """
    require_other(page.article_id, replacement)
    page = lock(page)
    rows = Publication.objects.select_for_update().filter(article=page.article_id)
    row = rows.only("article", "state", "locale").first()
    if row is None or row.state == PublicationState.WITHDRAWN:
        raise NotPublished("Readers do not get this article, so there is nothing to withdraw.")
    now = timezone.now()
    notice: Withdrawal = {
        "reason": WithdrawReason(reason).value,
        "explanation": said.pop("explanation", "") or withdrawal_sentence(reason, row.locale),
        "replacement": str(replacement) if replacement else None,
        "withdrawn_at": instant(now),
        "temporary": False,
    }
    UnpublishPageAction(page, user=by).execute(skip_permission_checks=True)
    events.append(
        EventKind.WITHDRAWN,
        subject_kind=SubjectKind.ARTICLE,
        subject=page.article_id,
        actor=actor(by),
        data={**notice, **said},
        at=now,
    )
    projection.write(page.article_id, now=now)
    rewrite(page.article_id)


def require_other(article: UUID, replacement: UUID | None) -> None:
    """Raises CannotWithdraw where readers would be sent to the article that they cannot get."""
    if replacement == article:
        raise CannotWithdraw("The replacement is withdrawn here itself; choose another article, or none.")


def _authenticated(text: str, by: User | None, password: str, request: HttpRequest | None) -> Explanation | None:
    if not text:
        return None
    if len(text) > LONGEST_EXPLANATION:
        raise CannotWithdraw(f"Shorten the explanation to {LONGEST_EXPLANATION} characters, or leave it out.")
    require_readable(text)
    if by is None:
        raise CannotWithdraw("An explanation is signed by a clinician; without one readers get the fixed sentence.")
    method = authentication.confirm_password(by, password, request=request)
    signoffs.require_role(by, Role.MEDICAL)
    return Explanation(text, by, method)


def _lock_served(articles: Iterable[UUID]) -> list[ArticlePage]:
    pages = list(ArticlePage.objects.select_for_update().filter(article_id__in=list(articles)).order_by("pk"))
    rows = Publication.objects.select_for_update().filter(article__in=[page.article_id for page in pages])
    served = set(rows.filter(state__in=SERVED).order_by("article").values_list("article", flat=True))
    return [page for page in pages if page.article_id in served]


def _sign(words: Explanation) -> dict[str, Any]:
    row = sign_words(words.text, user=words.user, method=words.method)
    return {"explanation": words.text, "digest": row.digest, "signoff": row.pk}
