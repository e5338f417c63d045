"""Who could sign a text now: who holds the role, had no hand in the text, said no to nothing and is not away."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.authoring.people import Person
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.contributions.contributions import contributors
from articles.review.logins import with_other_logins
from articles.review.models import Decline
from articles.review.policies.rules import is_of
from articles.review.review import Subject
from articles.review.signing import signatures


def pool_of(subject: Subject, role: str) -> list[User]:
    """Active logins that could sign at least one part in this role now, and are not away; by name.

    Where no signature of the role is missing, those who could sign the parts again that ask for it. The person of
    each login is loaded with it.
    """
    lacking = [item for item in signatures.missing(subject) if item.role == role]
    wanted = {part: {item.specialty for item in lacking if item.part == part} for part in {i.part for i in lacking}}
    asked = wanted or _asked_again(subject, role)
    barred = {part: contributors(subject, part) | _signed(subject, part, is_open=bool(lacking)) for part in asked}
    declined = declined_by(subject)
    return [
        user
        for user in holders(role, on=timezone.now().date(), language=subject.language)
        if user.pk not in declined
        and any(user.pk not in barred[part] and _fits(user, role, names) for part, names in asked.items())
    ]


def holders(role: str, *, on: date, language: str = "") -> list[User]:
    """Active logins that hold the role and are there on that day, by name; one query."""
    present = [user for user in roles.holders(role, on=on, language=language) if not _is_away(user, on)]
    return sorted(present, key=lambda user: name_of(user).casefold())


def name_of(user: User) -> str:
    """The person's, else the login's, for the admin; asks the database nothing for a user of these functions."""
    person = person_of(user)
    return person.name if person else roles.full_name(user)


def person_of(user: User) -> Person | None:
    return getattr(user, "person", None)


def declined_by(subject: Subject) -> set[int]:
    """Who said no to the text since the latest edition, by any of their logins."""
    rows = Decline.objects.filter(subject=subject.id, user__isnull=False)
    if subject.since:
        rows = rows.filter(at__gt=subject.since)
    declined = set(rows.values_list("user_id", flat=True))
    return with_other_logins(declined, links=subject.links) if declined else declined


def _is_away(user: User, on: date) -> bool:
    person = person_of(user)
    return bool(person and person.away_until and person.away_until >= on)


def _asked_again(subject: Subject, role: str) -> dict[str, set[str]]:
    """Each part that asks for the role, with the specialties it names."""
    rules = {part: rules for part, rules in subject.rules.items() if role in rules.signatures()}
    return {part: set(each.specialties if role == Role.MEDICAL else ()) or {""} for part, each in rules.items()}


def _signed(subject: Subject, part: str, *, is_open: bool) -> set[int]:
    """Who vouches already, by any of their logins, where another person is wanted."""
    signed = {row.user for row in subject.counting(part)} if is_open else set()
    return with_other_logins(signed, links=subject.links) if signed else signed


def _fits(user: User, role: str, specialties: Iterable[str]) -> bool:
    if role != Role.MEDICAL:
        return True
    person = person_of(user)
    own = person.specialty if person else ""
    return any(not name or is_of(own, name) for name in specialties)
