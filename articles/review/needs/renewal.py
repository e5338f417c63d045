"""Vouching again for what readers get: it asks for what is missing, else for all but the editors' signatures anew."""

from typing import Any

from articles.errors import CannotSign
from articles.record import history
from articles.record.models import SignOff
from articles.record.vocabulary import EventKind, Role, Scope, SourceStatus, Support
from articles.review.policies.rules import Lack
from articles.review.review import MEDICAL, Subject
from articles.review.signing.signatures import missing, parts_to_sign


def anew(subject: Subject, part: str) -> list[SignOff]:
    """Signatures on the whole text since the last time that somebody vouched for it."""
    vouched = [event.number for event in subject.history.events if event.kind == EventKind.REAFFIRMED]
    since = max([subject.base.event if subject.base else 0, *vouched])
    return [row for row in subject.counting(part) if row.event > since and row.scope == Scope.WHOLE]


def still_to_sign(subject: Subject) -> list[Lack]:
    """What a re-affirmation of the medical part lacks: every signature of its policies but the editors'."""
    lacks = subject.policies[MEDICAL].lacking(anew(subject, MEDICAL))
    return [lack for lack in lacks if lack.role != Role.EDITOR]


def roles_to_sign_again(subject: Subject) -> list[str]:
    """Roles whose signatures vouching for an edition again waits for, each once: what is missing of it, else anew."""
    lacks = still_to_sign(subject) if subject.is_vouched else missing(subject)
    return list(dict.fromkeys(lack.role for lack in lacks))


def require_standing_sources(subject: Subject) -> None:
    """Raises CannotSign where the text rests on a work that was retracted; as background a clinician weighs it.

    The checks say so of a draft. This reads the signed text itself, whose draft may be gone.
    """
    medical = subject.documents[MEDICAL].value
    named = {row["number"]: row["source_id"] for row in medical.get("references", ())}
    events = history.with_sources(subject.history, named.values()).sources
    latest = {str(event.subject): event.data.get("status") for event in events}
    retracted = {number for number, source in named.items() if latest.get(source) == SourceStatus.RETRACTED}
    if carrying := sorted(retracted & _carrying(medical)):
        raise CannotSign(
            f"Reference {', '.join(map(str, carrying))} was retracted and carries a claim here. Change the text; "
            "nobody can vouch for this one."
        )


def _carrying(value: Any) -> set[int]:
    """Numbers of the references that support something: cited, and not as background only."""
    if isinstance(value, list):
        return {number for item in value for number in _carrying(item)}
    if not isinstance(value, dict):
        return set()
    found = {number for item in value.values() for number in _carrying(item)}
    is_cited = value.get("reference") and value.get("support") != Support.BACKGROUND
    return found | {value["reference"]} if is_cited else found


def parts_to_sign_again(subject: Subject, role: str) -> list[str]:
    """Parts whose signatures are missing; where none is, the medical part, which a review is about."""
    if lacking := parts_to_sign(subject, role):
        return lacking
    return [MEDICAL] if any(lack.role == role for lack in still_to_sign(subject)) else []
