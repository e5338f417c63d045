"""What the sign-off page shows: the text, what it rests on, what changed, findings, signatures, and ways to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone
from django.utils.safestring import SafeString

from articles.admin import desk_changes, desk_history, desk_text, readers_get
from articles.admin.desk_ways import Part, Way, declinable, may_request_changes, others, part_of, ways_of
from articles.admin.reading import Reading, names_of
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.errors import DomainError
from articles.publishing import waiting
from articles.record.models import SignOff
from articles.record.vocabulary import DeclineReason, Role
from articles.review import change_note, checklist, roles, signatures, suggestions
from articles.review.checklist_decided import FAILS
from articles.review.subjects import MEDICAL, Subject, Target, load

__all__ = ["Desk", "Way", "lay_out", "ways_of"]


@dataclass(frozen=True)
class Desk:
    """Everything on one sign-off page. `refusals` say, before anything is read, why this person cannot sign."""

    target: Target
    subject: Subject
    reading: Reading | None
    component_html: SafeString
    comparisons: list[desk_changes.Comparison]
    since: desk_changes.Since | None
    findings: list[Finding]
    checklist: dict[str, Any]
    signed: list[SignOff]
    missing: list[str]
    ways: list[Way]
    readers_get: readers_get.ReadersGet
    scheduled: list[str]
    policies: list[str]
    earlier: list[desk_history.Earlier]
    requests: list[desk_history.Request]
    suggestions: list[dict[str, Any]]
    withdrawal: dict[str, Any] | None
    declinable: list[tuple[str, str]]
    refusals: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    note_problem: str = ""
    signer: str = ""
    can_edit: bool = False
    can_decide: bool = False
    can_suggest: bool = False
    can_request: bool = False

    decline_reasons = DeclineReason.choices

    @property
    def is_article(self) -> bool:
        return isinstance(self.target, ArticlePage)

    @property
    def is_unsigned(self) -> bool:
        """Whether no clinician has signed this very text."""
        return not any(row.role == Role.MEDICAL for row in self.signed)

    @property
    def blocking(self) -> int:
        return sum(finding.severity == Severity.BLOCKING for finding in self.findings)

    @property
    def is_stopped(self) -> bool:
        return bool(self.blocking or self.note_problem)

    @property
    def open_ways(self) -> list[Way]:
        return [] if self.is_stopped else self.ways

    @property
    def parts(self) -> list[Part]:
        return [part_of(self.subject, name) for name in self.subject.documents]

    @property
    def sections(self) -> list[dict[str, str]]:
        """{id, name} of each section, for comments."""
        rows = self.subject.documents[MEDICAL].value["sections"] if self.subject.draft else []
        return [{"id": row["id"], "name": row["heading"] or row["kind"].replace("-", " ").capitalize()} for row in rows]


def lay_out(target: Target, user: User, *, seen: Mapping[str, str] | None = None) -> Desk:
    """The desk for this person, from the latest saved state. Raises UnknownBlock, NotRepresentable.

    `seen` are the digests that were on the screen before, where the text changed meanwhile.
    """
    subject = load(target)
    draft = subject.draft
    names = names_of(draft) if draft else {}
    ways, refusals = ways_of(subject, user)
    can_suggest = isinstance(target, ArticlePage) and bool(roles.roles_of(user, on=timezone.now().date()))
    can_edit = isinstance(target, ArticlePage) and target.permissions_for_user(user).can_edit()
    return Desk(
        target=target,
        subject=subject,
        reading=desk_text.read(target, subject, can_suggest) if draft else None,
        component_html=desk_text.component_html(subject),
        comparisons=desk_changes.since_edition(subject, names),
        since=desk_changes.since_seen(target, subject, seen, names)
        if seen
        else desk_changes.since_last_look(target, subject, user, names),
        findings=engine.run(draft) if draft else [],
        checklist=checklist_of(subject),
        signed=[row for part in subject.documents for row in signatures.counting(subject, part)],
        missing=[] if subject.is_current else [str(item) for item in signatures.missing(subject)],
        ways=ways,
        readers_get=readers_get.of_article(subject.id) if draft else readers_get.of_component(subject.id),
        scheduled=waiting.said_of(subject),
        policies=desk_history.policy_in_words(subject),
        earlier=desk_history.earlier(subject),
        requests=desk_history.requests(subject),
        suggestions=desk_history.open_suggestions(target) if isinstance(target, ArticlePage) else [],
        withdrawal=desk_history.told_of_withdrawal(subject.id) if draft else None,
        declinable=declinable(subject, user),
        refusals=refusals,
        others=others(subject, user) if refusals else [],
        note_problem=_note_problem(subject),
        signer=roles.printed(user),
        can_edit=can_edit,
        can_decide=isinstance(target, ArticlePage) and suggestions.may_decide(target, user),
        can_suggest=can_suggest,
        can_request=may_request_changes(target, subject, user),
    )


def checklist_of(subject: Subject) -> dict[str, Any]:
    """{version, decided, failing, holding: [(item, decision)], asked: [item]}."""
    made = checklist.decisions(subject.draft)
    decided = [(item, made[item.id]) for item in checklist.ITEMS if item.id in made]
    return {
        "version": checklist.VERSION,
        "decided": decided,
        "failing": [row for row in decided if row[1].verdict == FAILS],
        "holding": [row for row in decided if row[1].verdict != FAILS],
        "asked": checklist.asked(subject.draft, is_article=subject.is_article),
    }


def _note_problem(subject: Subject) -> str:
    """Why nobody can sign before readers are told what changed; "" if nothing stands in the way."""
    try:
        change_note.require(subject)
    except DomainError as error:
        return error.detail
    return ""
