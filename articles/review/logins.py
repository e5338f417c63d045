"""Finds all logins that a person has or had, so that a second login does not count as a second person.

Reads the current links between people and logins, and the ledger's lines on their changes. Two logins that share, or
ever shared, an email address belong to one person.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model

from articles.authoring.people import Person
from articles.record.models import Event, SignOff
from articles.record.vocabulary import EventKind

Links = set[tuple[UUID, int]]
SIDES = ("before", "after")
ADDRESSES = UUID("0e7a7c55-2f0b-4c7e-9b6d-8f5a1f6f0c21")  # the namespace of people known by an address


def logins_of(people: Iterable[UUID], *, links: Links | None = None) -> set[int]:
    """Keys of all logins that these people have or had."""
    wanted = set(people)
    if not wanted:
        return set()
    return {login for person, login in (ever_linked() if links is None else links) if person in wanted}


def with_other_logins(logins: Iterable[int], *, links: Links | None = None) -> set[int]:
    """These logins, and all other logins of the same people, past and present."""
    found, links = set(logins), ever_linked() if links is None else links
    while more := logins_of({person for person, login in links if login in found}, links=links) - found:
        found |= more
    return found


def ever_linked(signed: UUID | None = None) -> Links:
    """{(person, login)} from today's links, the ledger, and the sign-offs on the subject `signed`; up to four queries.

    A login that was linked to the wrong person and unlinked again is still included, which errs on the safe side.
    """
    links = set(Person.objects.exclude(user=None).order_by().values_list("person_id", "user_id"))
    if signed:
        rows = SignOff.objects.filter(subject=signed).order_by().values_list("person", "user").distinct()
        links |= {(person, user) for person, user in rows if person}
    users = get_user_model()._default_manager.exclude(email="").order_by()
    links |= {(_by_address(address), login) for address, login in users.values_list("email", "pk")}
    return links | set(_of_ledger())


def _of_ledger() -> Iterator[tuple[UUID, int]]:
    """The links in the ledger: lines on a login name it next to `before` and `after`, lines on a person in them."""
    lines = Event.objects.filter(kind=EventKind.PERSON_CHANGED).order_by().values_list("subject", "data")
    for subject, data in lines:
        for facts in (data[side] for side in SIDES):
            if "login" in data and facts.get("email"):
                yield _by_address(facts["email"]), data["login"]
            elif facts.get("login"):
                yield subject, facts["login"]


def _by_address(address: str) -> UUID:
    return uuid5(ADDRESSES, address.casefold())
