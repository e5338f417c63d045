"""Can the reviews that fall due be managed? What falls due in each week against what clinicians have managed.

A week is an ISO week (Monday to Sunday, UTC) in what is to come, and seven days ending today in what was managed. The
pace is the median of reviews a week, so that one busy week promises nothing; the mean where the median is nought.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import ceil
from statistics import mean, median

from articles.record.models import Publication, SignOff
from articles.record.vocabulary import SERVED, DocumentKind, Role, Scope
from articles.review.models import Assignment, Policy
from articles.review.policies.rules import is_of

WEEKS = 12
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Pace:
    """Whole reviews in each of the last weeks, the latest first; empty where nobody ever signed one."""

    name: str
    weeks: tuple[int, ...]

    @property
    def median(self) -> float:
        return float(median(self.weeks)) if self.weeks else 0.0

    @property
    def mean(self) -> float:
        return float(mean(self.weeks)) if self.weeks else 0.0

    @property
    def a_week(self) -> float:
        """What may be promised."""
        return self.median or self.mean


@dataclass(frozen=True)
class Week:
    """`due` falls due in the week; `backlog` is what is left of it, and of the weeks before, at its end."""

    begins: date
    due: int
    backlog: float

    @property
    def label(self) -> str:
        year, number, _ = self.begins.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def is_kept(self) -> bool:
        return self.backlog <= 0


@dataclass(frozen=True)
class Forecast:
    """`waiting`: articles that clinicians have still to sign now, apart from those whose review is due."""

    weeks: tuple[Week, ...]
    pace: Pace
    specialties: tuple[Pace, ...]
    waiting: int

    @property
    def first_missed(self) -> Week | None:
        return next((week for week in self.weeks if not week.is_kept), None)

    @property
    def sentence(self) -> str:
        """What follows, for whoever promises dates."""
        if not self.waiting and not any(week.due for week in self.weeks):
            return f"No review falls due in the next {WEEKS} weeks, and none waits."
        if not self.pace.a_week:
            return f"Nobody signed a whole review in the last {WEEKS} weeks, so no date can be promised."
        missed, pace = self.first_missed, f"{self.pace.a_week:.1f} reviews a week"
        if missed is None:
            return f"At the present pace of {pace} every review of the next {WEEKS} weeks can be kept."
        return (
            f"At the present pace of {pace} the reviews of week {missed.label}, from {missed.begins:%-d %B %Y} on, "
            f"cannot all be kept: {ceil(missed.backlog)} would be late."
        )


def forecast(now: datetime) -> Forecast:
    """The next 12 weeks as they look now. A fixed number of queries."""
    today = now.astimezone(UTC).date()
    due = dict(_due(today))
    waiting = _waiting(exclude=due.keys())
    pace = pace_of(Role.MEDICAL, now)
    return Forecast(tuple(_weeks(today, due.values(), waiting, pace.a_week)), pace, _by_specialty(now), waiting)


def pace_of(role: str, now: datetime, *, specialty: str = "", name: str = "") -> Pace:
    """Texts that people of the role signed whole, week by week: of articles that have a medical part, that part."""
    rows = _signed(role, now)
    return _pace(name or str(Role(role).label), [row for row in rows if not specialty or is_of(row[2], specialty)], now)


def expected_wait(role: str, now: datetime) -> timedelta | None:
    """How long a signature that is asked for now will take, behind all that wait; None where no pace is known."""
    pace = pace_of(role, now).a_week
    if not pace:
        return None
    ahead = Assignment.objects.filter(role=role, closed_at=None).count()
    return timedelta(days=ceil((ahead + 1) / pace * WEEK.days))


def in_words(role: str, now: datetime) -> str:
    """“At the present pace a review asked for today is signed about 3 December 2026.”"""
    wait = expected_wait(role, now)
    if wait is None:
        return "Nobody has signed such a review lately, so there is no telling when one asked for today is signed."
    return f"At the present pace a review asked for today is signed about {(now + wait).date():%-d %B %Y}."


def _due(today: date) -> Iterable[tuple[object, date]]:
    end = _monday(today) + WEEKS * WEEK
    rows = Publication.objects.filter(state__in=SERVED, next_review_on__lt=end)
    return [(article, day) for article, day in rows.values_list("article", "next_review_on") if day]


def _waiting(*, exclude: Iterable[object]) -> int:
    rows = Assignment.objects.filter(role=Role.MEDICAL, closed_at=None, subject_kind="article")
    return rows.exclude(subject__in=list(exclude)).count()


def _weeks(today: date, days: Iterable[date], waiting: int, pace: float) -> Iterable[Week]:
    """Overdue reviews are due in the first week; what waits already comes before them."""
    first = _monday(today)
    due, backlog = Counter(max(_monday(day), first) for day in days), float(waiting)
    for number in range(WEEKS):
        begins = first + number * WEEK
        backlog = max(0.0, backlog + due[begins] - pace)
        yield Week(begins, due[begins], backlog)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _signed(role: str, now: datetime) -> list[tuple[object, datetime, str]]:
    """(subject, when, the signer's specialty) of the last weeks."""
    rows = SignOff.objects.filter(role=role, scope=Scope.WHOLE, signed_at__gt=now - WEEKS * WEEK, signed_at__lte=now)
    if role == Role.MEDICAL:
        rows = rows.filter(part=DocumentKind.MEDICAL)
    return list(rows.values_list("subject", "signed_at", "specialty"))


def _pace(name: str, rows: list[tuple[object, datetime, str]], now: datetime) -> Pace:
    """A text signed by two people in a week is one review. Weeks before the first signature do not count."""
    done = {(subject, int((now - at) / WEEK)) for subject, at, _ in rows}
    weeks = Counter(week for _, week in done)
    length = max(weeks, default=-1) + 1
    return Pace(name, tuple(weeks[week] for week in range(length)))


def _by_specialty(now: datetime) -> tuple[Pace, ...]:
    """Of each specialty that a policy asks for."""
    named = {policy.strip() for policy in Policy.objects.exclude(specialty="").values_list("specialty", flat=True)}
    return tuple(pace_of(Role.MEDICAL, now, specialty=name, name=name) for name in sorted(filter(None, named)))
