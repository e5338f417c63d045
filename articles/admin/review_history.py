"""For the sign-off page: the signers of earlier editions, the policies' requirements, and open requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User

from articles.admin.names import FORMER_USER
from articles.authoring.models import ArticlePage
from articles.record.compare.differences import Run, mark_words
from articles.record.models import Edition, Publication, SignOff
from articles.record.standing import History
from articles.record.vocabulary import (
    AfterGrace,
    DeclineReason,
    DocumentKind,
    EventKind,
    PublicationState,
    Role,
    SuggestionState,
    WithdrawReason,
)
from articles.review.models import ChangeRequest, Suggestion
from articles.review.needs.table import name_of
from articles.review.policies.rules import Rules, is_risky
from articles.review.responses import suggestions
from articles.review.responses.change_requests import is_answered, open_of
from articles.review.review import MEDICAL, Review

NOTHING = "not stated"
MANY = 5  # editions; the timeline shows all


@dataclass(frozen=True)
class Earlier:
    """An edition with its sign-offs, then those that re-affirmed it: [(sign-off, whether it was voided)]."""

    number: int
    published_at: datetime
    rows: list[tuple[SignOff, bool]]


@dataclass(frozen=True)
class Request:
    """A request for changes; `is_answered` when the text has changed since. `is_mine`: the reader of the page asked."""

    by: str
    role: str
    reason: str
    at: datetime
    is_answered: bool
    is_mine: bool


@dataclass(frozen=True)
class Declined:
    by: str
    role: str
    reason: str
    comment: str
    at: datetime
    is_mine: bool


def earlier(review: Review) -> list[Earlier]:
    """The latest editions with their sign-offs, the newest first."""
    editions = list(review.history.editions)[::-1][:MANY]
    return [Earlier(row.number, row.published_at, _signed(row, review.history)) for row in editions]


def requests(review: Review, user: User) -> list[Request]:
    return [_request(row, review, user) for row in open_of(review)]


def declines(review: Review, user: User) -> list[Declined]:
    """Who declined to sign since the latest edition, oldest first."""
    return [
        Declined(
            name_of(row.user) if row.user else FORMER_USER,
            str(Role(row.role).label).lower(),
            str(DeclineReason(row.reason).label),
            row.comment,
            row.at,
            row.user_id == user.pk,
        )
        for row in review.declines
    ]


def open_suggestions(page: ArticlePage) -> list[dict[str, Any]]:
    """[{row, runs, stands, by}]: `runs` mark what would change; `stands` when it can still be accepted."""
    rows = suggestions.open_of(page)
    content = suggestions.content_of(page) if rows else {}
    return [
        {
            "row": row,
            "runs": _runs(row),
            "stands": suggestions.stands(row, content),
            "by": name_of(row.user) if row.user else FORMER_USER,
        }
        for row in rows
    ]


def accepted_suggestions(review: Review) -> list[dict[str, Any]]:
    """[{row, runs, by, decided_by}] of the suggestions that are in the draft: whose words they are."""
    return [_decided(row) for row in review.accepted_suggestions]


def rejected_suggestions(review: Review, user: User) -> list[dict[str, Any]]:
    """The person's own ones since the latest edition, as `accepted_suggestions` tells of others."""
    rows = [row for row in review.decided_suggestions if row.state == SuggestionState.REJECTED]
    return [_decided(row) for row in rows if user.pk == row.user_id != row.decided_by_id]


def _decided(row: Suggestion) -> dict[str, Any]:
    return {
        "row": row,
        "runs": _runs(row),
        "by": name_of(row.user) if row.user else FORMER_USER,
        "decided_by": name_of(row.decided_by) if row.decided_by else FORMER_USER,
    }


def _runs(row: Suggestion) -> tuple[Run, ...]:
    """Words are marked one by one; a choice, a number or a tick is another as a whole."""
    if row.is_words:
        return mark_words(row.before, row.after)
    named = [("removed", row.before or ("" if row.is_missing else NOTHING)), ("added", row.after or NOTHING)]
    return tuple(Run(op, f"{text} " if op == "removed" else text) for op, text in named if text)


def policy_in_words(review: Review) -> list[str]:
    """The signatures that the policies require, in a few sentences for each part."""
    return [" ".join(_sentences(review, part, rules)) for part, rules in review.rules.items()]


def told_of_withdrawal(article: UUID) -> dict[str, Any] | None:
    """{reason, explanation, replacement} that readers see in place of the article; None while it is published."""
    row = Publication.objects.filter(article=article).only("state", "notice").first()
    if row is None or row.state == PublicationState.PUBLISHED or not row.notice:
        return None
    reason, key = row.notice.get("reason"), row.notice.get("replacement")
    instead = ArticlePage.objects.filter(article_id=key).values_list("title", flat=True).first() if key else None
    return {
        "reason": str(WithdrawReason(reason).label) if reason in WithdrawReason.values else str(reason or ""),
        "explanation": row.notice.get("explanation") or "",
        "replacement": instead,
    }


def _signed(edition: Edition, history: History) -> list[tuple[SignOff, bool]]:
    told = [event for event in history.events if event.kind == EventKind.REAFFIRMED]
    again = [key for event in told if event.data["edition"] == edition.number for key in event.data["signoffs"]]
    voided = {event.data["signoff"] for event in history.events if event.kind == EventKind.VOIDED}
    known = [key for key in dict.fromkeys([*edition.signoffs, *again]) if key in history.signoffs]
    return [(history.signoffs[key], key in voided) for key in known]


def _request(row: ChangeRequest, review: Review, user: User) -> Request:
    by = name_of(row.user) if row.user else FORMER_USER
    return Request(by, str(Role(row.role).label), row.reason, row.at, is_answered(row, review), row.user_id == user.pk)


def _sentences(review: Review, part: str, rules: Rules) -> Iterator[str]:
    asked = [
        f"{count} {Role(role).label.lower()}{'s' if count > 1 else ''}" for role, count in rules.signatures().items()
    ]
    of = f" ({' and '.join(rules.specialties)})" if rules.specialties else ""
    yield f"{DocumentKind(part).label}: {' and '.join(asked)}{of} must sign."
    if rules.is_editorial:
        yield "The change is editorial (only the wording), so no editor has to sign the medical part."
    if part == MEDICAL:
        risky = is_risky(review.documents[MEDICAL].value)
        terms = rules.review(is_risky=risky)
        why = " because the text names medicines or treatments" if risky else ""
        then = str(AfterGrace(terms["after_grace"]).label)
        yield f"A review is due every {terms['interval_months']} months{why}."
        yield f"If it is overdue by {terms['grace_days']} days: {then[:1].lower()}{then[1:]}."
    yield f"Policy: {', '.join(f'“{name}”' for name in rules.names)}."
