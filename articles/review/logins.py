"""All logins that one person ever had: another login makes nobody another person.

Read from who has a login now and from the ledger's lines on people, which keep the login of before and after.
"""

from collections.abc import Iterable
from uuid import UUID

from articles.authoring.people import Person
from articles.record.models import Event, SignOff
from articles.record.vocabulary import EventKind

Links = set[tuple[UUID, int]]
SIDES = ("before", "after")


def logins_of(people: Iterable[UUID], *, links: Links | None = None) -> set[int]:
    """Keys of every login that these people have or had."""
    wanted = set(people)
    if not wanted:
        return set()
    return {login for person, login in (ever_linked() if links is None else links) if person in wanted}


def with_other_logins(logins: Iterable[int], *, links: Links | None = None) -> set[int]:
    """These logins, and all others that their people have or had."""
    given = set(logins)
    if not given:
        return given
    links = ever_linked() if links is None else links
    return given | logins_of({person for person, login in links if login in given}, links=links)


def ever_linked(signed: UUID | None = None) -> Links:
    """{(person, login)} of today, of the ledger, and of the sign-offs on the subject `signed`; three or four queries.

    A login that was given to the wrong person and taken back stays here: better one pair of eyes too few counted.
    """
    links = set(Person.objects.exclude(user=None).order_by().values_list("person_id", "user_id"))
    if signed:
        rows = SignOff.objects.filter(subject=signed).order_by().values_list("person", "user").distinct()
        links |= {(person, user) for person, user in rows if person}
    return links | _of_ledger()


def _of_ledger() -> Links:
    people = Person.objects.order_by().values("person_id")
    lines = Event.objects.filter(subject__in=people, kind=EventKind.PERSON_CHANGED).order_by()
    sides = [(person, data[side]) for person, data in lines.values_list("subject", "data") for side in SIDES]
    return {(person, facts["login"]) for person, facts in sides if facts.get("login")}
