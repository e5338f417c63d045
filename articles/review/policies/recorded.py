"""Writes one ledger line for each policy, person and login that a block changes, with the values before and after.

    with recorded(policy, by=lead):
        policy.save()

Both are read from the database, in the transaction of the change. No line contains a password.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.people import Person
from articles.record import events
from articles.record.models import Event
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.models import Policy
from articles.review.roles import actor

Facts = dict[str, Any]
Row = Policy | Person | User

LOGINS = UUID("5a0e6c7e-3c0c-4d5b-9d1a-6f1f4f0f7b52")  # the namespace of logins' subjects; never another one
LOGIN_FACTS = ("username", "email", "is_active", "is_superuser")
POLICY_FACTS = (
    "name",
    "kind",
    "is_default",
    "article_types",
    "editor",
    "medical",
    "legal",
    "commercial",
    "specialty",
    "interval_months",
    "risk_interval_months",
    "grace_days",
    "after_grace",
    "is_one_enough",
    "needs_passkey",
    "escalate_days",
)
SIGNING_FACTS = (  # of a person: what a second lead confirms
    "name",
    "login",
    "credentials",
    "specialty",
    "languages",
    "registration_body",
    "registration_number",
    "medical",
    "legal",
    "commercial",
    "valid_until",
    "verified_by",
    "verified_on",
)


@contextmanager
def recorded(*rows: Row, by: User | None, more: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Writes a line for each of these rows that the block changes. `by` None is the system; `more` is added to the
    data of each line.

    The rows may be new, and may be deleted in the block.
    """
    with transaction.atomic():
        before = [(row, row.pk, stored_facts(row, row.pk)) for row in rows]
        yield
        for row, key, was in before:
            _write(row, was, stored_facts(row, key or row.pk), by=by, more=more or {})


@transaction.atomic
def note_policies() -> None:
    """Write a first line for each policy that has none, such as those created at the first start."""
    told = Event.objects.filter(kind=EventKind.POLICY_CHANGED).values("subject")
    for policy in Policy.objects.exclude(policy_id__in=told):
        _write(policy, {}, facts_of(policy), by=None, more={})


def stored_facts(row: Row, key: int | None) -> Facts:
    """The facts of the stored row; empty if there is none."""
    stored = type(row)._base_manager.filter(pk=key).first() if key else None
    return facts_of(stored) if stored else {}


def facts_of(row: Row) -> Facts:
    """The facts of the row as the ledger records them."""
    if isinstance(row, Policy):
        topics = dict(row.topics.values_list("slug", "name"))
        said = {"topics": sorted(topics), "topic_names": sorted(topics.values())}
        return {name: _plain(getattr(row, name)) for name in POLICY_FACTS} | said
    if isinstance(row, Person):
        more: Facts = {"user": row.user.get_username() if row.user else None, "interests": row.interests}
        return signing_facts(row) | more | {"password_until": _plain(row.password_until)}
    said = {"groups": sorted(row.groups.values_list("name", flat=True))}
    return {name: getattr(row, name) for name in LOGIN_FACTS} | said


def signing_facts(person: Person) -> Facts:
    """The signing details of a person, which may be unsaved. `login` is a key, because usernames change."""
    return {name: _plain(person.user_id if name == "login" else getattr(person, name)) for name in SIGNING_FACTS}


def subject_of(login: int) -> UUID:
    """The person's id; for a login without a person, a UUID5 of its key, which never changes."""
    person = Person.objects.filter(user_id=login).values_list("person_id", flat=True).first()
    return person or own_subject(login)


def own_subject(login: int) -> UUID:
    return uuid5(LOGINS, str(login))


def _write(row: Row, was: Facts, now: Facts, *, by: User | None, more: Mapping[str, Any]) -> None:
    changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    if not changed:
        return
    facts = now or was
    data: Facts = {"before": _only(was, changed), "after": _only(now, changed), **more}
    if isinstance(row, Policy):
        kind, subject_kind, subject = EventKind.POLICY_CHANGED, SubjectKind.POLICY, row.policy_id
        data["name"] = facts["name"]
    elif isinstance(row, Person):
        kind, subject_kind, subject = EventKind.PERSON_CHANGED, SubjectKind.PERSON, row.person_id
        data["name"] = facts["name"]
    else:
        kind, subject_kind, subject = EventKind.PERSON_CHANGED, SubjectKind.PERSON, subject_of(row.pk)
        data |= {"name": facts["username"], "login": row.pk}
    events.append(kind, subject_kind=subject_kind, subject=subject, actor=actor(by), data=data)


def _only(facts: Facts, names: Iterable[str]) -> Facts:
    return {name: facts[name] for name in names if name in facts}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, list) else value
