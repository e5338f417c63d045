"""Home: what waits for my signature, the longest waiting first. A fixed number of queries, however much waits."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from articles.admin.home.candidates import Candidate, candidates
from articles.admin.home.lists import ListPanel
from articles.admin.home.reading_time import minutes_of
from articles.admin.home.signers import keep_fitting, keep_mine, rules_for
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.needs.pool import name_of


@dataclass(frozen=True)
class Waiting:
    """A line of the list. `role` is the one to take it in; `taker` is empty where nobody took it."""

    title: str
    url: str
    take_url: str
    role: str
    roles: str
    minutes: int
    policy: str
    since: datetime
    taker: str
    is_mine: bool


class WaitingForMe(ListPanel):
    name = "waiting_for_me"
    heading = "Waiting for my signature"
    rows_template = "admin/home/waiting.html"
    quiet = "Nothing waits for your signature."
    rest = "which began to wait later"
    order = 100

    def may_see(self, user: User) -> bool:
        return bool(roles.roles_of(user, on=timezone.now().date()))

    def found(self, user: User) -> list[Candidate]:
        return waiting_for(user, roles.roles_of(user, on=timezone.now().date()))

    def lines(self, rows: list[Candidate], user: User) -> list[Waiting]:
        return lines_of(rows, user)


def waiting_for(user: User, held: set[str]) -> list[Candidate]:
    """Articles and components that this person can sign in a role of `held`."""
    found = keep_mine(candidates(held), user, held)
    found = keep_fitting(found, rules_for(found), roles.person_of(user))
    return sorted(found, key=lambda row: (row.since, row.title))


def lines_of(found: list[Candidate], user: User) -> list[Waiting]:
    texts = Revision.objects.in_bulk([row.revision for row in found])
    contents = [texts[row.revision].content if row.revision in texts else {} for row in found]
    return [_line(row, minutes_of(content), user) for row, content in zip(found, contents, strict=True)]


def _line(row: Candidate, minutes: int, user: User) -> Waiting:
    takers = [each.taker for role in row.mine if (each := row.rows.get(role)) and each.taker]
    return Waiting(
        title=row.title,
        url=_url(row),
        take_url=reverse("articles_take", args=[row.kind, row.pk]),
        role=row.mine[0],
        roles=", ".join(str(Role(role).label).lower() for role in row.mine),
        minutes=minutes,
        policy=", ".join(row.policies),
        since=row.since,
        taker=name_of(takers[0]) if takers else "",
        is_mine=any(taker.pk == user.pk for taker in takers),
    )


def _url(row: Candidate) -> str:
    """Where the missing signature is given."""
    if row.is_article and row.is_edition:
        return reverse("articles_reaffirm", args=[row.pk])
    return reverse("articles_sign_off", args=[row.kind, row.pk])
