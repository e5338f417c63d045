"""The coming reviews of published articles that one person alone could sign: nobody else has role, specialty, language.

Asked of `who_could_sign`, as for requested signatures, once for each combination. Four eyes cannot be known before the
text is asked for, so the pool may turn out smaller, never larger.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import AbstractUser as User
from django.utils import timezone

from articles.record.models import Edition, Publication
from articles.record.vocabulary import SERVED, DocumentKind, Role
from articles.review.models import OpenNeed, Policy
from articles.review.needs.table import who_could_sign
from articles.review.roles import roles_of

SHOWN = ("article", "title", "locale", "edition", "next_review_on")
Wanted = tuple[str, str, str]  # role, language, specialty


@dataclass(frozen=True)
class Coming:
    """A published article, and the day on which its next review is due."""

    article: UUID
    title: str
    due_on: date | None


def coming_alone(user: User, *, but: set[UUID]) -> list[Coming]:
    """The next due first. `but`: articles whose signatures are requested already. A fixed number of queries."""
    held = roles_of(user, on=timezone.now().date()) - {Role.EDITOR.value}  # an editor's signature is not asked again
    if not held:
        return []
    served = Publication.objects.filter(state__in=SERVED).exclude(article__in=but)
    rows = list(served.only(*SHOWN).order_by("next_review_on", "title"))
    terms = _terms()
    specialties = dict(Policy.objects.filter(medical__gt=0).values_list("policy_id", "specialty"))
    wanted = [set(_wanted(row, terms, specialties)) for row in rows]
    alone = _alone(user, {each for found in wanted for each in found if each[0] in held})
    return [
        Coming(row.article, row.title, row.next_review_on)
        for row, found in zip(rows, wanted, strict=True)
        if found & alone
    ]


def _terms() -> dict[tuple[UUID, int], dict[str, Any]]:
    """{(article, number of its edition): the terms of its review}."""
    rows = Edition.objects.filter(subject__in=Publication.objects.filter(state__in=SERVED).values("article"))
    return {(subject, number): review for subject, number, review in rows.values_list("subject", "number", "review")}


def _wanted(row: Publication, terms: dict, specialties: dict[UUID, str]) -> Iterator[Wanted]:
    """The signatures that its next review needs."""
    review = terms.get((row.article, row.edition), {})
    named = {specialties.get(UUID(key), "") for key in review.get("policies", ())} - {""}
    for role in review.get("signatures", {}):
        yield from ((role, row.locale, each) for each in (named if role == Role.MEDICAL and named else {""}))


def _alone(user: User, wanted: set[Wanted]) -> set[Wanted]:
    """Those of these signatures that this person can give, and nobody else."""
    rows = {
        each: OpenNeed(
            subject=uuid4(),
            role=each[0],
            language=each[1],
            lacking=[{"part": DocumentKind.MEDICAL.value, "specialty": each[2], "barred": []}],
        )
        for each in wanted
    }
    could = who_could_sign(list(rows.values()))
    return {each for each, row in rows.items() if could[row.key] == [user]}
