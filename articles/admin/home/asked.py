"""Home, for who assigns reviews: signatures that are asked for, what nobody took first. A fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractUser as User
from django.db.models import F, QuerySet
from django.urls import reverse

from articles.admin.home.lists import ListPanel
from articles.authoring.permissions import MAY_ASSIGN
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.needs.table import name_of, open_rows, who_could_sign


@dataclass(frozen=True)
class Open:
    """A signature that is missing; `url` leads to who could give it, and `nobody` says that there is no one."""

    title: str
    url: str
    role: str
    since: datetime
    taker: str
    asked: str
    nobody: bool


class OpenSignatures(ListPanel):
    name = "open_signatures"
    heading = "Open signatures"
    rows_template = "admin/home/asked.html"
    permission = MAY_ASSIGN
    order = 105

    def found(self, user: User) -> QuerySet:
        rows = open_rows().select_related("taker__person", "asked__person")
        return rows.order_by(F("taker").asc(nulls_first=True), "asked_at", "pk")

    def lines(self, rows: list[OpenNeed], user: User) -> list[Open]:
        could = who_could_sign(rows)
        return [
            Open(
                title=row.title,
                url=reverse("articles_assign", args=[row.subject_kind, row.target]),
                role=str(Role(row.role).label).lower(),
                since=row.asked_at,
                taker=name_of(row.taker) if row.taker else "",
                asked=name_of(row.asked) if row.asked else "",
                nobody=not could[row.key],
            )
            for row in rows
        ]
