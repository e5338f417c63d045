"""Who may change policies and what people sign with: the group Medical leads alone, each change a line of the ledger.

Superusers included: whoever administers the system does not decide who may vouch for a medical text. Receivers
(stewardship_lines) hold the rule wherever a change comes from; without an acting user it is the system's.
"""

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db.models import Q
from wagtail.log_actions import get_active_log_context

from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticlePage
from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.errors import DomainError, Refused
from articles.review.models import Policy

LEADS = "Medical leads"


class NotALead(Refused):
    """Somebody who is no medical lead would change who must sign, or what somebody signs with."""

    code = "not-a-lead"
    title = "Medical leads decide this."


class PolicyInUse(Refused):
    """Articles or components would be left without the signatures that somebody chose for them."""

    code = "policy-in-use"
    title = "The policy is in use."


class NotVouchedFor(DomainError):
    """A signing role without a registration that somebody looked up. Source: 21 CFR 11.100(b)."""

    code = "not-vouched-for"
    title = "Nobody vouches for this person."
    status = 422


def is_lead(user: User) -> bool:
    """Being a superuser makes nobody a lead."""
    return user.is_active and user.groups.filter(name=LEADS).exists()


def require_lead(user: User | None, what: str) -> None:
    """Raises NotALead when somebody is known to act, and is none."""
    if user is not None and not is_lead(user):
        raise NotALead(f"Only medical leads change {what}. Ask one of them.")


def require_vouched(person: Person) -> None:
    """Raises NotVouchedFor."""
    if missing := person.lacking_to_sign():
        raise NotVouchedFor(" ".join(missing.values()))


def acting_user() -> User | None:
    """Who is logged in and acts now; None for the system."""
    user = get_active_log_context().user
    return user if user is not None and user.is_authenticated else None


def set_away(*, person: Person, until: date | None, by: User) -> None:
    """Nothing is asked of the person until that day, included. For the person and for leads. Raises NotALead."""
    if person.user_id != by.pk:
        require_lead(by, "when somebody else is away")
    person.away_until = until
    person.save(update_fields=["away_until"])


def why_not_deleted(row: Policy | Topic) -> str:
    """The refusal in words, or nothing. A topic that a policy goes by is part of the policy."""
    return _why_policy(row) if isinstance(row, Policy) else _why_topic(row)


def why_not_changed(stored: Policy, policy: Policy) -> str:
    """Each kind of text keeps a default, so the one there is stays it until another one is made the default."""
    if stored.is_default and (not policy.is_default or policy.kind != stored.kind):
        return f"“{stored}” is the default of its kind. Make another policy the default; this one then is not any more."
    return ""


def _why_topic(topic: Topic) -> str:
    names = ", ".join(f"“{name}”" for name in Policy.objects.filter(topics=topic).values_list("name", flat=True))
    return f"{names} goes by the topic “{topic}”. A medical lead takes it out of the policy first." if names else ""


def _why_policy(policy: Policy) -> str:
    if policy.is_default:
        return f"“{policy}” is the default of its kind, so it cannot be deleted. Make another one the default first."
    if count := _uses(policy):
        texts = "1 text" if count == 1 else f"{count} texts"
        return f"“{policy}” is chosen for {texts}, so it cannot be deleted. Choose another policy there first."
    return ""


def _uses(policy: Policy) -> int:
    """Articles and components that name the policy, in the row or in the latest draft."""
    chosen = Q(policy=policy.pk) | Q(latest_revision__content__policy=policy.pk)
    models: tuple[Any, ...] = (ArticlePage, Offer, Disclaimer)
    return sum(model.objects.filter(chosen).count() for model in models)
