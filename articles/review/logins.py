"""All logins that one person ever had: another login makes nobody another person.

Read from who has a login now and from the ledger's lines on people, which keep the login of before and after.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from articles.authoring.people import Person
from articles.record.models import Event, SignOff
from articles.record.vocabulary import EventKind

Links = set[tuple[UUID, int]]


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
    lines = Event.objects.filter(subject__in=people, kind=EventKind.POLICY_CHANGED).order_by()
    links, named = set(), set()
    for person, data in lines.values_list("subject", "data"):
        links |= {(person, login) for login in data.get("logins", ())}
        named |= {(person, name) for name in _names(data)} if "logins" not in data else set()
    keys = _keys_of({name for _, name in named})
    return links | {(person, keys[name]) for person, name in named if name in keys}


def _names(data: Mapping[str, Any]) -> list[str]:
    return [name for side in ("before", "after") if (name := (data.get(side) or {}).get("user"))]


def _keys_of(names: set[str]) -> dict[str, int]:
    users = get_user_model()._default_manager
    return dict(users.filter(username__in=names).values_list("username", "pk")) if names else {}
