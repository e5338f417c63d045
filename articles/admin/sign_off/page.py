"""What the sign-off page shows: the text, its sources, the changes, findings, signatures, and the ways to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.admin import review_history
from articles.admin.sign_off import answers, reader_note
from articles.admin.sign_off.answers import Part, Way, part_of
from articles.admin.sign_off.checklist import checklist_of
from articles.admin.sign_off.shown.content import ToRead
from articles.admin.sign_off.shown.text import read
from articles.authoring.models import ArticlePage
from articles.checks import engine
from articles.checks.finding import Finding, Severity
from articles.record.ledger.sentences import label
from articles.record.models import SignOff
from articles.record.vocabulary import DeclineReason, Role, SectionKind
from articles.review import blocking, roles
from articles.review.opening import load
from articles.review.responses import comments, suggestions
from articles.review.responses.comments import Open
from articles.review.review import MEDICAL, Review, Target
from articles.review.signing import signatures


@dataclass(frozen=True)
class SignOffPage(ToRead):
    """The context of the sign-off page. `refusals` say why this person cannot sign."""

    decline_reasons = DeclineReason.choices

    @cached_property
    def findings(self) -> list[Finding]:
        return engine.run(self.review.checked) if self.review.checked else []

    @property
    def pressing(self) -> list[Finding]:
        """What the reviewer has to know of; advice is for the author."""
        return [finding for finding in self.findings if finding.severity != Severity.ADVICE]

    @property
    def advice(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == Severity.ADVICE]

    @cached_property
    def checklist(self) -> dict[str, Any]:
        return checklist_of(self.review)

    @cached_property
    def signed(self) -> list[SignOff]:
        return [row for part in self.review.documents for row in self.review.counting(part)]

    @cached_property
    def missing(self) -> list[str]:
        return [] if self.review.is_current else [str(item) for item in signatures.missing(self.review)]

    @cached_property
    def declines(self) -> list[review_history.Declined]:
        return review_history.declines(self.review, self.user)

    @property
    def has_declined(self) -> bool:
        return any(row.is_mine for row in self.declines)

    @property
    def has_requested(self) -> bool:
        """Whether this person asked for changes, and the text is still the same."""
        return any(row.is_mine and not row.is_answered for row in self.requests)

    @cached_property
    def policies(self) -> list[str]:
        return review_history.policy_in_words(self.review)

    @cached_property
    def earlier(self) -> list[review_history.Earlier]:
        return review_history.earlier(self.review)

    @property
    def is_unsigned(self) -> bool:
        """Whether no clinician has signed exactly this text."""
        return not any(row.role == Role.MEDICAL for row in self.signed)

    # How this person can answer

    @cached_property
    def _answers(self) -> tuple[list[Way], list[str]]:
        return answers.ways_of(self.review, self.user)

    @property
    def ways(self) -> list[Way]:
        return self._answers[0]

    @property
    def refusals(self) -> list[str]:
        return self._answers[1]

    @cached_property
    def others(self) -> list[str]:
        """The people who can sign, if this person cannot."""
        return answers.others(self.review, self.user, signatures.missing(self.review)) if self.refusals else []

    @cached_property
    def blocking(self) -> int:
        """How many findings must be fixed before anybody signs."""
        return len(blocking.new(self.review, self.findings))

    @property
    def standing(self) -> int:
        """How many blocking findings the published text has already; they stop nothing."""
        return sum(finding.severity == Severity.BLOCKING for finding in self.findings) - self.blocking

    @cached_property
    def note_problem(self) -> str:
        return reader_note.problem_of(self.review)

    @property
    def is_stopped(self) -> bool:
        return bool(self.blocking or self.note_problem)

    @property
    def open_ways(self) -> list[Way]:
        return [] if self.is_stopped else self.ways

    @property
    def signer(self) -> str:
        return roles.printed(self.user)

    @property
    def can_edit(self) -> bool:
        return isinstance(self.target, ArticlePage) and self.target.permissions_for_user(self.user).can_edit()

    @property
    def can_decide(self) -> bool:
        return isinstance(self.target, ArticlePage) and suggestions.may_decide(self.target, self.user)

    @property
    def can_request(self) -> bool:
        return answers.may_request_changes(self.target, self.review, self.user)

    @property
    def declinable(self) -> list[tuple[str, str]]:
        return answers.declinable(self.review, self.user)

    # The text in pieces

    @property
    def parts(self) -> list[Part]:
        return [part_of(self.review, name) for name in self.review.documents]

    @property
    def sections(self) -> list[dict[str, str]]:
        """{id, name} of each section, for comments."""
        return sections_of(self.review) if self.is_article else []

    @property
    def section_ids(self) -> set[str]:
        """Those that stand on the page: an empty section does not."""
        return {row["id"] for row in self.sections}

    @property
    def comments_of_others(self) -> list[Open]:
        return [each for each in self.comments if each.comment.user_id != self.user.pk]

    @property
    def comments_elsewhere(self) -> list[Open]:
        """The open comments that stand at no section: on the article's own fields, and on words that are gone."""
        return [each for each in self.comments if not each.is_shown_in_place]


def sections_of(review: Review) -> list[dict[str, str]]:
    """{id, name} of each section of an article."""
    rows = review.documents[MEDICAL].value["sections"]
    return [{"id": row["id"], "name": row["heading"] or label(SectionKind, row["kind"])} for row in rows]


def lay_out(
    target: Target, user: User, *, seen: Mapping[str, str] | None = None, is_urgent: bool = False
) -> SignOffPage:
    """The page for this person, from the latest saved state. Raises UnknownBlock, NotRepresentable.

    `is_urgent`: the page offers no suggestions of other wordings.
    """
    review = load(target)
    has_role = bool(roles.roles_of(user, on=timezone.now().date()))
    can_suggest = isinstance(target, ArticlePage) and has_role and not is_urgent
    commented = tuple(comments.open_of(review)) if isinstance(target, ArticlePage) else ()
    reading = read(target, review, can_suggest, commented, user) if review.draft else None
    return SignOffPage(target, review, user, reading, seen, can_suggest, commented)
