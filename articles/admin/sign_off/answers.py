"""How a person can answer on the sign-off page: the roles in which they can sign, the scopes, and the refusals."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.authoring.models import ArticlePage
from articles.record.models import Publication
from articles.record.standing import add_months
from articles.record.vocabulary import DocumentKind, Role, Scope
from articles.review import own_words, roles
from articles.review.needs import rules
from articles.review.needs.missing import Missing
from articles.review.needs.table import asked_rows, name_of, who_could_sign
from articles.review.policies.rules import is_risky
from articles.review.responses import change_requests
from articles.review.review import MEDICAL, Review, Target
from articles.review.signing.meanings import meaning_of


@dataclass(frozen=True)
class Part:
    name: str
    label: str
    digest: str


@dataclass(frozen=True)
class ScopeChoice:
    """A scope of the signature: the sentence that is signed, and what becomes of the date of the next review."""

    value: str
    label: str
    statement: str
    next_review: str


@dataclass(frozen=True)
class Way:
    """A role in which this person can sign now: which parts, and the sentence that is signed, if there is one scope."""

    role: str
    label: str
    parts: tuple[Part, ...]
    statement: str
    scopes: tuple[ScopeChoice, ...] = ()

    @property
    def button(self) -> str:
        return f"Sign {' and '.join(part.label.lower() for part in self.parts)}"

    @property
    def has_checklist(self) -> bool:
        return self.role == Role.MEDICAL


def ways_of(review: Review, user: User) -> tuple[list[Way], list[str]]:
    """The roles in which the person can sign now, and the refusals for the other roles that they have or had."""
    ways: list[Way] = []
    refusals: list[str] = []
    held, lacking = roles.roles_of(user, on=timezone.now().date()), rules.lacking(review)
    for role in dict.fromkeys(item.role for item in lacking):
        wanted = dict.fromkeys(item.part for item in lacking if item.role == role)
        if role in held:
            answers = {part: rules.refusal(review, user, role, part) for part in wanted}
            refusals += filter(None, answers.values())
            if open_parts := [part for part, said in answers.items() if said is None]:
                ways.append(_way(review, role, open_parts, user))
        elif roles.has_lapsed(user, role):
            refusals.append("Your credentials have expired, so you cannot sign. Ask a medical lead to renew them.")
    return ways, list(dict.fromkeys(refusals))


def others(review: Review, user: User, lacking: Sequence[Missing]) -> list[str]:
    """Who else can sign: one sentence for each missing role."""
    lines = []
    for (_, role), users in who_could_sign(asked_rows(review, lacking), links=review.links).items():
        names = [name_of(other) for other in users if other.pk != user.pk]
        label = Role(role).label.lower()
        lines.append(
            f"These people can sign as {label}: {', '.join(names)}."
            if names
            else f"No one else can sign as {label} now. Ask a medical lead to give the role to another person."
        )
    return lines


def declinable(review: Review, user: User) -> list[tuple[str, str]]:
    """[(role, label)] of the requested signatures that this person can decline."""
    held = roles.roles_of(user, on=timezone.now().date())
    asked = dict.fromkeys(item.role for item in rules.needs(review) if item.role in held) if held else {}
    return [(role, str(Role(role).label)) for role in asked]


def may_request_changes(target: Target, review: Review, user: User) -> bool:
    """Whether the text is in review, and needs a signature in a role that this person has."""
    in_review = not isinstance(target, ArticlePage) or target.workflow_in_progress
    return in_review and bool(change_requests.roles_in(review, user))


def part_of(review: Review, name: str) -> Part:
    return Part(name, str(DocumentKind(name).label), review.digests[name])


def _way(review: Review, role: str, parts: list[str], user: User) -> Way:
    named = tuple(part_of(review, part) for part in parts)
    own = own_words.statement(review, user)
    said = meaning_of(role, parts, is_again=review.is_edition, own_words=own)
    changes = meaning_of(role, parts, scope=Scope.CHANGES, own_words=own)
    return Way(role, str(Role(role).label), named, said, _scopes(review, said, changes))


def _scopes(review: Review, whole: str, changes: str) -> tuple[ScopeChoice, ...]:
    """Both scopes if there is an edition to compare with; otherwise none, and the whole text must be signed."""
    if not review.has_base or not review.is_article:
        return ()
    months = review.policies[MEDICAL].review(is_risky=is_risky(review.documents[MEDICAL].value))["interval_months"]
    then = add_months(timezone.now().date(), months)
    row = Publication.objects.filter(article=review.id).only("next_review_on").first()
    stays = f"stays on {row.next_review_on:%-d %B %Y}" if row and row.next_review_on else "does not move"
    return (
        ScopeChoice(Scope.WHOLE.value, "The whole text", whole, f"The next review moves to {then:%-d %B %Y}."),
        ScopeChoice(Scope.CHANGES.value, "The marked changes only", changes, f"The next review {stays}."),
    )
