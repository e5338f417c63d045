"""Vouching again for what readers get: it asks for what is missing, else for all but the editors' signatures anew."""

from articles.record.models import SignOff
from articles.record.vocabulary import EventKind, Role, Scope
from articles.review.policies import Lack
from articles.review.signoff import counting, parts_to_sign
from articles.review.subjects import MEDICAL, Subject


def anew(subject: Subject, part: str) -> list[SignOff]:
    """Signatures on the whole text since the last time that somebody vouched for it."""
    vouched = [event.number for event in subject.history.events if event.kind == EventKind.REAFFIRMED]
    since = max([subject.base.event if subject.base else 0, *vouched])
    return [row for row in counting(subject, part) if row.event > since and row.scope == Scope.WHOLE]


def still_to_sign(subject: Subject) -> list[Lack]:
    """What a re-affirmation of the medical part lacks: every signature of its policies but the editors'."""
    lacks = subject.policies[MEDICAL].lacking(anew(subject, MEDICAL))
    return [lack for lack in lacks if lack.role != Role.EDITOR]


def parts_to_sign_again(subject: Subject, role: str) -> list[str]:
    """Parts whose signatures are missing; where none is, the medical part, which a review is about."""
    if lacking := parts_to_sign(subject, role):
        return lacking
    return [MEDICAL] if any(lack.role == role for lack in still_to_sign(subject)) else []
