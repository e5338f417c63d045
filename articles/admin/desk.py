"""What the sign-off page shows: the text, what changed, findings, signatures, and ways to sign."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from articles.admin import readers_get
from articles.admin.reading import Reading, names_of, read_draft
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.errors import CannotSign
from articles.publishing import waiting
from articles.record.differences import Change, differences
from articles.record.models import Document, SignOff
from articles.record.portable_text import to_html
from articles.record.section_media import offer_html
from articles.record.vocabulary import DocumentKind, Role
from articles.review import roles, signoff
from articles.review.statements import statement
from articles.review.subjects import Subject, Target, load


@dataclass(frozen=True)
class Part:
    name: str
    label: str
    digest: str


@dataclass(frozen=True)
class Way:
    """A role in which this person can sign now: which parts, and the sentence above the signature."""

    role: str
    label: str
    parts: tuple[Part, ...]
    statement: str


@dataclass(frozen=True)
class Comparison:
    """The changes of one part since the edition that readers had last."""

    label: str
    changes: list[Change]


@dataclass(frozen=True)
class Desk:
    """Everything on one sign-off page. `refusals` say, before anything is read, why this person cannot sign."""

    target: Target
    subject: Subject
    reading: Reading | None
    component_html: SafeString
    comparisons: list[Comparison]
    findings: list[Finding]
    signed: list[SignOff]
    missing: list[str]
    ways: list[Way]
    readers_get: readers_get.ReadersGet
    scheduled: list[str]
    refusals: list[str] = field(default_factory=list)
    signer: str = ""
    can_edit: bool = False

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
    def open_ways(self) -> list[Way]:
        return [] if self.blocking else self.ways

    @property
    def parts(self) -> list[Part]:
        return [_part(self.subject, name) for name in self.subject.documents]


def lay_out(target: Target, user: User) -> Desk:
    """The desk for this person, from the latest saved state. Raises UnknownBlock, NotRepresentable."""
    subject = load(target)
    draft = subject.draft
    ways, refusals = ways_of(subject, user)
    return Desk(
        target=target,
        subject=subject,
        reading=read_draft(draft, subject.documents) if draft else None,
        component_html=_component_html(subject),
        comparisons=list(_comparisons(subject, names_of(draft) if draft else {})),
        findings=engine.run(draft) if draft else [],
        signed=[row for part in subject.documents for row in signoff.counting(subject, part)],
        missing=[str(item) for item in signoff.missing(subject)],
        ways=ways,
        readers_get=readers_get.of_article(subject.id) if draft else readers_get.of_component(subject.id),
        scheduled=waiting.said_of(subject),
        refusals=refusals,
        signer=_printed(user),
        can_edit=isinstance(target, ArticlePage) and target.permissions_for_user(user).can_edit(),
    )


def _printed(user: User) -> str:
    """As the signature will be printed: name, credentials, registration."""
    who = roles.signer(user)
    return ", ".join(filter(None, [who.name, who.credentials, who.registration]))


def ways_of(subject: Subject, user: User) -> tuple[list[Way], list[str]]:
    """In which roles the person can sign now, and why not in those that they have or had."""
    ways, refusals = [], []
    held = roles.roles_of(user, on=timezone.now().date())
    for role in _roles_asked(subject):
        wanted = signoff.parts_to_sign(subject, role)
        if role in held:
            open_parts, reasons = _sort_out(subject, user, role, wanted)
            refusals += reasons
            ways += [_way(subject, role, open_parts)] if open_parts else []
        elif wanted and roles.has_lapsed(user, role):
            refusals.append("Your credentials have run out, so you cannot sign. Ask a medical lead to renew them.")
    return ways, list(dict.fromkeys(refusals))


def _roles_asked(subject: Subject) -> list[str]:
    asked = {role for policy in subject.policies.values() for role in policy.signatures()}
    return [role for role in Role.values if role in asked]


def _sort_out(subject: Subject, user: User, role: str, parts: list[str]) -> tuple[list[str], list[str]]:
    """(parts that the person may sign, reasons against the others)."""
    allowed, reasons = [], []
    for part in parts:
        try:
            signoff.require_may_sign(subject, user=user, role=role, part=part)
            allowed.append(part)
        except CannotSign as error:
            reasons.append(error.detail)
    return allowed, reasons


def _way(subject: Subject, role: str, parts: list[str]) -> Way:
    return Way(role, Role(role).label, tuple(_part(subject, part) for part in parts), statement(role, parts))


def _part(subject: Subject, name: str) -> Part:
    return Part(name, str(DocumentKind(name).label), subject.digests[name])


def _comparisons(subject: Subject, names: Mapping[str, str]) -> Iterator[Comparison]:
    if subject.base is None:
        return
    for part, document in subject.documents.items():
        if (digest := subject.base.digests.get(part)) and digest != document.digest:
            changes = differences(_stored(digest), document.value, names=names)
            yield Comparison(str(DocumentKind(part).label), changes)


def _stored(digest: str) -> dict[str, Any] | None:
    """What was signed; None where the law had it erased, so that all of the new text shows as new."""
    content = bytes(Document.objects.get(digest=digest).content)
    return json.loads(content) if content else None


def _component_html(subject: Subject) -> SafeString:
    """A component as it stands in articles; both renderers escape."""
    if subject.draft:
        return SafeString("")
    value = subject.documents[subject.kind].value
    html = offer_html(value) if subject.kind == DocumentKind.OFFER else to_html(value["text"], address=lambda _: None)
    return mark_safe(html)
