"""Hands over the open work of a person who leaves, and deactivates the login: all of it in one transaction.

What only this person could sign cannot be handed over. When the login is deactivated, the medical leads get the letter
“nobody can sign” about each such signature that is requested (needs.keeping).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser as User
from django.db import transaction
from wagtail.permission_policies.pages import PagePermissionPolicy

from articles.authoring.models import ArticlePage
from articles.authoring.permissions import MAY_CHANGE_LOGINS, NotPermitted, require_permission
from articles.errors import ContentChanged, DomainError
from articles.publishing.models import Schedule
from articles.publishing.people.coming import Coming, coming_alone
from articles.record.event_data import HandedOver
from articles.record.vocabulary import ScheduleState
from articles.review.models import OpenNeed
from articles.review.needs import taking
from articles.review.needs.table import name_of, open_rows, who_could_sign
from articles.review.policies import leads
from articles.review.policies.recorded import recorded
from articles.review.roles import actor

WRITING = ("add", "change")  # rights on pages; people with either can write the articles that they own


class CannotHandOver(DomainError):
    """The login is one's own or inactive already, or somebody named cannot take over what they were given."""

    code = "cannot-hand-over"
    title = "Nothing was handed over."


@dataclass(frozen=True)
class OpenWork:
    """What a person would leave behind.

    `signatures`: requested ones that are assigned to them. `schedules`: those that wait and run in their name.
    `articles`: those that they own. `alone`: requested signatures that nobody else can give now. `coming`: published
    articles whose next review nobody else could sign.
    """

    signatures: list[OpenNeed]
    schedules: list[Schedule]
    articles: list[ArticlePage]
    alone: list[OpenNeed]
    coming: list[Coming]

    @property
    def is_any(self) -> bool:
        return bool(self.signatures or self.schedules or self.articles or self.alone or self.coming)


def work_of(user: User) -> OpenWork:
    """The open work of an active login. A fixed number of queries for any amount."""
    asked = list(open_rows())
    could = who_could_sign(asked)
    alone = [row for row in asked if could[row.key] == [user]]
    return OpenWork(
        signatures=list(_signatures(user)),
        schedules=list(_schedules(user)),
        articles=list(_articles(user).defer("body")),
        alone=alone,
        coming=coming_alone(user, but={row.subject for row in asked}),
    )


def require_may_leave(*users: User, by: User) -> None:
    """Raises NotPermitted, CannotHandOver, LeadsMustRemain unless `by` may deactivate these logins together."""
    require_permission(by, MAY_CHANGE_LOGINS)
    if by in users:
        raise CannotHandOver("You cannot deactivate your own login. Ask another administrator.")
    if inactive := [user.get_username() for user in users if not user.is_active]:
        raise CannotHandOver(f"{', '.join(inactive)}: this login is inactive already.")
    leads.require_enough_without(*users)


def hand_over(
    *, user: User, signers: Mapping[int, User | None], scheduler: User | None, owner: User | None, by: User
) -> None:
    """Give the open work of the login to these people, and deactivate it, under one line of the ledger.

    `signers`: {key of each assigned signature: who takes it over, or None for anyone who can sign it}. `scheduler`: in
    whose name the schedules run from now on; `owner`: who owns the articles. Raises NotPermitted, CannotHandOver,
    LeadsMustRemain, ContentChanged (another signature was assigned meanwhile), MayNotAssign, NotInPool; then nothing
    was changed.
    """
    with transaction.atomic():
        user = get_user_model()._default_manager.select_for_update(no_key=True).get(pk=user.pk)
        require_may_leave(user, by=by)
        owned, schedules, signatures = _lock_work(user)
        if {row.pk for row in signatures} != set(signers):
            raise ContentChanged("The open work changed while you were reading. Nothing was handed over.")
        _require_heirs(user, signers.values(), scheduler if schedules else None, owner if owned else None)
        taking.hand_on(signatures, signers, by=by)
        _give_schedules(schedules, scheduler)
        _give_articles(owned, owner)
        told = _told(signatures, signers, schedules, scheduler, owned, owner)
        with recorded(user, by=by, more={"handed_over": told} if told else {}):
            user.is_active = False
            user.save(update_fields=["is_active"])


def writers() -> list[User]:
    """The active people who can write the articles that they own, by name."""
    found = PagePermissionPolicy().users_with_any_permission(WRITING).filter(is_active=True)
    return by_name(found.select_related("person"))


def schedulers(schedules: Iterable[Schedule]) -> list[User]:
    """The active people who may schedule all of this, by name."""
    wanted = {permission for row in schedules for permission in row.permissions}
    users = get_user_model()._default_manager.filter(is_active=True).select_related("person")
    return by_name(user for user in users if user.has_perms(wanted))


def by_name(users: Iterable[User]) -> list[User]:
    return sorted(users, key=lambda user: name_of(user).casefold())


def _signatures(user: User):
    return open_rows().filter(taker=user.pk)


def _schedules(user: User):
    return Schedule.objects.filter(made_by=user.pk, state=ScheduleState.WAITING)


def _articles(user: User):
    return ArticlePage.objects.filter(owner=user).order_by("pk")


def _lock_work(user: User) -> tuple[list[Any], list[Schedule], list[OpenNeed]]:
    """(keys and ids of the articles, schedules, signatures), locked in the order of all code: articles first."""
    waiting = list(_schedules(user).values_list("article", flat=True))
    pages = ArticlePage.objects.filter(article_id__in=waiting) | ArticlePage.objects.filter(owner=user)
    locked = list(pages.select_for_update().order_by("pk").values_list("pk", "article_id", "owner"))
    owned = [(key, article) for key, article, owner in locked if owner == user.pk]
    return owned, list(_schedules(user).select_for_update()), list(_signatures(user).select_for_update())


def _require_heirs(user: User, signers: Iterable[User | None], scheduler: User | None, owner: User | None) -> None:
    """Raises CannotHandOver if one of them is the person who leaves, or cannot write the articles."""
    if user in {*signers, scheduler, owner}:
        raise CannotHandOver(f"{name_of(user)} leaves, and cannot take over anything. Choose another person.")
    if owner and owner not in writers():
        raise CannotHandOver(f"{name_of(owner)} cannot write articles. Choose an author or an editor.")


def _give_schedules(schedules: Sequence[Schedule], to: User | None) -> None:
    """Raises CannotHandOver."""
    if schedules and to is None:
        raise CannotHandOver("Choose who takes over the schedules. They fail unless they run in somebody's name.")
    for row in schedules:
        for permission in row.permissions:
            try:
                require_permission(to, permission)
            except NotPermitted:
                raise CannotHandOver(f"{name_of(to)} may not schedule this. Choose another person.") from None  # type: ignore[arg-type]
    Schedule.objects.filter(pk__in=[row.pk for row in schedules]).update(made_by=to)


def _give_articles(owned: Sequence[tuple[int, Any]], to: User | None) -> None:
    """Raises CannotHandOver."""
    if owned and to is None:
        raise CannotHandOver("Choose who gets the articles.")
    ArticlePage.objects.filter(pk__in=[key for key, _ in owned]).update(owner=to)


def _told(
    signatures: Sequence[OpenNeed],
    signers: Mapping[int, User | None],
    schedules: Sequence[Schedule],
    scheduler: User | None,
    owned: Sequence[tuple[int, Any]],
    owner: User | None,
) -> list[HandedOver]:
    """One entry for each person who takes something over, and one without a name for what is unassigned."""
    found: dict[int | None, HandedOver] = {}

    def of(to: User | None) -> HandedOver:
        empty: HandedOver = {"to": dict(actor(to)), "signatures": [], "schedules": [], "articles": []}
        return found.setdefault(to.pk if to else None, empty)

    for row in signatures:
        of(signers[row.pk])["signatures"].append({"subject": str(row.subject), "role": row.role})
    if schedules:
        of(scheduler)["schedules"] += [row.pk for row in schedules]
    if owned:
        of(owner)["articles"] += [str(article) for _, article in owned]
    return list(found.values())
