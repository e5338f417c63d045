"""One withdrawal of everything that a search found: articles, offers and disclaimers, and schedules to publish."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser as User
from django.db import transaction

from articles.authoring.components import Disclaimer, Offer
from articles.errors import NotPublished
from articles.publishing.models import Schedule
from articles.publishing.scheduling.schedule import cancel
from articles.publishing.withdraw import withdraw_component, withdraw_many
from articles.record.vocabulary import ScheduleState


@transaction.atomic
def withdraw_found(
    *,
    articles: Iterable[UUID],
    components: Iterable[UUID] = (),
    schedules: Iterable[int] = (),
    reason: str,
    by: User,
    **said: Any,
) -> tuple[int, int, int]:
    """Withdraw these articles and components and cancel these schedules, all or none. Returns the number of each.

    `said`: as for `withdraw_many`. What is not published or not waiting any more is left out. Raises what
    `withdraw_many`, `withdraw_component` and `cancel` raise, and NotPublished if nothing is left.
    """
    waiting = list(Schedule.objects.filter(pk__in=list(schedules), state=ScheduleState.WAITING).order_by("pk"))
    for row in waiting:
        cancel(schedule=row, by=by)
    shown = [each for key in dict.fromkeys(components) for each in _component(key)]
    taken = [each for each in shown if _is_withdrawn_now(each, reason, by)]
    keys = list(articles)
    done = withdraw_many(articles=keys, reason=reason, by=by, **said) if keys else []
    if not (waiting or taken or done):
        raise NotPublished("Nothing of this is published or scheduled, so there is nothing to withdraw.")
    return len(done), len(taken), len(waiting)


def _component(key: UUID) -> list[Offer | Disclaimer]:
    offers, disclaimers = (model.objects.filter(component_id=key) for model in (Offer, Disclaimer))
    return [*offers, *disclaimers]


def _is_withdrawn_now(component: Offer | Disclaimer, reason: str, by: User) -> bool:
    try:
        withdraw_component(component=component, reason=reason, by=by)
    except NotPublished:
        return False
    return True
