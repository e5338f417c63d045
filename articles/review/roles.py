"""The roles in which a login may sign today, and the name and credentials printed with a signature."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.db.models import prefetch_related_objects
from django.utils import timezone

from articles.authoring.people import Person, reads
from articles.record.vocabulary import Role

EDITORS = "Editors"
ASSISTANTS = "Assistants"  # they prepare and comment, and never sign, whatever other group or role they have


@dataclass(frozen=True)
class Signer:
    """The person as copied into a sign-off."""

    user: int
    person: UUID | None
    name: str
    credentials: str
    specialty: str
    registration: str
    valid_until: date | None


def roles_of(user: User, *, on: date, language: str = "") -> set[str]:
    """Roles in which `user` may sign on that day; with `language`, a text in it. All code asks this function.

    Superusers have no roles of their own, and assistants have none at all.
    """
    person = person_of(user)
    if not user.is_active or is_assistant(user) or (language and not reads(person, language)):
        return set()
    given = {role for role in Role.values if person and person.may_sign(role, on=on)}
    return given | ({Role.EDITOR.value} if EDITORS in groups_of(user) else set())


def holders(role: str, *, on: date, language: str = "") -> list[User]:
    """All logins for which `roles_of` includes the role, with their people and choice of letters; one query."""
    users = signers().select_related("person", "letter_choice")
    users = users.filter(groups__name=EDITORS) if role == Role.EDITOR else users.exclude(person=None)
    people = [(user, getattr(user, "person", None)) for user in users]
    return [
        user
        for user, person in people
        if (role == Role.EDITOR or (person and person.may_sign(role, on=on)))
        and (not language or reads(person, language))
    ]


def signers():
    """The logins that may have roles: all active ones but those of assistants."""
    return get_user_model()._default_manager.filter(is_active=True).exclude(groups__name=ASSISTANTS)


def is_assistant(user: User) -> bool:
    return ASSISTANTS in groups_of(user)


def has_lapsed(user: User, role: str) -> bool:
    """Whether the person was given the role but may not sign in it today."""
    person = person_of(user)
    return bool(person and person.has_role(role)) and role not in roles_of(user, on=timezone.now().date())


def signer(user: User) -> Signer:
    """The signer's data as leads entered them; without a person only the username, since users edit their full name."""
    person = person_of(user)
    if person is None:
        return Signer(user.pk, None, user.get_username(), "", "", "", None)
    return Signer(
        user.pk,
        person.person_id,
        person.name,
        person.credentials,
        person.specialty,
        person.registration,
        person.valid_until,
    )


def printed(user: User) -> str:
    """The printed form of the signer: name, credentials, registration."""
    who = signer(user)
    return ", ".join(filter(None, [who.name, who.credentials, who.registration]))


def full_name(user: User) -> str:
    """The user's name for admin pages and letters. Never for the record, because users edit it themselves."""
    return user.get_full_name() or user.get_username()


def person_of(user: User) -> Person | None:
    """The user's person, cached on the user object: one query per request."""
    return getattr(user, "person", None)


def groups_of(user: User) -> set[str]:
    """Names of the user's groups, cached on the user object."""
    prefetch_related_objects([user], "groups")
    return {group.name for group in user.groups.all()}


def actor(user: User | None) -> dict[str, int | str]:
    """{user, name} of the actor for an event; empty for the system."""
    return {"user": user.pk, "name": signer(user).name} if user else {}
