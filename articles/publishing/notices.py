"""Safety notices: up to 500 characters, signed by one clinician on call, shown at once above all chosen articles.

Each article gets its own ledger line; all of them, with their translations, change in one transaction. A notice stays
until it is removed, from all articles together. A withdrawn article keeps it for its next publication, and a
translation that is published later gets it with its edition.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from articles.authoring.permissions import MAY_NOTICE, require_permission
from articles.document.characters import names_of, unreadable_signs
from articles.document.documents import make_document
from articles.errors import DomainError, NotPublished
from articles.publishing.recompose import rewrite
from articles.record import events, history
from articles.record.delivery.notices import told_beside
from articles.record.documents import read_document
from articles.record.models import Document as Signed
from articles.record.models import Event, Publication, SignOff
from articles.record.standing import History
from articles.record.vocabulary import SERVED, DocumentKind, EventKind, Role, Scope, SubjectKind
from articles.review.review import Review
from articles.review.roles import actor
from articles.review.signing import authentication, signoffs
from articles.review.signing.meanings import NOTICE

LONGEST, LONGEST_REASON = 500, 1000  # characters
PART = DocumentKind.NOTICE.value


class CannotNotice(DomainError):
    """The notice is empty, too long or not shown anywhere, or the reason is missing."""

    code = "cannot-notice"
    title = "The notice was not changed."
    status = 422


def give(*, articles: Iterable[UUID], text: str, user: User, password: str, request: HttpRequest | None = None) -> UUID:
    """Show the text above these articles and their translations. Returns the notice's id.

    Raises NotPermitted, CannotNotice, NotPublished, NotAuthenticated, CannotSign; then nothing was shown.
    """
    require_permission(user, MAY_NOTICE)
    _require_text(text)
    method = authentication.confirm_password(user, password, request=request)
    signoffs.require_role(user, Role.MEDICAL)
    with transaction.atomic():
        rows = _with_translations(articles)
        if not any(row.state in SERVED for row in rows):
            raise NotPublished("None of these articles is published, so the notice cannot be shown.")
        signed = sign_words(text, user=user, method=method)
        _tell(rows, EventKind.NOTICED, actor(user), _data(signed) | {"of": len(rows)})
    return signed.subject


def sign_words(text: str, *, user: User, method: str) -> SignOff:
    """Sign a text that readers see at once, as a clinician. Runs in the caller's transaction, which checked the role.

    The sign-off's subject is the new notice's id.
    """
    document = make_document(PART, {"text": text.strip()})
    review = Review(SubjectKind.NOTICE.value, uuid4(), text, {PART: document}, {}, None, History([], [], {}))
    (signed,) = signoffs.write(review, [PART], user, Role.MEDICAL, scope=Scope.WHOLE, method=method, meaning=NOTICE)
    return signed


def lift(*, notice: UUID, reason: str, by: User) -> int:
    """Remove the notice from every article. Returns their number. Raises NotPermitted, CannotNotice."""
    require_permission(by, MAY_NOTICE)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise CannotNotice(
            f"Explain why the notice is no longer needed, in up to {LONGEST_REASON} characters. The ledger keeps it."
        )
    with transaction.atomic():
        rows = lock_standing(notice)
        if not rows:
            raise CannotNotice("No article shows this notice.")
        _tell(rows, EventKind.NOTICE_LIFTED, actor(by), {"notice": str(notice), "reason": reason.strip()})
    return len(rows)


def take_down(*, notice: UUID, reason: str, by: Mapping[str, Any]) -> None:
    """Remove a notice whose signature was voided, in the caller's transaction. `by`: the actor as in events."""
    _tell(lock_standing(notice), EventKind.NOTICE_LIFTED, by, {"notice": str(notice), "reason": reason})


def put_on(article: UUID, translation_key: UUID, *, by: Mapping[str, Any], at: datetime) -> None:
    """Add the active notices of its translations to an article, just before its edition, in the same transaction.

    Holds the ledger, so that no notice is added or removed in between.
    """
    events.hold()
    others = Publication.objects.filter(translation_key=translation_key).exclude(article=article)
    for data in told_beside(article, history.noticed(article, others.values("article"))):
        events.append(EventKind.NOTICED, subject_kind=SubjectKind.ARTICLE, subject=article, actor=by, data=data, at=at)


def lock_standing(notice: UUID) -> list[Publication]:
    """The publications of the articles with this notice, locked."""
    return _lock(lambda: Q(article__in=standing_on(notice)))


def standing_on(notice: UUID) -> list[UUID]:
    """The articles with this notice, published or not."""
    about = Event.objects.filter(data__notice=str(notice)).order_by("number")
    latest = dict(about.filter(kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED)).values_list("subject", "kind"))
    return [article for article, kind in latest.items() if kind == EventKind.NOTICED]


def standing_now() -> list[dict[str, Any]]:
    """The active notices: [{notice, text, since, by, articles}], newest first."""
    found: dict[str, dict[str, Any]] = {}
    for event in Event.objects.filter(kind__in=(EventKind.NOTICED, EventKind.NOTICE_LIFTED)).order_by("number"):
        row = found.setdefault(
            event.data["notice"], {"since": event.at, "by": event.actor.get("name", ""), "on": set()}
        )
        row |= {"digest": event.data["digest"]} if "digest" in event.data else {}
        (row["on"].add if event.kind == EventKind.NOTICED else row["on"].discard)(event.subject)
    standing = {notice: row for notice, row in found.items() if row["on"]}
    texts = Signed.objects.in_bulk([row["digest"] for row in standing.values()])
    return [
        {
            "notice": UUID(notice),
            "text": read_document(bytes(texts[row["digest"]].content))["text"],
            "since": row["since"],
            "by": row["by"],
            "articles": len(row["on"]),
        }
        for notice, row in reversed(standing.items())
    ]


def _require_text(text: str) -> None:
    """Raises CannotNotice."""
    if not text.strip() or len(text) > LONGEST:
        raise CannotNotice(f"A safety notice has between 1 and {LONGEST} characters; this one has {len(text)}.")
    if found := unreadable_signs(text):
        raise CannotNotice(f"The notice contains invisible characters ({names_of(found)}). Type it again.")


def _with_translations(articles: Iterable[UUID]) -> list[Publication]:
    chosen = Publication.objects.filter(article__in=list(articles))
    keys = list(chosen.values_list("translation_key", flat=True))
    return _lock(lambda: Q(translation_key__in=keys))


def _lock(condition: Callable[[], Q]) -> list[Publication]:
    """Lock the matching publications, including withdrawn ones, in a stable order, and then the ledger.

    Matches again after that, to include what was published meanwhile.
    """

    def locked() -> QuerySet[Publication]:
        return Publication.objects.select_for_update().filter(condition()).order_by("article")

    list(locked().values_list("article"))
    events.hold()
    return list(locked())


def _data(signed: SignOff) -> dict[str, object]:
    return {"notice": str(signed.subject), "digest": signed.digest, "signoff": signed.pk}


def _tell(rows: list[Publication], kind: str, by: Mapping[str, Any], data: dict[str, object]) -> None:
    """Write a ledger line for each article, and rewrite its publication."""
    for row in rows:
        rewrite(row.article, kind, actor=by, data=data)
