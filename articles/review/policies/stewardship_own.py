"""Nobody vouches for themselves: what a lead signs with, another lead enters.

Not the lead's own: interests, being away, and the name of who signs nothing. A name that was looked up in a register
is what a signature leads to, so another lead corrects its spelling as well.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractUser as User

from articles.authoring.people import Person
from articles.errors import Refused
from articles.review import logins

ROLES = ("medical", "legal", "commercial")
VOUCHED_FACTS = (
    *ROLES,
    "credentials",
    "specialty",
    "registration_body",
    "registration_number",
    "valid_until",
    "verified_by",
    "verified_on",
)
REFUSAL = (
    "You cannot enter or change what you sign with yourself: roles, credentials, registration and who looked them up. "
    "Ask another medical lead."
)
Facts = Mapping[str, Any]


class OwnCredentials(Refused):
    """A lead would vouch for their own registration, or take over somebody's. Source: 21 CFR 11.100(b)."""

    code = "own-credentials"
    title = "Another medical lead has to do that."


def require_other_lead(person: Person, before: Facts, after: Facts, *, by: User) -> None:
    """`before` and `after`: facts of the person as stored and as they shall be. Raises OwnCredentials."""
    if words := why_not_by(person, before, after, by=by):
        raise OwnCredentials(words)


def why_not_by(person: Person, before: Facts, after: Facts, *, by: User) -> str:
    """The refusal in words, or nothing."""
    own = logins.with_other_logins({by.pk})
    is_taken = person.user_id in own and before.get("user") != after["user"]
    if not is_taken and not own & {person.user_id, *logins.logins_of({person.person_id})}:
        return ""
    had = {} if is_taken else before  # whoever gives themselves a person gives themselves all that it signs with
    signs = any(had.get(role) or after[role] for role in ROLES)
    names = ("name", *VOUCHED_FACTS) if signs else VOUCHED_FACTS
    return REFUSAL if any((had.get(name) or None) != (after[name] or None) for name in names) else ""
