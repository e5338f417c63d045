"""Voids all sign-offs that a person has given since a moment, and says beforehand what readers would get then.

The license had lapsed, or the password was somebody else's: then no signature since that day is worth anything. Two
logins of one person are one person.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from django_tasks import task

from articles.authoring.permissions import MAY_VOID, require_permission
from articles.errors import ContentChanged, DomainError
from articles.publishing.void import lock, recompose_relying, relying_on, voided_among, write_voids
from articles.record import events
from articles.record.models import Event, Publication, SignOff
from articles.record.vocabulary import NoticeKind, PublicationState
from articles.review.logins import with_other_logins
from articles.review.needs.keeping import rewrite_locked


class NothingToVoid(DomainError):
    """The person has given no sign-off since then that still counts."""

    code = "nothing-to-void"
    title = "There is nothing to void."


@dataclass(frozen=True)
class Effect:
    """What changes for the readers of one article. `offers` and `notices`: how many it loses.

    `is_explained_anew`: it is withdrawn, and the standard sentence takes the place of the signed explanation.
    """

    article: UUID
    title: str
    is_withheld: bool = False
    is_due: bool = False
    offers: int = 0
    notices: int = 0
    is_explained_anew: bool = False


@dataclass(frozen=True)
class Preview:
    """The sign-offs that would be voided, the oldest first, and what changes for readers, by title."""

    signoffs: list[SignOff]
    effects: list[Effect]


def signed_since(login: int, since: datetime) -> list[SignOff]:
    """The sign-offs that this person has given since then, with any login, and that were not voided; oldest first."""
    rows = list(SignOff.objects.filter(user__in=with_other_logins({login}), signed_at__gte=since).order_by("pk"))
    void = voided_among(rows)
    return [row for row in rows if row.pk not in void]


def preview(*, login: int, since: datetime, by: User) -> Preview:
    """What `void_since` would do now. It is done, read and rolled back, so that nothing is computed twice.

    Raises NotPermitted.
    """
    require_permission(by, MAY_VOID)
    with transaction.atomic():
        rows = signed_since(login, since)
        if not rows:
            return Preview([], [])
        lock(rows, also=relying_on(rows))
        events.hold()  # from here on, what changes is changed here
        last = Event.objects.latest("number").number
        write_voids(rows, reason="Preview", by=by)
        recompose_relying(rows)
        now = _publications(event__gt=last)
        transaction.set_rollback(True)
    was = _publications(article__in=list(now))
    effects = [_effect(was[key], row) for key, row in now.items()]
    return Preview(rows, sorted(filter(_is_seen, effects), key=lambda effect: effect.title.casefold()))


def void_since(*, login: int, since: datetime, shown: Collection[int], reason: str, by: User) -> list[Event]:
    """Void all of them in one transaction. `shown`: keys of the sign-offs that were on the page.

    Raises NotPermitted, NothingToVoid, CannotVoid, and ContentChanged if the person has signed meanwhile, or somebody
    has voided one of them; then nothing was voided.
    """
    require_permission(by, MAY_VOID)
    with transaction.atomic():
        rows = lock(signed_since(login, since))
        events.hold()  # nobody signs from here on
        if not {row.pk for row in rows} == set(shown) == {row.pk for row in signed_since(login, since)}:
            raise ContentChanged(
                "The sign-offs changed while you were reading. Nothing was voided; check the new list."
            )
        if not rows:
            raise NothingToVoid("This person has given no sign-off since then that still counts.")
        done = write_voids(rows, reason=reason, by=by)
        for key in {row.subject for row in rows}:
            ask_again.enqueue(str(key))
    recompose_relying(rows)
    return done


@task(backend="worker")
def ask_again(subject: str) -> None:
    """Request the signatures that this text lacks now. The worker does it, since it takes longer than voiding them."""
    rewrite_locked(UUID(subject))


def _publications(**found: Any) -> dict[UUID, Publication]:
    shown = ("article", "title", "state", "next_review_on", "body", "notice")
    return {row.article: row for row in Publication.objects.filter(**found).only(*shown)}


def _effect(was: Publication, now: Publication) -> Effect:
    before, after = _read(was), _read(now)
    is_withdrawn = now.state == PublicationState.WITHDRAWN
    return Effect(
        now.article,
        now.title,
        is_withheld=(was.state, now.state) == (PublicationState.PUBLISHED, PublicationState.WITHHELD),
        is_due=bool(now.next_review_on and was.next_review_on and now.next_review_on < was.next_review_on),
        offers=len(before["offers"] - after["offers"]),
        notices=len(before["notices"] - after["notices"]),
        is_explained_anew=is_withdrawn and was.notice != now.notice,
    )


def _read(row: Publication) -> dict[str, set[str]]:
    """Ids of the offers and safety notices that the article shows."""
    body = json.loads(bytes(row.body) or b"{}")
    sections = body.get("content", {}).get("sections", [])
    return {
        "offers": {f"{section['id']} {section['offer']['id']}" for section in sections if section.get("offer")},
        "notices": {notice["text"] for notice in body.get("notices", []) if notice["kind"] == NoticeKind.SAFETY},
    }


def _is_seen(effect: Effect) -> bool:
    """Whether it is more than that the reviewers, or links to other articles, are shown anew."""
    seen = (effect.is_withheld, effect.is_due, effect.offers, effect.notices, effect.is_explained_anew)
    return any(seen)
