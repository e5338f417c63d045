"""Pending signatures whose signer has since lost the right to sign.

A signature must be valid on the day of publication (design §6). One in force already stays valid until it is voided.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils import timezone

from articles.authoring.people import Person
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.roles import EDITORS, signers


def expired(signoffs: Iterable[SignOff]) -> set[int]:
    """Keys of the sign-offs whose login is inactive or an assistant's, or whose person lost the role, the login or
    valid credentials."""
    rows = list(signoffs)
    if not rows:
        return set()
    people = {person.person_id: person for person in Person.objects.filter(person_id__in=[row.person for row in rows])}
    keys = {row.user for row in rows} | {person.user_id for person in people.values() if person.user_id}
    users = signers().filter(pk__in=keys)
    active, editors = (set(found.values_list("pk", flat=True)) for found in (users, users.filter(groups__name=EDITORS)))
    able = {key for key, person in people.items() if person.user_id in active}
    return {row.pk for row in rows if row.user not in active or not _holds(row, editors, people, able)}


def _holds(row: SignOff, editors: set[int], people: Mapping[UUID, Person], able: set[UUID]) -> bool:
    """Whether the signer still has the role: an editor by the login, others by the person with any login."""
    if row.role == Role.EDITOR:
        return row.user in editors
    person = people.get(row.person) if row.person in able else None
    return person is not None and person.may_sign(row.role, on=timezone.now().date())
