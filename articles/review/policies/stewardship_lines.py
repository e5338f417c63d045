"""What is written when a policy or a person changes: one line of the ledger, with what changed, before and after.

Connected in `receivers`. The line is in the transaction of the change where there is one: Wagtail's forms open one.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django.db.models import Model

from articles.authoring.people import Person
from articles.authoring.topics import Topic
from articles.record import events
from articles.record.vocabulary import EventKind, SubjectKind
from articles.review.contributions import contributions
from articles.review.models import Policy
from articles.review.policies.stewardship import (
    PolicyInUse,
    acting_user,
    require_lead,
    require_vouched,
    why_not_changed,
    why_not_deleted,
)
from articles.review.policies.stewardship_own import require_other_lead, why_not_by
from articles.review.roles import actor

Facts = dict[str, Any]

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
    "escalate_days",
)
PERSON_FACTS = (
    "name",
    "user",
    "credentials",
    "specialty",
    "registration_body",
    "registration_number",
    "interests",
    "medical",
    "legal",
    "commercial",
    "valid_until",
    "verified_by",
    "verified_on",
)


def facts_of(row: Policy | Person) -> Facts:
    """What leads answer for, as the ledger writes it."""
    names = POLICY_FACTS if isinstance(row, Policy) else PERSON_FACTS
    return {name: _plain(row, name) for name in names}


def note_before(instance: Policy | Person, raw: bool = False, update_fields: Iterable[str] | None = None, **_) -> None:
    """Before a row is saved: refuse, or keep what it was. Raises NotALead, NotVouchedFor, OwnCredentials."""
    if raw:
        return
    stored = type(instance)._base_manager.filter(pk=instance.pk).first() if instance.pk else None
    before = facts_of(stored) if stored else {}
    after = facts_of(instance)
    if update_fields is not None:
        saved = {name.removesuffix("_id") for name in update_fields}
        after = {name: value if name in saved else before.get(name) for name, value in after.items()}
    changed = {name for name, value in after.items() if before.get(name) != value}
    instance._facts_before = before  # type: ignore[union-attr] # read by `write_change`, after the row was saved
    instance._login_before = getattr(stored, "user_id", None)  # type: ignore[union-attr] # likewise
    if (changed or not stored) and (user := acting_user()):
        require_lead(user, _what(instance))
        if isinstance(instance, Person):
            require_vouched(instance)
            require_other_lead(instance, before, after, by=user)
    if isinstance(instance, Policy) and changed:
        _keep_one_default(stored if isinstance(stored, Policy) else None, instance)


def why_not_saved(person: Person, by: User) -> str:
    """For forms: why another lead has to save this person as it is in memory, or nothing."""
    stored = Person._base_manager.filter(pk=person.pk).first() if person.pk else None
    return why_not_by(person, facts_of(stored) if stored else {}, facts_of(person), by=by)


def _keep_one_default(stored: Policy | None, policy: Policy) -> None:
    """The new default takes the place of the old one. Raises PolicyInUse where none would be left."""
    if stored and (words := why_not_changed(stored, policy)):
        raise PolicyInUse(words)
    if policy.is_default and not (stored and stored.is_default):
        for other in Policy.objects.filter(kind=policy.kind, is_default=True):
            Policy.objects.filter(pk=other.pk).update(is_default=False)
            write_line(other, {"is_default": True}, {"is_default": False})


def write_change(instance: Policy | Person, raw: bool = False, **_) -> None:
    """After a row was saved: one line with what changed, read back from the database."""
    if raw:
        return
    stored = type(instance)._base_manager.get(pk=instance.pk)
    before, after = instance.__dict__.pop("_facts_before", {}), facts_of(stored)
    login = instance.__dict__.pop("_login_before", None)
    if isinstance(stored, Person):
        moved = [key for key in (login, stored.user_id) if key] if login != stored.user_id else []
        write_line(instance, before, after, logins=moved)
        _note_printed(stored, before, after)
    else:
        write_line(instance, before, after)


def _note_printed(person: Person, before: Facts, after: Facts) -> None:
    """What is printed of a person is a contribution to the articles that name them."""
    if any(before.get(name) != after[name] for name in contributions.PRINTED):
        user = acting_user()
        contributions.note_person(person, user=user.pk if user else None)


def note_topics(instance: Policy, action: str, pk_set: set[int] | None, **_) -> None:
    """Topics come and go in a table of their own."""
    if action in ("pre_add", "pre_remove", "pre_clear") and (pk_set or action == "pre_clear"):
        require_lead(acting_user(), _what(instance))
        instance._topics_before = _topics(instance)  # type: ignore[attr-defined]
    elif action.startswith("post_") and "_topics_before" in instance.__dict__:
        before = instance.__dict__.pop("_topics_before")
        write_line(instance, {"topics": before}, {"topics": _topics(instance)})


def refuse_deleting(instance: Policy | Person, **_) -> None:
    """Raises NotALead, PolicyInUse."""
    require_lead(acting_user(), _what(instance))
    if isinstance(instance, Policy) and (words := why_not_deleted(instance)):
        raise PolicyInUse(words)
    instance._facts_before = _whole(instance)  # type: ignore[union-attr]


def refuse_deleting_topic(instance: Topic, **_) -> None:
    """Raises PolicyInUse: the policy would ask for less, and no lead decided it."""
    if words := why_not_deleted(instance):
        raise PolicyInUse(words)


def write_deletion(instance: Policy | Person, **_) -> None:
    write_line(instance, instance.__dict__.pop("_facts_before", {}), {})


def note_lost_login(instance: User, **_) -> None:
    """A login that is deleted takes a person's means to sign along, without saving the person."""
    for person in Person.objects.filter(user_id=instance.pk):
        write_line(person, {"user": instance.get_username()}, {"user": None})


def write_line(row: Policy | Person, before: Facts, after: Facts, *, logins: Iterable[int] = ()) -> None:
    """The line, in the transaction of the change where there is one; a change that changes nothing has none.

    `logins`: keys of a person's login before and after, where it is another one; names of logins may change.
    """
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    if not changed:
        return
    is_policy = isinstance(row, Policy)
    with transaction.atomic():
        events.append(
            EventKind.POLICY_CHANGED,
            subject_kind=SubjectKind.POLICY if is_policy else SubjectKind.PERSON,
            subject=row.policy_id if isinstance(row, Policy) else row.person_id,
            actor=actor(acting_user()),
            data={"name": row.name, "before": _only(before, changed), "after": _only(after, changed)}
            | ({"logins": list(logins)} if logins else {}),
        )


def _only(facts: Facts, names: Iterable[str]) -> Facts:
    return {name: facts[name] for name in names if name in facts}


def _whole(row: Policy | Person) -> Facts:
    return facts_of(row) | ({"topics": _topics(row)} if isinstance(row, Policy) else {})


def _topics(policy: Policy) -> list[str]:
    return sorted(policy.topics.values_list("slug", flat=True))


def _plain(row: Model, name: str) -> Any:
    if name == "user":
        user: Any = getattr(row, name)
        return user.get_username() if user else None
    column: Any = row._meta.get_field(name)
    value = column.to_python(getattr(row, name))
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, list) else value


def _what(row: Policy | Person) -> str:
    return "policies" if isinstance(row, Policy) else "people and what they sign with"
