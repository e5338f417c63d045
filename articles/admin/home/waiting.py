"""Home: my review queue, the longest waiting first. A fixed number of queries, however much waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone

from articles.admin.home.lists import ListPanel
from articles.admin.names import signing_url
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.models import OpenNeed
from articles.review.needs.table import asked_of, name_of


@dataclass(frozen=True)
class Waiting:
    """A line of the list. `role` is the one to take it in; `taker` is empty where nobody took it, and
    `asked` is whom the rota asked."""

    title: str
    url: str
    take_url: str
    role: str
    roles: str
    minutes: int
    policy: str
    since: datetime
    taker: str
    asked: str
    is_mine: bool


class WaitingForMe(ListPanel):
    name = "waiting_for_me"
    heading = "My review queue"
    rows_template = "admin/home/waiting.html"
    quiet = "Your review queue is empty."
    rest = "requested later"
    order = 100

    def may_see(self, user: User) -> bool:
        return bool(roles.roles_of(user, on=timezone.now().date()))

    def note(self, user: User) -> str:
        person = roles.person_of(user)
        until = person.away_until if person else None
        if until is None or until < timezone.now().date():
            return ""
        return f"You are away until {until:%-d %B %Y}, as set in your account: nobody asks you for signatures."

    def found(self, user: User) -> list[Waiting]:
        return waiting_for(user)

    def lines(self, rows: list[Waiting], user: User) -> list[Waiting]:
        return rows


def waiting_for(user: User) -> list[Waiting]:
    """Texts that this person can sign, a line for each, with all the roles in which they can."""
    mine: dict[object, list[OpenNeed]] = {}
    for row in asked_of(user):
        mine.setdefault(row.subject, []).append(row)
    return sorted((_line(group, user) for group in mine.values()), key=lambda line: (line.since, line.title))


def _line(rows: Sequence[OpenNeed], user: User) -> Waiting:
    first, *_ = rows = sorted(rows, key=lambda row: Role.values.index(row.role))
    takers = [row.taker for row in rows if row.taker]
    return Waiting(
        title=first.title,
        url=signing_url(first),
        take_url=reverse("articles_take", args=[first.subject_kind, first.target]),
        role=first.role,
        roles=", ".join(str(Role(row.role).label).lower() for row in rows),
        minutes=first.minutes,
        policy=", ".join(first.policies),
        since=min(row.asked_at for row in rows),
        taker=name_of(takers[0]) if takers else "",
        asked=", ".join(dict.fromkeys("you" if row.asked == user else name_of(row.asked) for row in rows if row.asked)),
        is_mine=any(taker.pk == user.pk for taker in takers),
    )
