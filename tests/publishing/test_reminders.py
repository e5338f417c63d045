"""Reminders over a simulated year: each step once, to who can sign and the owner, whatever the job and the clock do.

They wait for the digest. Most tests store no request, as when that step failed: then everyone who can sign is reminded.
"""

import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from articles.authoring.people import Person
from articles.publishing.jobs import reminders
from articles.publishing.jobs.reminders import steps_until
from articles.publishing.reaffirm import reaffirm
from articles.record import events
from articles.record.models import Edition, Publication, SignOff
from articles.record.vocabulary import DeclineReason, PublicationState, Role
from articles.review.models import Decline, Mail, OpenNeed, Policy, Reminder
from articles.review.opening import load_current
from articles.review.signing import checklist
from cms.models import User
from tests.factories import PASSWORD, make_article, make_clinician, make_user, sign_and_publish
from tests.faults.processes import together

START = date(2027, 1, 1)
DUE = date(2027, 4, 20)
LATER_DUE = date(2027, 9, 1)


@pytest.fixture
def article(published):
    """One that readers get, with its review due on DUE; everybody around it has an address."""
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    set_due(published, DUE)
    Mail.objects.all().delete()
    return published


def set_due(page, day: date | None) -> None:
    Publication.objects.filter(article=page.article_id).update(next_review_on=day)


def run(day: date, hour: int = 6) -> None:
    reminders.remind(datetime.combine(day, time(hour), tzinfo=UTC))


def run_days(first: date, last: date) -> None:
    for number in range((last - first).days + 1):
        run(first + timedelta(days=number))


def mailed(due_on: date) -> list[int]:
    rows = Reminder.objects.filter(due_on=due_on, is_overtaken=False)
    return sorted(rows.values_list("step", flat=True))


def overtaken(due_on: date) -> list[int]:
    return sorted(Reminder.objects.filter(due_on=due_on, is_overtaken=True).values_list("step", flat=True))


def told(step: int, due_on: date = DUE) -> set[str]:
    """Addresses to which the step was written."""
    rows = Mail.objects.filter(kind__in=("due", "overdue"), key__contains=f":{due_on}:{step}:")
    return set(rows.values_list("address", flat=True))


def require_each_once() -> None:
    """Nobody has two letters of one step, and each step that was told of has letters."""
    told_steps = Counter(
        key.rsplit(":", 1)[0] for key in Mail.objects.filter(kind__in=("due", "overdue")).values_list("key", flat=True)
    )
    per_person = Counter(
        (row.kind, *row.key.split(":")[1:]) for row in Mail.objects.filter(kind__in=("due", "overdue"))
    )
    assert max(per_person.values()) == 1
    steps = Counter(key.split(":", 1)[1] for key in told_steps)
    assert max(steps.values()) == 1, "a step was told of as due and as overdue"
    marks = {f"{row.article}:{row.due_on}:{row.step}" for row in Reminder.objects.filter(is_overtaken=False)}
    assert set(steps) == marks


@pytest.mark.parametrize(
    ("passed", "steps"),
    [
        (-31, []),
        (-30, [-30]),
        (-8, [-30]),
        (-7, [-30, -7]),
        (0, [-30, -7, 0]),
        (6, [-30, -7, 0]),
        (7, [-30, -7, 0, 7]),
        (15, [-30, -7, 0, 7, 14]),
    ],
)
def test_the_steps_are_30_7_and_0_days_before_and_each_week_after(passed, steps):
    assert steps_until(DUE, DUE + timedelta(days=passed)) == steps


def test_a_year_of_runs_each_day_tells_of_each_step_on_its_day(article):
    run_days(START, START + timedelta(days=364))

    wanted = [-30, -7, *range(0, 256, 7)]
    assert mailed(DUE) == wanted
    assert overtaken(DUE) == []
    assert [(row.at.date() - DUE).days for row in Reminder.objects.order_by("at")] == wanted
    require_each_once()


def test_a_second_run_on_the_same_day_tells_nobody_again(article):
    run(DUE, hour=6)
    letters = Mail.objects.count()

    run(DUE, hour=6)
    run(DUE, hour=23)

    assert letters > 0
    assert Mail.objects.count() == letters


def test_after_missed_days_the_latest_step_is_told_of_and_the_earlier_are_overtaken(article):
    run(DUE - timedelta(days=20))
    run(DUE + timedelta(days=16))

    assert mailed(DUE) == [-30, 14]
    assert overtaken(DUE) == [-7, 0, 7]
    require_each_once()


def test_a_clock_set_back_tells_of_nothing_twice(article):
    run_days(DUE - timedelta(days=30), DUE + timedelta(days=8))
    letters = Mail.objects.count()

    run_days(DUE - timedelta(days=60), DUE + timedelta(days=8))

    assert Mail.objects.count() == letters
    assert mailed(DUE) == [-30, -7, 0, 7]


def test_a_clock_set_forward_by_months_tells_once_and_not_again_when_the_days_come(article):
    run(DUE - timedelta(days=10))
    run(DUE + timedelta(days=100))  # the clock is wrong for one run
    letters = Mail.objects.count()

    run_days(DUE - timedelta(days=9), DUE + timedelta(days=104))
    silent = Mail.objects.count()
    run(DUE + timedelta(days=105))

    assert silent == letters
    assert mailed(DUE) == [-30, 98, 105]
    require_each_once()


def test_a_reaffirmation_ends_the_steps_and_the_new_date_begins_its_own(article):
    run_days(START, DUE + timedelta(days=10))
    set_due(article, LATER_DUE)

    run_days(DUE + timedelta(days=11), LATER_DUE + timedelta(days=7))

    assert mailed(DUE) == [-30, -7, 0, 7]
    assert mailed(LATER_DUE) == [-30, -7, 0, 7]
    require_each_once()


@pytest.mark.parametrize("seed", range(6))
def test_a_year_of_missed_days_double_runs_and_a_jumping_clock_tells_of_each_step_once(article, seed):
    chance = random.Random(seed)
    seen: dict[date, date] = {}
    due = DUE
    for number in range(365):
        real = START + timedelta(days=number)
        if number == 200:
            due = LATER_DUE
            set_due(article, due)
        if chance.random() < 0.3:
            continue  # the machine was down
        shown = real + timedelta(days=chance.choice([0] * 8 + [-40, 40]))
        for _ in range(chance.choice([1, 1, 2, 3])):
            run(shown, hour=chance.randrange(24))
        seen[due] = max(seen.get(due, shown), shown)

    for due_on, last in seen.items():
        assert sorted([*mailed(due_on), *overtaken(due_on)]) == steps_until(due_on, last)
    require_each_once()


def test_the_owner_and_the_person_asked_are_told_later_the_pool_and_nobody_else(article, people):
    second = make_clinician("second", name="Dr Second")
    make_clinician("away", name="Dr Away", away_until=timezone.now().date() + timedelta(days=9))
    make_clinician("lapsed", name="Dr Lapsed", valid_until=date(2020, 1, 1))
    make_clinician("inactive", name="Dr Inactive")
    declined = make_clinician("declined", name="Dr Declined")
    lawyer = make_clinician("lawyer", name="A Lawyer", medical=False, legal=True)
    boss = make_user("boss", is_superuser=True, is_staff=True)
    for user in (declined, lawyer, boss, *User.objects.filter(username__in=["second", "away", "lapsed", "inactive"])):
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    User.objects.filter(username="inactive").update(is_active=False)
    Decline.objects.create(
        subject_kind="article",
        subject=article.article_id,
        user=declined,
        role=Role.MEDICAL,
        reason=DeclineReason.NO_TIME,
        at=timezone.now(),
    )

    row = asked(article, asked=second)
    run(DUE)
    OpenNeed.objects.filter(pk=row.pk).update(pool_told_at=timezone.now())
    run(DUE + timedelta(days=7))
    OpenNeed.objects.filter(pk=row.pk).update(taker=people.reviewer)
    run(DUE + timedelta(days=14))

    assert told(0) == {"second@example.org", "author@example.org"}
    assert told(7) == {"reviewer@example.org", "second@example.org", "author@example.org"}
    assert told(14) == {"reviewer@example.org", "author@example.org"}, "it is assigned"


@pytest.fixture
def with_lawyers(article, people):
    """The policy asks for a lawyer and a merchant too; one clinician is also a lawyer."""
    Policy.objects.filter(kind="medical").update(legal=1, commercial=1)
    make_clinician("lawyer", name="A Lawyer", medical=False, legal=True)
    make_clinician("merchant", name="A Merchant", medical=False, commercial=True)
    make_clinician("both", name="Dr Both", legal=True)
    make_clinician("stranger", name="A Stranger", medical=False)
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    return article


def test_every_role_that_is_missing_is_reminded_once_for_each_step(with_lawyers):
    run_days(DUE - timedelta(days=31), DUE)
    run(DUE)

    everybody = {f"{name}@example.org" for name in ("reviewer", "lawyer", "merchant", "both", "author")}
    assert told(-30) == {"author@example.org"}, "the signatures are requested the day after"
    assert told(-7) == told(0) == everybody
    assert Mail.objects.count() == 1 + 2 * len(everybody)


def test_who_has_signed_again_is_reminded_of_no_more(with_lawyers):
    review = load_current(with_lawyers)
    lawyer = User.objects.get(username="lawyer")
    reaffirm(
        page=with_lawyers,
        user=lawyer,
        role=Role.LEGAL,
        shown=review.shown(["medical"]),
        password=PASSWORD,
        given=checklist.confirmed(),
    )
    Mail.objects.all().delete()

    run(DUE)

    assert told(0) == {f"{name}@example.org" for name in ("reviewer", "merchant", "both", "author")}


def test_the_editors_are_reminded_where_their_own_signature_was_voided(article, people):
    for row in SignOff.objects.filter(role=Role.EDITOR):
        data = {"signoff": row.pk, "reason": "The password was stolen."}
        events.append("voided", subject_kind="article", subject=article.article_id, actor={}, data=data)

    run(DUE)

    assert "editor@example.org" in told(0)


def test_an_owner_who_is_in_the_pool_gets_one_letter(article, people):
    article.owner = people.reviewer
    article.save(update_fields=["owner"])

    run(DUE)

    assert Mail.objects.filter(user=people.reviewer).count() == 1


def test_before_the_day_it_is_due_and_after_it_overdue(article):
    for passed in (-30, 0, 7):
        run(DUE + timedelta(days=passed))

    kinds = {row.key.split(":")[3]: row.kind for row in Mail.objects.all()}

    assert kinds == {"-30": "due", "0": "due", "7": "overdue"}


def test_a_letter_leads_to_the_page_to_review_again_and_names_the_day(article):
    run(DUE)

    row = Mail.objects.get(address="reviewer@example.org")

    assert f"http://admin.testserver/admin/articles/{article.pk}/reaffirm/" in row.link
    assert "20 April 2027" in row.title


@pytest.mark.parametrize("state", [PublicationState.PUBLISHED, PublicationState.WITHHELD])
def test_what_is_withheld_for_its_review_is_still_reminded_of(article, state):
    Publication.objects.filter(article=article.article_id).update(state=state)

    run(DUE)

    assert told(0)


def test_what_was_withdrawn_is_reminded_of_no_more(article):
    Publication.objects.filter(article=article.article_id).update(state=PublicationState.WITHDRAWN)

    run(DUE)

    assert not Reminder.objects.exists()


def test_without_a_date_nothing_is_asked(article):
    set_due(article, None)

    run(DUE)

    assert not Reminder.objects.exists()


def test_an_article_whose_draft_cannot_be_read_is_reminded_of_too(article, people, monkeypatch):
    """What is due is the edition that readers get; nobody needs the draft for that."""
    other = make_article(by=people.author)
    sign_and_publish(other, by=people.author, editor=people.editor, reviewer=people.reviewer)
    set_due(other, DUE)
    revision = article.latest_revision
    type(revision).objects.filter(pk=revision.pk).update(
        content=revision.content | {"body": '[{"type": "hologram", "id": "1", "value": {}}]'}
    )

    told_of = reminders.remind(datetime.combine(DUE, time(6), tzinfo=UTC))

    assert [item.subject for item in told_of if item.failure] == []
    assert set(Reminder.objects.values_list("article", flat=True)) == {article.article_id, other.article_id}


def test_two_runs_at_once_tell_of_each_step_once(world):
    author = make_user("author", "Authors", email="author@example.org")
    editor, reviewer = make_user("editor", "Editors"), make_clinician()
    pages = [make_article(by=author) for _ in range(3)]
    for page in pages:
        sign_and_publish(page, by=author, editor=editor, reviewer=reviewer)
        set_due(page, DUE)
    User.objects.filter(pk=reviewer.pk).update(email="reviewer@example.org")
    Mail.objects.all().delete()

    said = together(*[lambda: run(DUE)] * 3)

    assert said == ["done"] * 3
    assert Reminder.objects.filter(is_overtaken=False).count() == 3
    assert Reminder.objects.count() == 9
    assert Mail.objects.count() == 6


def lead() -> User:
    return make_user("lead", "Medical leads", email="lead@example.org")


def asked(page, **fields) -> OpenNeed:
    OpenNeed.objects.filter(subject=page.article_id).delete()
    given = {"subject_kind": "article", "subject": page.article_id, "role": Role.MEDICAL, "is_edition": True}
    given["escalate_days"] = Policy.objects.get(kind="medical", is_default=True).escalate_days
    return OpenNeed.objects.create(**(given | {"asked_at": timezone.now()} | fields))


def test_what_nobody_took_is_escalated_to_the_leads_once(article):
    lead()
    asked(article)
    patience = timedelta(days=Policy.objects.get(kind="medical", is_default=True).escalate_days)
    now = timezone.now()

    early = reminders.escalate(now + patience - timedelta(minutes=1))
    reminders.escalate(now + patience + timedelta(minutes=1))
    reminders.escalate(now + patience + timedelta(days=1))

    assert early == []
    assert list(Mail.objects.filter(kind="escalated").values_list("address", flat=True)) == ["lead@example.org"]


@pytest.mark.parametrize("fields", [{"closed_at": timezone.now()}, {"taker": True}])
def test_what_was_taken_or_is_settled_is_not_escalated(article, people, fields):
    lead()
    asked(article, **(fields | ({"taker": people.reviewer} if "taker" in fields else {})))

    reminders.escalate(timezone.now() + timedelta(days=30))

    assert not Mail.objects.filter(kind="escalated").exists()


@pytest.fixture
def emergency(article):
    """An edition that stands on one clinician's signature alone, written as the ledger writes it."""
    lead()
    edition = Edition.objects.get(subject=article.article_id)
    made = Edition(
        subject_kind="article",
        subject=article.article_id,
        number=2,
        digests=edition.digests,
        signoffs=edition.signoffs,
        change_kind="material",
        change_note="A dose was wrong.",
        review=edition.review | {"emergency": {"reason": "A dose was ten times too high."}},
        published_at=timezone.now(),
    )
    events.insert(made, "published", actor={}, data={"edition": 2}, at=made.published_at)
    Mail.objects.filter(kind="published").delete()
    return made


def hours_told() -> list[int]:
    return sorted(
        {int(key.split(":")[2]) for key in Mail.objects.filter(kind="emergency").values_list("key", flat=True)}
    )


def test_an_emergency_is_told_at_once_and_after_12_24_and_48_hours_to_leads_and_editors(emergency):
    for hour in range(0, 100, 3):
        for _ in range(2):
            reminders.escalate_emergencies(emergency.published_at + timedelta(hours=hour))

    assert hours_told() == [0, 12, 24, 48]
    to = Counter(Mail.objects.filter(kind="emergency").values_list("address", flat=True))
    assert to == {"lead@example.org": 4, "editor@example.org": 4}


def test_of_missed_hours_the_latest_is_told_of_and_a_clock_set_back_tells_no_earlier_one(emergency):
    reminders.escalate_emergencies(emergency.published_at + timedelta(hours=30))
    reminders.escalate_emergencies(emergency.published_at + timedelta(hours=13))

    assert hours_told() == [0, 24]


def test_an_emergency_that_was_resolved_is_told_of_no_more(emergency):
    data = {"edition": 2, "digests": emergency.digests, "signoffs": emergency.signoffs, "review": emergency.review}
    events.append("reaffirmed", subject_kind="article", subject=emergency.subject, actor={}, data=data)

    reminders.escalate_emergencies(emergency.published_at + timedelta(hours=49))

    assert hours_told() == [0]


def test_a_person_without_a_login_is_no_reader_of_mail(article):
    Person.objects.create(name="Dr Paper", medical=True)

    run(DUE)

    assert told(0) == {"reviewer@example.org", "author@example.org"}
