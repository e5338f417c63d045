"""The reach of a policy, shown to its editors: the number of texts that it applies to, and of people who can sign."""

from django.db.models import Q
from django.utils import timezone

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.errors import DomainError
from articles.record.vocabulary import DocumentKind, Role
from articles.review import roles
from articles.review.models import Policy
from articles.review.policies.rules import is_of

COMPONENTS = {DocumentKind.OFFER.value: Offer, DocumentKind.DISCLAIMER.value: Disclaimer}
ASKED = ("kind", "specialty", *Role.values)


class NobodyCanSign(DomainError):
    """A policy requires more signatures than there are people to give them."""

    code = "nobody-can-sign"
    title = "Too few people can sign."
    status = 422


def texts_under(policy: Policy) -> int:
    """The number of articles or components, including drafts, that the stored policy applies to."""
    chosen = Q(policy=policy.pk) | Q(latest_revision__content__policy=policy.pk)
    if policy.kind in COMPONENTS:
        rows = COMPONENTS[policy.kind].objects.all()
        return rows.count() if policy.is_default else rows.filter(chosen).count()
    if policy.is_default:
        return ArticlePage.objects.count()
    by_rule = Q(article_type__in=policy.article_types) | Q(topics__topic__in=policy.topics.all())
    is_chosen = chosen if policy.kind == DocumentKind.MEDICAL else Q(pk=None)
    return ArticlePage.objects.filter(by_rule | is_chosen).distinct().count()


def signers_of(policy: Policy) -> dict[str, int]:
    """{role: number of people who can sign in it today} for the roles that the policy requires, editors first."""
    return {role: _count(policy, role) for role in policy.signatures()}


def require_signers(policy: Policy, stored: Policy | None) -> None:
    """Raises NobodyCanSign, unless the required signatures are the same as in `stored`."""
    if stored and all(getattr(policy, name) == getattr(stored, name) for name in ASKED):
        return
    for role, count in policy.signatures().items():
        if (able := _count(policy, role)) < count:
            of = f" of {policy.specialty}" if role == Role.MEDICAL and policy.specialty else ""
            raise NobodyCanSign(
                f"“{policy.name}” requires {count} × {Role(role).label.lower()}{of}, but only {able} can sign today. "
                "Require fewer, or ask medical leads to enter and confirm more people first."
            )


def _count(policy: Policy, role: str) -> int:
    able = roles.holders(role, on=timezone.now().date())
    if role == Role.MEDICAL and policy.specialty:
        able = [user for user in able if is_of(user.person.specialty, policy.specialty)]  # type: ignore[attr-defined]
    return len(able)
