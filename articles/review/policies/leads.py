"""Who decides who must sign: the group Medical leads. Being a superuser makes nobody a lead."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User

from articles.errors import Refused
from articles.review.roles import groups_of

LEADS = "Medical leads"
ENOUGH = 2  # one gives a role that signs, and another one confirms it


class NotALead(Refused):
    """Somebody who is no medical lead would change who must sign, or what somebody signs with."""

    code = "not-a-lead"
    title = "Medical leads decide this."


def is_lead(user: User) -> bool:
    return user.is_active and LEADS in groups_of(user)


def are_enough() -> bool:
    """Whether there are two leads, so that one can confirm what another one entered."""
    return get_user_model()._default_manager.filter(is_active=True, groups__name=LEADS).count() >= ENOUGH


def require_lead(user: User | None, what: str) -> None:
    """Raises NotALead for anybody else; None is the system."""
    if user is not None and not is_lead(user):
        raise NotALead(f"Only medical leads change {what}. Ask one of them.")
