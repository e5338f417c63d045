"""What is written when somebody changes a login in the admin: a line of the ledger about the person, and no password.

Groups and rights that people give themselves have a line as well: the group Editors is a role to sign in. Without an
acting user there is no line: commands, and owners who set a password by the mailed link. Connected in `receivers`.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid5

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.contrib.auth.models import Group
from django.db import transaction

from articles.authoring.people import Person
from articles.record import events
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.policies.stewardship import acting_user
from articles.review.roles import actor
from articles.review.signing import given_passwords

Facts = dict[str, Any]
LOGINS = UUID("5a0e6c7e-3c0c-4d5b-9d1a-6f1f4f0f7b52")  # the namespace of subjects; never another one
FACTS = ("username", "email", "is_active", "is_superuser")
SET_BY_ANOTHER = "set by another"


def subject_of(login: int) -> UUID:
    """The person's id; of a login without a person a UUID5 of its key, the same for ever."""
    person = Person.objects.filter(user_id=login).values_list("person_id", flat=True).first()
    return person or own_subject(login)


def own_subject(login: int) -> UUID:
    return uuid5(LOGINS, str(login))


def note_before(instance: User, raw: bool = False, update_fields: Iterable[str] | None = None, **_) -> None:
    """Before a login is saved: keep what it was. Logging in saves the date of it alone, and is no matter here."""
    if raw or (update_fields is not None and not {"password", *FACTS} & set(update_fields)):
        return
    instance._stored_before = _stored(instance.pk)  # type: ignore[attr-defined] # read by `write_change`


def write_change(instance: User, raw: bool = False, **_) -> None:
    """After it was saved: who may sign with its password, and the line."""
    if raw or "_stored_before" not in instance.__dict__:
        return
    before, after, by = instance.__dict__.pop("_stored_before"), _stored(instance.pk), acting_user()
    if after is None:
        return
    is_set = _is_set(before, after, instance)
    if is_set:
        given_passwords.note_set(after, by=by)
    said = {"password": SET_BY_ANOTHER} if is_set and before and by and by.pk != after.pk else {}
    _write(after, _facts(before), _facts(after) | said, by=by)


def note_groups(instance: User | Group, action: str, reverse: bool, pk_set: set[int] | None, **_) -> None:
    """Groups come and go in a table of their own; `reverse`: from the group's side."""
    if action.startswith("post_"):
        _write_groups(instance.__dict__.pop("_groups_before", {}))
    elif acting_user():
        keys = pk_set if reverse else {instance.pk}
        users = get_user_model()._default_manager.filter(
            **({"groups": instance.pk} if keys is None else {"pk__in": keys})
        )
        instance._groups_before = _groups(users)  # type: ignore[union-attr] # read above, when it is done


def note_group_before(instance: Group, raw: bool = False, **_) -> None:
    """Before a group is saved or deleted: a group of another name is another group, which gives other rights."""
    if not raw and instance.pk and acting_user():
        users = get_user_model()._default_manager.filter(groups=instance.pk)
        instance._groups_before = _groups(users)  # type: ignore[attr-defined] # read by `write_group`


def write_group(instance: Group, **_) -> None:
    _write_groups(instance.__dict__.pop("_groups_before", {}))


def write_deletion(instance: User, **_) -> None:
    """Before a login is deleted, while its groups are known."""
    _write(instance, _facts(instance) | {"groups": _groups([instance])[instance.pk]}, {}, by=acting_user())


def _is_set(before: User | None, after: User, instance: User) -> bool:
    """Whether somebody chose a password, rather than a login's hash being made anew with another hasher."""
    is_other = after.password != (before.password if before else "")
    is_chosen = getattr(instance, "_password", None) is not None or acting_user() not in (None, after)
    return is_other and is_chosen and (before is not None or after.has_usable_password())


def _stored(key: int | None) -> User | None:
    return get_user_model()._default_manager.filter(pk=key).first() if key else None


def _facts(user: User | None) -> Facts:
    return {name: getattr(user, name) for name in FACTS} if user else {}


def _groups(users: Iterable[User]) -> dict[int, list[str]]:
    return {user.pk: sorted(user.groups.values_list("name", flat=True)) for user in users}


def _write_groups(before: Mapping[int, list[str]]) -> None:
    by = acting_user()
    users = get_user_model()._default_manager.filter(pk__in=before if by else ())
    after = _groups(users)
    for user in users:
        _write(user, {"groups": before[user.pk]}, {"groups": after[user.pk]}, by=by)


def _write(user: User, before: Facts, after: Facts, *, by: User | None) -> None:
    """The line, in the transaction of the change where there is one; a change that changes nothing has none."""
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if by is None or not changed:
        return
    sides = {"before": _only(before, changed), "after": _only(after, changed)}
    with transaction.atomic():
        events.append(
            EventKind.POLICY_CHANGED,
            subject_kind=SubjectKind.PERSON,
            subject=subject_of(user.pk),
            actor=actor(by),
            data={"name": user.get_username(), "login": user.pk} | sides,
        )


def _only(facts: Facts, names: Iterable[str]) -> Facts:
    return {name: facts[name] for name in names if name in facts}
