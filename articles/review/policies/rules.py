"""The policies that apply to a part, and their combined requirements: all must be satisfied, so the strictest wins.

A policy applies as the default of its kind, by the article's type, by one of its topics, because it was chosen, or
because the text was signed or published under it (history.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from articles.document.draft import Draft
from articles.errors import DomainError
from articles.record.models import SignOff
from articles.record.vocabulary import AfterGrace, DocumentKind, Method, Role
from articles.review.models import Policy

TREATING = ("treatment", "medicine", "supplement", "dosage")  # types of articles, aspects of prose
STRICTNESS = (AfterGrace.BANNER, AfterGrace.DROP_OFFERS, AfterGrace.WITHHOLD)


class NoPolicy(DomainError):
    """There is no default policy of this kind."""

    code = "no-policy"
    title = "No policy says who must sign."


@dataclass(frozen=True)
class Lack:
    """`count` signatures in `role` are missing; by clinicians of `specialty`, or of any specialty if it is empty."""

    role: str
    count: int
    specialty: str = ""


@dataclass(frozen=True)
class Rules:
    """All policies of one part. `is_editorial`: only the wording changed, so no editor is required. Policies for which
    one clinician is then enough require nobody else."""

    policies: tuple[Policy, ...]
    is_editorial: bool = False

    @property
    def names(self) -> list[str]:
        return [policy.name for policy in self.policies]

    @property
    def ids(self) -> list[str]:
        return [str(policy.policy_id) for policy in self.policies]

    def signatures(self) -> dict[str, int]:
        """{role: number of required signatures}, editors first, without roles that are not required."""
        asked = {role: max(self._asked(policy, role) for policy in self.policies) for role in Role.values}
        return {role: count for role, count in asked.items() if count}

    def _asked(self, policy: Policy, role: str) -> int:
        if self.is_editorial and role == Role.EDITOR:
            return 0
        if self._is_one_enough(policy):
            return min(policy.medical, 1) if role == Role.MEDICAL else 0
        return getattr(policy, role)

    def _is_one_enough(self, policy: Policy) -> bool:
        return self.is_editorial and policy.is_one_enough

    @property
    def needs_passkey(self) -> bool:
        """Whether a clinician's password is not enough."""
        return any(policy.needs_passkey for policy in self.policies)

    def _counts(self, row: SignOff) -> bool:
        return not (self.needs_passkey and row.role == Role.MEDICAL and row.method == Method.PASSWORD)

    @property
    def specialties(self) -> list[str]:
        """The specialties that the policies require."""
        named = [policy.specialty.strip() for policy in self.policies if policy.medical]
        return list(dict.fromkeys(filter(None, named)))

    def lacking(self, given: Iterable[SignOff]) -> list[Lack]:
        """The signatures that are still missing, editors first."""
        rows = [row for row in given if self._counts(row)]
        found = []
        for role, count in self.signatures().items():
            have = [row for row in rows if row.role == role]
            special = self._special(have) if role == Role.MEDICAL else []
            found += special
            if (more := count - len(have) - sum(lack.count for lack in special)) > 0:
                found.append(Lack(role, more))
        return found

    def _special(self, have: list[SignOff]) -> list[Lack]:
        """The missing signatures of each required specialty."""
        lacks: dict[str, int] = {}
        for policy in self.policies:
            specialty = policy.specialty.strip()
            fitting = sum(is_of(row.specialty, specialty) for row in have)
            if specialty and policy.medical > fitting and not self._is_one_enough(policy):
                lacks[specialty] = max(lacks.get(specialty, 0), policy.medical - fitting)
        return [Lack(Role.MEDICAL.value, count, specialty) for specialty, count in lacks.items()]

    def review(self, *, is_risky: bool) -> dict[str, Any]:
        """The terms of the review: {interval_months, grace_days, after_grace, signatures: {role: number},
        policies: [id]}."""
        name = "risk_interval_months" if is_risky else "interval_months"
        return {
            "interval_months": min(getattr(policy, name) for policy in self.policies),
            "grace_days": min(policy.grace_days for policy in self.policies),
            "after_grace": max((policy.after_grace for policy in self.policies), key=STRICTNESS.index),
            "signatures": self.signatures(),
            "policies": self.ids,
        }


def stricter(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The stricter of the terms of two editions, since terms may not be loosened without a clinician's signature."""
    return one | {
        "interval_months": min(one["interval_months"], other["interval_months"]),
        "grace_days": min(one["grace_days"], other["grace_days"]),
        "after_grace": max(one["after_grace"], other["after_grace"], key=STRICTNESS.index),
        "policies": sorted({*one.get("policies", ()), *other.get("policies", ())}),
    }


def is_of(specialties: str, wanted: str) -> bool:
    """Whether a person has one of the specialties that a policy names. Semicolons separate several."""
    own, names = ({each.strip().casefold() for each in line.split(";")} - {""} for line in (specialties, wanted))
    return bool(own & names)


def rules_of(
    kind: str,
    chosen: int | None,
    *,
    article_type: str = "",
    topics: Iterable[str] = (),
    also: Iterable[str] = (),
    among: Iterable[Policy] | None = None,
) -> Rules:
    """The rules of this kind of document; `chosen` is a policy's key, `topics` are slugs, `also` ids of policies.

    `among`: the result of `policies_of`, if the caller has it. Raises NoPolicy.
    """
    rows = policies_of(kind) if among is None else among
    named, kept = set(topics), set(also)
    applying = [
        policy
        for policy in rows
        if applies(
            policy,
            kind,
            is_chosen=policy.pk == chosen or str(policy.policy_id) in kept,
            article_type=article_type,
            is_under_topic=bool(named & {topic.slug for topic in policy.topics.all()}),
        )
    ]
    if not any(policy.is_default for policy in applying):
        label = DocumentKind(kind).label.lower()
        raise NoPolicy(f"There is no default policy for the {label}. Ask a medical lead to create one.")
    return Rules(tuple(applying))


def applies(policy: Policy, kind: str, *, is_chosen: bool, article_type: str, is_under_topic: bool) -> bool:
    """Whether the policy applies to a text. All code uses this rule; lists of articles pass in their own facts."""
    reasons = (policy.is_default, is_chosen, article_type in policy.article_types, is_under_topic)
    return policy.kind == kind and any(reasons)


def policies_of(*kinds: str) -> list[Policy]:
    """With their topics, in two queries."""
    return list(Policy.objects.filter(kind__in=kinds).prefetch_related("topics").order_by("pk"))


def rules_of_draft(draft: Draft, *, also: Mapping[str, Iterable[str]]) -> dict[str, Rules]:
    """{part: its rules}; `also`: {part: ids of policies that apply regardless of the draft}."""
    parts = tuple(also)
    topics, among = [slug for slug, _ in draft.topics], policies_of(*parts)
    chosen = {DocumentKind.MEDICAL.value: draft.policy}
    return {
        part: rules_of(
            part, chosen.get(part), article_type=draft.article_type, topics=topics, also=also[part], among=among
        )
        for part in parts
    }


def is_risky(medical: Mapping[str, Any]) -> bool:
    """Whether a medical part names substances or treatments, so that it is reviewed more often."""
    treats = any(section.get("aspect") in TREATING for section in medical.get("sections", ()))
    return bool(medical.get("substances")) or medical.get("article_type") in TREATING or treats
