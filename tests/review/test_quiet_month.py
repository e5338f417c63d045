"""A month with 45 reviews a week and 25 clinicians: one letter a day at most, one person asked first, none forgotten.

The days are played with the real services and the real daily run. Who does what is decided by a seeded chance; the
machine is down on some days, and the daily run comes twice on others.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.utils import timezone

from articles.authoring.components import Disclaimer
from articles.authoring.people import Person
from articles.publishing.jobs import daily
from articles.record.vocabulary import DeclineReason, Role
from articles.review.mail import digests, outbox
from articles.review.models import Mail, OpenNeed
from articles.review.needs import keeping, rota, table
from articles.review.responses import declines
from cms.models import User
from tests.factories import make_clinician, make_disclaimer, make_user, note_needs, sign_as, take
from tests.tasks import run_all

CLINICIANS, A_DAY, DAYS = 25, 9, 30
AFTERWARDS = 12  # days on which nothing new comes, so that everything is signed in the end
DOWN = {8, 9, 16}  # days without a daily run
TWICE = {3, 10, 17, 22}  # days with a second run in the afternoon
NEVER_READS = "clinician-7"


class Month:
    """A clock, people and texts."""

    def __init__(self, monkeypatch) -> None:
        self.chance = random.Random(45)
        tomorrow = timezone.now().date() + timedelta(days=1)
        self.first = tomorrow + timedelta(days=-tomorrow.weekday() % 7)
        self.set_clock(0, 6)
        monkeypatch.setattr(timezone, "now", lambda: self.now)
        self.author = make_user("author", "Authors", email="author@example.org")
        make_user("lead", "Medical leads", email="lead@example.org")
        for number in range(CLINICIANS):
            make_clinician(f"clinician-{number}", name=f"Dr {number}")
            User.objects.filter(username=f"clinician-{number}").update(email=f"clinician-{number}@example.org")
        self.texts: dict[UUID, Disclaimer] = {}
        self.sent: Counter[tuple[str, date, bool]] = Counter()

    def set_clock(self, day: int, hour: int) -> None:
        self.now = datetime.combine(self.first + timedelta(days=day), time(hour), tzinfo=UTC)

    def play(self) -> None:
        for day in range(DAYS + AFTERWARDS):
            for hour, act in ((6, self.run_daily), (9, self.work), (13, self.sign), (17, self.run_daily_again)):
                self.set_clock(day, hour)
                act(day)

    def run_daily(self, day: int) -> None:
        if day not in DOWN:
            asked = set(table.open_rows().filter(taker=None).values_list("pk", flat=True))
            done = daily.run(now=self.now, anchor=None)
            assert not [step for step in done if step.is_failed]
            self.send()
            assert asked <= set(items().values_list("need", flat=True)), "a request was forgotten"

    def run_daily_again(self, day: int) -> None:
        if day in TWICE:
            daily.run(now=self.now, anchor=None)
        self.send()

    def send(self) -> None:
        run_all()
        for letter in mail.outbox:
            row = Mail.objects.get(sent_at=self.now, title=letter.subject, address=letter.to[0])
            self.sent[letter.to[0], self.now.date(), row.kind == digests.DIGEST] += 1
        mail.outbox.clear()

    def work(self, day: int) -> None:
        """On a working day nine texts are submitted, people go away, decline and take texts; something is urgent."""
        if day >= DAYS or (self.first + timedelta(days=day)).weekday() >= rota.SATURDAY:
            return
        for _ in range(A_DAY):
            text = make_disclaimer(by=self.author)
            note_needs(text)
            self.texts[text.component_id] = text
        rows = list(table.open_rows().filter(taker=None).select_related("asked"))
        one, other, third = self.chance.sample(rows, 3)
        Person.objects.filter(user=one.asked).update(away_until=self.now.date() + timedelta(days=2))
        keeping.tell_of_people()
        text = self.texts[other.subject]
        declines.decline(target=text, by=one_who_could(other), role=Role.MEDICAL, reason=DeclineReason.NO_TIME)
        take(self.texts[third.subject], Role.MEDICAL, one_who_could(third))
        lead = User.objects.get(username="lead")
        said = {"name": "A text", "reason": "Another one has this address.", "link": "http://testserver/"}
        outbox.post(kind="refused", about=f"day-{day}", to=[lead], context=said)

    def sign(self, day: int) -> None:
        """Most people sign most of what was requested of them, and one never reads; later anyone in the pool signs."""
        rows = list(table.open_rows().select_related("asked", "taker"))
        could = table.who_could_sign(rows)
        for row in rows:
            people = [user for user in rota.addressees(row, could[row.key]) if user.username != NEVER_READS]
            if people and self.chance.random() < 0.6:
                sign_as(self.texts[row.subject], self.chance.choice(people), Role.MEDICAL)


def one_who_could(row: OpenNeed) -> User:
    row.refresh_from_db()
    return table.who_could_sign([row])[row.key][0]


def items():
    """The requests that reached somebody."""
    return Mail.objects.filter(kind="submitted").exclude(digest=None)


@pytest.fixture
def month(db, monkeypatch):
    month = Month(monkeypatch)
    month.play()
    return month


def test_a_month_of_reviews_is_quiet_reaches_one_person_first_and_forgets_nothing(month):
    assert len(month.texts) == A_DAY * 22

    assert max(count for (_, _, is_digest), count in month.sent.items() if is_digest) == 1
    assert {address for address, _, is_digest in month.sent if not is_digest} == {"lead@example.org"}
    assert len({address for address, _, is_digest in month.sent if is_digest}) == CLINICIANS + 2

    needs = list(OpenNeed.objects.all())
    assert len(needs) == len(month.texts) and all(need.closed_at for need in needs), "everything is signed"
    assert any(need.pool_told_at for need in needs)
    for need in needs:
        told = list(items().filter(need=need).select_related("digest").order_by("digest__made_at"))
        assert [row.digest.made_at for row in told].count(told[0].digest.made_at if told else None) <= 1
        if need.pool_told_at:
            assert need.pool_told_at >= rota.pool_hears_at(need.asked_at)
    waits = digests.waiting().filter(made_at__lt=month.now - timedelta(days=1))
    assert not waits.exists(), "what is over says so, and all else was sent"
