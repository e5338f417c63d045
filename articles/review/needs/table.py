"""The table of open needs: the requested signatures, and the people who can give them.

`write_needs` is called in the transaction of every act on a text, `rewrite` if the act did not open the text. The
people who can sign are computed on reading, because credentials, logins and absences change without any text.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.dispatch import Signal
from django.utils import timezone

from articles.authoring.people import Person, reads
from articles.errors import DomainError
from articles.record.canonical import values_of
from articles.record.delivery.content.reading_time import WORDS_A_MINUTE
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.logins import Links, ever_linked, with_other_logins
from articles.review.models import OpenNeed, Policy
from articles.review.needs import rota, rules
from articles.review.needs.missing import Missing
from articles.review.review import MEDICAL, PRESENTATION, Review

# needs_written.send(sender=OpenNeed, rows=[(row, who could sign, whether `row.asked` has to be told)])
needs_written = Signal()

WRITTEN = ("target", "title", "minutes", "policies", "lacking", "uses", "obstacle", "escalate_days", "language")
SAID = ("title", "summary", "label", "heading", "text", "name", "statement", "effect", "advice", "target", "outcome")


@transaction.atomic
def write_needs(review: Review) -> list[OpenNeed]:
    """Open, change and close rows so that they match `rules.needs`. Returns the open ones, editors first.

    A draft that cannot be rendered now keeps its rows.
    """
    try:
        wanted = asked_rows(*rules.asked(review))
    except DomainError:
        return list(open_of(review.id))
    known = {(row.role, row.is_edition): row for row in open_of(review.id).select_for_update()}
    close(known.pop(key) for key in known.keys() - {(row.role, row.is_edition) for row in wanted})
    rows = [_keep(row, known.get((row.role, row.is_edition))) for row in wanted]
    tell(rows, links=review.links)
    return rows


def rewrite(key: UUID) -> None:
    """`write_needs` for an id. Closes the rows of a text that no longer exists or needs no signature."""
    target = rules.find_target(key)
    if target is None or not rules.may_be_asked(target):
        close(open_of(key))
        return
    try:
        review = rules.load_asked(target)
    except DomainError:
        return
    write_needs(review)


def asked_rows(review: Review, asked: Sequence[Missing]) -> list[OpenNeed]:
    """Unsaved rows of the requested signatures, one for each role."""
    if not asked:
        return []
    barred = {part: sorted(rules.barred(review, part)) for part in {item.part for item in asked}}
    facts = _facts(review)
    return [
        OpenNeed(
            role=role,
            lacking=[_lack(item, barred) for item in asked if item.role == role],
            escalate_days=_escalate_days(review, role),
            **facts,
        )
        for role in dict.fromkeys(item.role for item in asked)
    ]


def tell(rows: Sequence[OpenNeed], *, links: Links | None = None) -> None:
    """Unassign the rows whose taker can no longer sign, ask by rota, and send `needs_written`."""
    could = who_could_sign(rows, links=links)
    for row in rows:
        if row.taker_id and row.taker_id not in {user.pk for user in could[row.key]} and not row.obstacle:
            give_to(row, None)
    asked = rota.ask(rows, could)
    needs_written.send(sender=OpenNeed, rows=[(row, could[row.key], row.pk in asked) for row in rows])


def who_could_sign(rows: Sequence[OpenNeed], *, links: Links | None = None) -> dict[tuple[UUID, str], list[User]]:
    """{row.key: the people who can sign it now and are not away, by name}. A fixed number of queries for any rows.

    `links`: the result of `ever_linked`, if the caller has it.
    """
    if not rows:
        return {}
    crowds = {role: holders(role, on=timezone.now().date()) for role in {row.role for row in rows}}
    links = ever_linked() if links is None else links
    logins = {user.pk: with_other_logins({user.pk}, links=links) for crowd in crowds.values() for user in crowd}
    return {row.key: [user for user in crowds[row.role] if _could(row, user, logins[user.pk])] for row in rows}


def asked_of(user: User, *, subjects: Iterable[UUID] | None = None) -> list[OpenNeed]:
    """The open rows that this person can sign now, the longest waiting first, with the people assigned and asked. A
    fixed number of queries. `subjects`: only the rows of these texts."""
    held = roles.roles_of(user, on=timezone.now().date())
    found = open_rows().filter(role__in=held)
    found = found if subjects is None else found.filter(subject__in=subjects)
    rows = list(found.select_related("taker__person", "asked__person"))
    could = who_could_sign(rows)
    return [row for row in rows if user in could[row.key]]


def holders(role: str, *, on: date) -> list[User]:
    """The users who may sign in the role on that day and are not away, by name, with their people; one query."""
    present = [user for user in roles.holders(role, on=on) if not _is_away(user, on)]
    return sorted(present, key=lambda user: name_of(user).casefold())


def name_of(user: User) -> str:
    """The name of the person, or else of the login, for the admin. No query for a user from `holders`."""
    person = person_of(user)
    return person.name if person else roles.full_name(user)


def person_of(user: User) -> Person | None:
    return getattr(user, "person", None)


def open_of(subject: UUID) -> QuerySet[OpenNeed]:
    return open_rows().filter(subject=subject)


def open_rows() -> QuerySet[OpenNeed]:
    return OpenNeed.objects.filter(closed_at=None)


def unclaimed(now: datetime) -> list[OpenNeed]:
    """The rows that have been unassigned for longer than `escalate_days` and were not escalated yet."""
    rows = open_rows().filter(taker=None, escalated_at=None)
    return [row for row in rows if row.asked_at <= now - timedelta(days=row.escalate_days)]


def close(rows: Iterable[OpenNeed]) -> None:
    OpenNeed.objects.filter(pk__in=[row.pk for row in rows]).update(closed_at=timezone.now())


def give_to(row: OpenNeed, taker: User | None) -> None:
    row.taker_id, row.taken_at = (taker.pk, timezone.now()) if taker else (None, None)
    row.save(update_fields=["taker", "taken_at"])


def _keep(row: OpenNeed, known: OpenNeed | None) -> OpenNeed:
    """The stored row."""
    facts = {name: getattr(row, name) for name in WRITTEN}
    if known is None:
        given = facts | {"subject_kind": row.subject_kind, "is_edition": row.is_edition, "asked_at": timezone.now()}
        try:
            with transaction.atomic():
                return OpenNeed.objects.create(subject=row.subject, role=row.role, **given)
        except IntegrityError:  # another process opened it meanwhile
            return open_of(row.subject).get(role=row.role)
    changed = [name for name, value in facts.items() if getattr(known, name) != value]
    for name in changed:
        setattr(known, name, facts[name])
    if changed:
        known.save(update_fields=changed)
    return known


def _lack(item: Missing, barred: dict[str, list[int]]) -> dict[str, Any]:
    return {"part": item.part, "specialty": item.specialty, "count": item.count, "barred": barred[item.part]}


def _facts(review: Review) -> dict[str, Any]:
    """The columns that describe the text, which are the same for each role."""
    values = [document.value for document in review.documents.values()]
    return {
        "subject_kind": review.kind,
        "subject": review.id,
        "is_edition": review.is_edition,
        "language": review.language,
        "target": review.target.pk if review.target else 0,
        "title": review.name[:255],
        "minutes": _minutes(values),
        "policies": sorted(review.policies[MEDICAL if review.is_article else review.kind].names),
        "uses": sorted({*_texts(values, ("source_id", "sha256")), *_authors(review)}),
        "obstacle": rules.obstacle(review),
    }


def _minutes(values: list[Any]) -> int:
    """The reading time in minutes, at least one, without the references."""
    texts = _texts([value | {"references": []} for value in values], SAID)
    return max(1, ceil(len(" ".join(texts).split()) / WORDS_A_MINUTE))


def _texts(values: list[Any], names: Iterable[str]) -> list[str]:
    return [text for name in names for text in values_of(values, name) if isinstance(text, str)]


def _authors(review: Review) -> list[str]:
    shown = review.documents.get(PRESENTATION)
    return [author["id"] for author in shown.value.get("authors") or []] if shown else []


def _escalate_days(review: Review, role: str) -> int:
    """The fewest days until escalation among the policies that require the role."""
    asking = [policy for each in review.rules.values() for policy in each.policies if getattr(policy, role)]
    default = Policy._meta.get_field("escalate_days").default
    return min((policy.escalate_days for policy in asking), default=default)


def _is_away(user: User, on: date) -> bool:
    person = person_of(user)
    return bool(person and person.away_until and person.away_until >= on)


def _could(row: OpenNeed, user: User, logins: set[int]) -> bool:
    person = person_of(user)
    if row.obstacle or (row.language and not reads(person, row.language)):
        return False
    specialties = person.specialty if person else ""
    return any(
        not logins & set(lack["barred"]) and (row.role != Role.MEDICAL or rules.fits(specialties, lack["specialty"]))
        for lack in row.lacking
    )
