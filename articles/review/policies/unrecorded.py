"""Finds policies and people that differ from the ledger because they were changed outside the admin.

Part of `ledger verify`. If the ledger has no lines on policies, or on people, there is nothing to compare yet;
`appoint_leads` writes the first lines.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from articles.authoring.people import Person
from articles.record.ledger.finding import Finding
from articles.record.models import Event
from articles.record.vocabulary import EventKind
from articles.review.models import Policy
from articles.review.policies.recorded import facts_of, signing_facts

BY_NAME = {"user", "topic_names"}  # of logins and topics, which are renamed under lines of their own


def find_unrecorded() -> list[Finding]:
    """A finding for each policy and person that differs from its lines, and for each confirmation without a line."""
    policies = _told(EventKind.POLICY_CHANGED)
    people = _told(EventKind.PERSON_CHANGED)
    confirmed = dict(
        Event.objects.filter(kind=EventKind.ROLE_CONFIRMED).order_by("number").values_list("subject", "data")
    )
    found = list(_differing("policy", Policy.objects.all(), policies)) if policies else []
    if people:
        found += _differing("person", Person.objects.all(), people)
        for person in Person.objects.exclude(confirmed_at=None):
            if confirmed.get(person.person_id, {}).get("confirmed") != signing_facts(person):
                found.append(_finding("person", person, "no second lead has confirmed this person's signing details"))
    return found


def _told(kind: str) -> dict[Any, dict[str, Any]]:
    """{subject: its facts after its last line}."""
    found: dict[Any, dict[str, Any]] = {}
    for subject, data in Event.objects.filter(kind=kind).order_by("number").values_list("subject", "data"):
        if "login" not in data:
            found.setdefault(subject, {}).update(data["after"])
    return found


def _differing(what: str, rows: Iterable[Any], told: dict[Any, dict[str, Any]]) -> Iterator[Finding]:
    for row in rows:
        said = told.get(row.policy_id if isinstance(row, Policy) else row.person_id, {})
        facts = {name: value for name, value in facts_of(row).items() if name not in BY_NAME}
        # Lines from before a field was added say nothing of it: it was empty then.
        names = sorted(name for name, value in facts.items() if said.get(name, type(value)()) != value)
        if names:
            yield _finding(what, row, f"no ledger line has its stored values of {', '.join(names)}")


def _finding(what: str, row: Any, message: str) -> Finding:
    return Finding("unrecorded-change", f"{what} {row.pk} “{row.name}”", message)
