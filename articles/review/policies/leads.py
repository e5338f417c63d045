"""The group Medical leads, which decides on policies and people. Superusers are not leads by themselves."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User

from articles.errors import Refused
from articles.review.roles import groups_of

LEADS = "Medical leads"
ENOUGH = 2  # one gives a signing role, and another one confirms it


class NotALead(Refused):
    """The user is not a medical lead, and may not change policies or people."""

    code = "not-a-lead"
    title = "Medical leads decide this."


class LeadsMustRemain(Refused):
    """Fewer than two medical leads would remain, and nobody could confirm what a lead enters."""

    code = "leads-must-remain"
    title = "Two medical leads must remain."


def is_lead(user: User) -> bool:
    return user.is_active and LEADS in groups_of(user)


def are_enough() -> bool:
    """Whether there are two leads, so that one can confirm the entries of another."""
    return get_user_model()._default_manager.filter(is_active=True, groups__name=LEADS).count() >= ENOUGH


def require_enough_without(*leaving: User) -> None:
    """Raises LeadsMustRemain if one of these logins is a lead and fewer than two leads would remain without them."""
    others = (
        get_user_model()
        ._default_manager.filter(is_active=True, groups__name=LEADS)
        .exclude(pk__in=[user.pk for user in leaving])
    )
    if any(is_lead(user) for user in leaving) and others.count() < ENOUGH:
        raise LeadsMustRemain(
            "Fewer than two medical leads would remain. Add another person to the group “Medical leads” first."
        )


def require_lead(user: User | None, what: str) -> None:
    """Raises NotALead unless the user is a lead; None is the system."""
    if user is not None and not is_lead(user):
        raise NotALead(f"Only medical leads can change {what}. Ask one of them.")
