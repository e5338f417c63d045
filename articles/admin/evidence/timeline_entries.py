"""Everything that happened to an article, in one list: the ledger, Wagtail's log, and what reviewers answered."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from wagtail.models import PageLogEntry

from articles.admin.names import FORMER_USER, UNKNOWN_USER, names_of
from articles.authoring.models import ArticlePage
from articles.record.ledger import related_events
from articles.record.ledger.sentences import SYSTEM, actor_name, kind_in_words, label, moment, sentence
from articles.record.models import Edition, Event
from articles.record.vocabulary import DeclineReason, Role, SubjectKind, SuggestionState
from articles.review.models import ChangeRequest, Decline, OpenNeed, Suggestion
from articles.review.roles import full_name

Details = tuple[tuple[str, str], ...]
EDIT = "wagtail.edit"
# Actions in Wagtail's log that the ledger or a request for changes already covers.
TOLD_ELSEWHERE = {
    "wagtail.publish",
    "wagtail.unpublish",
    "wagtail.workflow.start",
    "wagtail.workflow.approve",
    "wagtail.workflow.reject",
}
ACTIONS = {
    "wagtail.create": "Created the draft.",
    EDIT: "Edited the draft.",
    "wagtail.lock": "Locked the draft.",
    "wagtail.unlock": "Unlocked the draft.",
    "wagtail.workflow.cancel": "Took the article out of review.",
    "wagtail.workflow.resume": "Put the article back into review.",
    "wagtail.rename": "Renamed the article",
    "wagtail.comments.create": "Commented",
    "wagtail.comments.edit": "Changed a comment",
    "wagtail.comments.delete": "Deleted a comment",
    "wagtail.comments.resolve": "Resolved a comment",
    "wagtail.comments.create_reply": "Replied to a comment",
    "wagtail.comments.edit_reply": "Changed a reply",
    "wagtail.comments.delete_reply": "Deleted a reply",
}


@dataclass(frozen=True)
class Entry:
    """`number` is that of the ledger's line, None for others; `details` are [(name, value)] of *Show everything*.

    Consecutive entries with the same `fold` are shown as one.
    """

    at: datetime
    who: str
    said: str
    number: int | None = None
    kind: str = ""
    details: Details = ()
    fold: tuple[str, Any] | None = None


def entries_of(page: ArticlePage, user: User) -> list[Entry]:
    """Newest first; consecutive saves of one person are one entry."""
    found = [*_ledger(page, user), *_log(page), *_answers(page), *_suggestions(page), *_assignments(page)]
    return _folded(sorted(found, key=lambda entry: (entry.at, entry.number or 0), reverse=True))


def entries_of_editions(page: ArticlePage, user: User) -> list[Entry]:
    """For people who may not read the draft: the ledger, and other entries up to the latest edition."""
    edition = Edition.objects.filter(subject=page.article_id).order_by("-number").first()
    until = edition.published_at if edition else datetime.min.replace(tzinfo=UTC)
    return [entry for entry in entries_of(page, user) if entry.number is not None or entry.at <= until]


def _folded(entries: Iterable[Entry]) -> list[Entry]:
    found = []
    for fold, group in groupby(entries, key=lambda entry: entry.fold or entry):
        newest, *older = group
        if older and fold is not newest:
            saves = f"Edited the draft: {len(older) + 1} saves, the first on {moment(older[-1].at)}."
            newest = replace(newest, said=saves)
        found.append(newest)
    return found


def _ledger(page: ArticlePage, user: User) -> Iterator[Entry]:
    lines = related_events.lines_about(page.article_id)
    named = names_of(((line.subject_kind, line.subject) for line in lines), user)
    names = {key: name.name for key, name in named.items()} | related_events.notice_texts(lines)
    for line in lines:
        about = "" if related_events.is_of_article(line, page.article_id) else _about(line, names)
        said = about + sentence(line, names)
        yield Entry(line.at, actor_name(line.actor), said, line.number, line.kind, _details_of(line))


def _about(line: Event, names: dict[str, str]) -> str:
    name = names.get(str(line.subject))
    return f"{label(SubjectKind, line.subject_kind)}{f' “{name}”' if name else ''}: "


def _details_of(line: Event) -> Details:
    data = {
        key: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for key, value in line.data.items()
    }
    return (
        ("kind", kind_in_words(line.kind)),
        *data.items(),
        ("hash", line.hash),
        ("hash of the line before", line.previous_hash),
    )


def _log(page: ArticlePage) -> Iterator[Entry]:
    """Wagtail's own log, without the actions that other entries cover."""
    rows = PageLogEntry.objects.filter(page=page.pk).exclude(action__in=TOLD_ELSEWHERE).select_related("user")
    for row in rows.order_by("timestamp"):
        who = full_name(row.user) if row.user else UNKNOWN_USER
        fold = (EDIT, row.user_id) if row.action == EDIT else None
        yield Entry(row.timestamp, who, _action(row), fold=fold)


def _action(row: PageLogEntry) -> str:
    said, data = ACTIONS.get(row.action, f"{row.message}."), row.data
    if comment := data.get("reply") or data.get("comment"):
        return f"{said}: “{comment.get('text', '')}”."
    if title := data.get("title") if row.action == "wagtail.rename" else None:
        return f"{said} from “{title.get('old', '')}” to “{title.get('new', '')}”."
    return said if said.endswith(".") else f"{said}."


def _answers(page: ArticlePage) -> Iterator[Entry]:
    """Requests for changes, and declined signatures."""
    for asked in ChangeRequest.objects.filter(subject=page.article_id).select_related("user"):
        said = f"Requested changes as {_role(asked.role)}: “{asked.reason}”"
        yield Entry(asked.at, _name(asked.user), said, details=tuple(asked.digests.items()))
    for row in Decline.objects.filter(subject=page.article_id).select_related("user"):
        said = f"Declined to sign as {_role(row.role)}: {label(DeclineReason, row.reason)}."
        said += f" “{row.comment}”" if row.comment else ""
        yield Entry(row.at, _name(row.user), said, details=tuple(row.digests.items()))


def _suggestions(page: ArticlePage) -> Iterator[Entry]:
    for row in Suggestion.objects.filter(article=page.article_id).select_related("user", "decided_by"):
        words = f"“{row.before}” → “{row.after}”" if row.after else f"delete “{row.before}”"
        words = f"add “{row.after}”" if not row.before else words
        words = f"{row.where}, {words}" if row.where else words
        comment = f" Comment: {row.comment}" if row.comment else ""
        yield Entry(row.at, _name(row.user), f"Suggested a change: {words}{comment}")
        if row.decided_at:
            said = f"Closed a suggestion ({label(SuggestionState, row.state).lower()}): {words}"
            yield Entry(row.decided_at, _name(row.decided_by), said)


def _assignments(page: ArticlePage) -> Iterator[Entry]:
    for row in OpenNeed.objects.filter(subject=page.article_id).select_related("taker"):
        if row.taken_at:
            yield Entry(row.taken_at, _name(row.taker), f"Took on the review as {_role(row.role)}.")
        if row.escalated_at:
            said = f"The review as {_role(row.role)} was still unassigned, so the medical leads were notified."
            yield Entry(row.escalated_at, SYSTEM, said)


def _role(role: str) -> str:
    return label(Role, role).lower()


def _name(user: User | None) -> str:
    return full_name(user) if user else FORMER_USER
