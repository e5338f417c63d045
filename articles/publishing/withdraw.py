"""Withdraws an article with a reason: the API answers 410, lists leave it out, and the record keeps everything.

Readers see a standard sentence for the reason, in the article's language. An explanation of one's own is a statement
to readers, so a clinician must sign it, as with a safety notice.
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
from articles.record import events, words
from articles.record.delivery import projection
from articles.record.event_data import Withdrawal
from articles.record.events import instant
from articles.record.models import ComponentPublication, Publication
from articles.record.vocabulary import SERVED, EventKind, PublicationState, Role, SubjectKind, WithdrawReason
from articles.review.needs.table import rewrite
from articles.review.opening import lock
from articles.review.roles import actor
from articles.review.signing import authentication, signoffs
from articles.review.signing.authentication import Confirmation, Given

LONGEST_EXPLANATION = 1000  # characters


class CannotWithdraw(DomainError):
    """The explanation is too long or unsigned, or the replacement is withdrawn itself."""

    code = "cannot-withdraw"
    title = "The article was not withdrawn."
    status = 422


@dataclass(frozen=True)
class Explanation:
    """An explanation in place of the standard sentence, and how the clinician confirmed it."""

    text: str
    confirmation: Confirmation


def withdraw(*, page: ArticlePage, by: User | None, **said: Any) -> None:
    """Withdraw one article, as `withdraw_many` does. Publishing it again requires new signatures."""
    withdraw_many(articles=[page.article_id], by=by, **said)


def withdraw_many(
    *,
    articles: Iterable[UUID],
    reason: str,
    by: User | None,
    replacement: UUID | None = None,
    explanation: str = "",
    password: Given = "",
    request: HttpRequest | None = None,
) -> list[UUID]:
    """Withdraw the published ones of these articles, all or none, in one transaction. Returns their ids.

    An `explanation` is signed by `by` as a clinician, with the `password`. Raises
    NotPermitted, CannotWithdraw (also where the replacement is one of them), NotPublished, NotRepresentable,
    CannotSign, NotAuthenticated, LockedOut.
    """
    require_permission(by, MAY_WITHDRAW)
    signed = _authenticated(explanation.strip(), by, password, request)
    with transaction.atomic():
        taken = _lock_served(articles)
        if not taken:
            raise NotPublished("None of these articles is published, so there is nothing to withdraw.")
        words = _sign(signed) if signed else {}
        together = {"together": str(uuid4()), "of": len(taken)} if len(taken) > 1 else {}
        for page in taken:
            write_withdrawal(page=page, reason=reason, by=by, replacement=replacement, **words, **together)
    for page in taken:
        recompose_after(page.article_id)
    return [page.article_id for page in taken]


def withdraw_component(*, component: Offer | Disclaimer, reason: str, by: User | None) -> None:
    """Withdraw an offer or a disclaimer from every article that shows it. It returns only with new signatures.

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
    """Withdraw an article in the caller's transaction. The caller recomposes linking articles after the commit.

    `said` goes into the ledger: {explanation, digest, signoff} of a signed explanation, and {together: id, of: number}
    of an act on several articles. Raises CannotWithdraw, NotPublished.
    """
    require_other(page.article_id, replacement)
    page = lock(page)
    rows = Publication.objects.select_for_update().filter(article=page.article_id)
    row = rows.only("article", "state", "locale").first()
    if row is None or row.state == PublicationState.WITHDRAWN:
        raise NotPublished("This article is not published, so there is nothing to withdraw.")
    now = timezone.now()
    notice: Withdrawal = {
        "reason": WithdrawReason(reason).value,
        "explanation": said.pop("explanation", "") or words.sentence(f"withdrawn-{reason}", row.locale).text,
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
    """Raises CannotWithdraw if the replacement is the withdrawn article itself."""
    if replacement == article:
        raise CannotWithdraw("The replacement is being withdrawn itself. Choose another article, or none.")


def _authenticated(text: str, by: User | None, password: Given, request: HttpRequest | None) -> Explanation | None:
    if not text:
        if not isinstance(password, str):
            raise CannotWithdraw("There is no explanation to sign. Write one, or withdraw without a signature.")
        return None
    if len(text) > LONGEST_EXPLANATION:
        raise CannotWithdraw(f"Shorten the explanation to {LONGEST_EXPLANATION} characters, or leave it out.")
    require_readable(text)
    if by is None:
        raise CannotWithdraw("A clinician must sign an explanation. Leave it out to show the standard sentence.")
    confirmation = authentication.confirm(by, password, request=request)
    signoffs.require_role(by, Role.MEDICAL)
    return Explanation(text, confirmation)


def _lock_served(articles: Iterable[UUID]) -> list[ArticlePage]:
    pages = list(ArticlePage.objects.select_for_update().filter(article_id__in=list(articles)).order_by("pk"))
    rows = Publication.objects.select_for_update().filter(article__in=[page.article_id for page in pages])
    served = set(rows.filter(state__in=SERVED).order_by("article").values_list("article", flat=True))
    return [page for page in pages if page.article_id in served]


def _sign(words: Explanation) -> dict[str, Any]:
    row = sign_words({"": words.text}, words.confirmation)[""]
    return {"explanation": words.text, "digest": row.digest, "signoff": row.pk}
