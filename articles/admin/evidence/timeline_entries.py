"""Everything that happened to an article, in one list: the ledger, Wagtail's log, and the review's answers."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import PageLogEntry

from articles.admin.names import names_of
from articles.authoring.models import ArticlePage
from articles.record.ledger import related_events
from articles.record.ledger.sentences import actor_name, kind_in_words, label, moment, sentence
from articles.record.models import Edition, Event
from articles.record.vocabulary import DeclineReason, Role, SubjectKind, SuggestionState
from articles.review.models import Assignment, ChangeRequest, Decline, Suggestion
from articles.review.roles import full_name

EDIT = "wagtail.edit"
# What the ledger says better: these would stand twice.
TOLD = {"wagtail.publish", "wagtail.unpublish", "wagtail.workflow.start", "wagtail.workflow.approve"}
SAID = {
    "wagtail.create": "Made the draft.",
    EDIT: "Edited the draft.",
    "wagtail.lock": "Locked the draft.",
    "wagtail.unlock": "Unlocked the draft.",
    "wagtail.workflow.cancel": "Took the article out of review.",
    "wagtail.workflow.resume": "Put the article back into review.",
    "wagtail.workflow.reject": "Asked for changes.",
}
COMMENTS = {
    "wagtail.comments.create": "Commented",
    "wagtail.comments.edit": "Changed a comment",
    "wagtail.comments.delete": "Deleted a comment",
    "wagtail.comments.resolve": "Resolved a comment",
    "wagtail.comments.create_reply": "Answered a comment",
    "wagtail.comments.edit_reply": "Changed an answer",
    "wagtail.comments.delete_reply": "Deleted an answer",
}


@dataclass(frozen=True)
class Entry:
    """`number` is the ledger's, where it stands there; `details` are [(name, value)] for who wants everything."""

    at: datetime
    who: str
    said: str
    number: int | None = None
    details: tuple[tuple[str, str], ...] = ()
    fold: tuple[Any, ...] = ()
    first_at: datetime | None = None
    count: int = 1
    kind: str = ""

    @property
    def when(self) -> str:
        return moment(self.at)


def entries_of(page: ArticlePage, user: User) -> list[Entry]:
    """Newest first; consecutive saves of one person are one entry."""
    found = [*_ledger(page, user), *_log(page), *_requests(page), *_declines(page), *_suggestions(page), *_taken(page)]
    found.sort(key=lambda entry: (entry.at, entry.number or 0), reverse=True)
    return list(folded(found))


def entries_of_editions(page: ArticlePage, user: User) -> list[Entry]:
    """For who may not read the draft: the ledger, and what was said of the draft until it was the latest edition."""
    edition = Edition.objects.filter(subject=page.article_id).order_by("-number").first()
    until = edition.published_at if edition else datetime.min.replace(tzinfo=UTC)
    return [entry for entry in entries_of(page, user) if entry.number is not None or entry.at <= until]


def folded(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Neighbors with the same `fold` become one that says how many they were."""
    last: Entry | None = None
    for entry in entries:
        if last and last.fold and last.fold == entry.fold:
            last = replace(last, count=last.count + 1, first_at=entry.at)
            continue
        if last:
            yield _told(last)
        last = entry
    if last:
        yield _told(last)


def _told(entry: Entry) -> Entry:
    if entry.count == 1 or entry.first_at is None:
        return entry
    return replace(entry, said=f"Edited the draft: {entry.count} saves, the first on {moment(entry.first_at)}.")


def _ledger(page: ArticlePage, user: User) -> Iterator[Entry]:
    found = related_events.lines_about(page.article_id)
    named = {key: name.name for key, name in names_of(((row.subject_kind, row.subject) for row in found), user).items()}
    for row, told in zip(found, related_events.told(found), strict=True):
        about = "" if related_events.is_of_article(row, page.article_id) else _about(row, named)
        yield Entry(
            row.at, actor_name(row.actor), about + sentence(told, named), row.number, _details(row), kind=row.kind
        )


def _about(row: Event, named: dict[str, str]) -> str:
    name = named.get(str(row.subject))
    return f"{label(SubjectKind, row.subject_kind)}{f' “{name}”' if name else ''}: "


def _details(row: Event) -> tuple[tuple[str, str], ...]:
    data = row.data if isinstance(row.data, dict) else {}
    said = [
        (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for key, value in data.items()
    ]
    return (
        ("kind", kind_in_words(row.kind)),
        *said,
        ("hash", row.hash),
        ("hash of the line before", row.previous_hash),
    )


def _log(page: ArticlePage) -> Iterator[Entry]:
    """Wagtail's own log. A request for changes that stands as one of ours is told there."""
    asked = list(ChangeRequest.objects.filter(subject=page.article_id).values_list("at", flat=True))
    for row in PageLogEntry.objects.filter(page=page.pk).select_related("user").order_by("timestamp"):
        is_ours = row.action == "wagtail.workflow.reject" and any(
            abs(row.timestamp - at).total_seconds() < 5 for at in asked
        )
        if row.action in TOLD or is_ours:
            continue
        fold = (EDIT, row.user_id) if row.action == EDIT else ()
        yield Entry(row.timestamp, _name(row.user), _log_said(row), fold=fold)


def _log_said(row: PageLogEntry) -> str:
    data = row.data if isinstance(row.data, dict) else {}
    if row.action in COMMENTS:
        text = (data.get("reply") or data.get("comment") or {}).get("text", "")
        return f"{COMMENTS[row.action]}{f': “{text}”' if text else ''}."
    if row.action == "wagtail.rename" and isinstance(data.get("title"), dict):
        return f"Renamed it from “{data['title'].get('old', '')}” to “{data['title'].get('new', '')}”."
    if row.action == "wagtail.workflow.reject" and row.comment:
        return f"Asked for changes: “{row.comment}”"
    return SAID.get(row.action) or f"{row.message}."


def _requests(page: ArticlePage) -> Iterator[Entry]:
    for row in ChangeRequest.objects.filter(subject=page.article_id).select_related("user"):
        said = f"Asked for changes as {_role(row.role)}: “{row.reason}”"
        yield Entry(row.at, _name(row.user), said, details=_digests(row.digests))


def _declines(page: ArticlePage) -> Iterator[Entry]:
    for row in Decline.objects.filter(subject=page.article_id).select_related("user"):
        said = f"Declined to sign as {_role(row.role)}: {label(DeclineReason, row.reason)}."
        said += f" “{row.comment}”" if row.comment else ""
        yield Entry(row.at, _name(row.user), said, details=_digests(row.digests))


def _suggestions(page: ArticlePage) -> Iterator[Entry]:
    for row in Suggestion.objects.filter(article=page.article_id).select_related("user", "decided_by"):
        words = f"“{row.before}” → “{row.after}”" if row.after else f"to leave out “{row.before}”"
        said = f"Suggested other words: {words}." + (f" {row.comment}" if row.comment else "")
        yield Entry(row.at, _name(row.user), said)
        if row.decided_at:
            verdict = label(SuggestionState, row.state).lower()
            yield Entry(row.decided_at, _name(row.decided_by), f"A suggestion was decided on ({verdict}): {words}.")


def _taken(page: ArticlePage) -> Iterator[Entry]:
    for row in Assignment.objects.filter(subject=page.article_id).select_related("taker"):
        if row.taken_at:
            yield Entry(row.taken_at, _name(row.taker), f"Took on the review as {_role(row.role)}.")
        if row.escalated_at:
            said = f"Nobody had taken the review as {_role(row.role)}, so the medical leads were told."
            yield Entry(row.escalated_at, actor_name({}), said)


def _role(role: str) -> str:
    return label(Role, role).lower()


def _digests(given: Any) -> tuple[tuple[str, str], ...]:
    return tuple(given.items()) if isinstance(given, dict) else ()


def _name(user: User | None) -> str:
    return full_name(user) if user else "Somebody whose login is gone, or Vetted itself"
