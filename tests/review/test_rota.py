"""The rota: a request goes to one person first, and to everyone who can sign after three working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone

from articles.authoring.people import Person
from articles.publishing.jobs import reminders
from articles.record.models import Publication
from articles.record.vocabulary import DeclineReason, LetterTopic, Role
from articles.review.models import LetterChoice, Mail, OpenNeed, Policy
from articles.review.needs import keeping, rota, table, taking
from articles.review.responses import change_requests, declines
from articles.review.submit import submit
from cms.models import User
from tests.factories import (
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_user,
    note_needs,
    sign_as,
    take,
    today,
)
from tests.faults.processes import together


@pytest.fixture(autouse=True)
def pool(request):
    """Three clinicians, an editor, a lead."""
    if "world" in request.fixturenames:
        return
    request.getfixturevalue("people")
    make_clinician("second", name="Dr Second")
    make_clinician("third", name="Dr Third")
    make_user("lead", "Medical leads")
    User.objects.update(email=Concat(F("username"), Value("@example.org")))


@pytest.fixture
def page(people):
    page = make_article(by=User.objects.get(username="author"))
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return page


def user(name: str) -> User:
    return User.objects.get(username=name)


def text():
    made = make_disclaimer(by=user("author"))
    note_needs(made)
    return made


def row(target) -> OpenNeed:
    key = getattr(target, "article_id", None) or target.component_id
    return table.open_of(key).exclude(role=Role.EDITOR).get()


def asked(target) -> str:
    return row(target).asked.username


def told(target) -> list[str]:
    """Who has a letter about the request, in the order of writing."""
    return list(Mail.objects.filter(kind="submitted", need=row(target)).values_list("user__username", flat=True))


def is_away(name: str, until: date | None = None) -> None:
    Person.objects.filter(user__username=name).update(away_until=until or today())
    keeping.tell_of_people()


# One person


def test_a_request_goes_to_one_person_and_the_next_one_to_the_next(people):
    texts = [text() for _ in range(4)]

    assert [told(each) for each in texts] == [["reviewer"], ["second"], ["third"], ["reviewer"]]


def test_the_person_with_the_fewest_open_requests_is_asked(people):
    texts = [text() for _ in range(3)]
    sign_as(texts[1], user("second"), Role.MEDICAL)

    assert asked(text()) == "second"


def test_who_took_a_request_of_another_person_has_it_on_their_account(people):
    texts = [text() for _ in range(3)]
    take(texts[0], Role.MEDICAL, user("second"))

    assert asked(text()) == "reviewer", "second has two, and reviewer none"


def test_editors_are_asked_by_the_same_rule(people):
    make_user("second-editor", "Editors", email="second-editor@example.org")
    for _ in range(2):
        submit(page=make_article(by=user("author")), by=people.author)

    people_asked = OpenNeed.objects.filter(role=Role.EDITOR).values_list("asked__username", flat=True)
    assert sorted(people_asked) == ["editor", "second-editor"]


def test_who_requested_changes_is_asked_again_when_the_text_returns(people, page):
    text(), text()
    change_requests.ask(target=page, by=user("third"), reason="Say how sure we are.")
    edit(page, by=people.author, summary="Something else helps.")
    page = type(page).objects.get(pk=page.pk)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    assert asked(page) == "third"


@pytest.mark.parametrize("change", ["no address", "unsubscribed"])
def test_people_whom_no_letter_reaches_are_asked_last(people, change):
    if change == "no address":
        User.objects.filter(username="reviewer").update(email="")
    else:
        LetterChoice.objects.create(user=user("reviewer"), unwanted=[LetterTopic.REQUESTS])

    assert {asked(text()) for _ in range(4)} == {"second", "third"}


def test_if_no_letter_reaches_anyone_one_person_is_asked_all_the_same(people):
    for clinician in ("reviewer", "second", "third"):
        LetterChoice.objects.create(user=user(clinician), unwanted=[LetterTopic.REQUESTS])

    assert asked(text()) == "reviewer"


def test_saving_again_asks_nobody_else(people):
    made = text()

    note_needs(made)
    keeping.write_all()

    assert told(made) == ["reviewer"]


def test_a_request_that_is_opened_twice_at_once_asks_one_person_once(world):
    make_user("author", "Authors")
    for number in range(3):
        make_clinician(f"c{number}", name=f"Dr {number}")
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    made = make_disclaimer(by=user("author"))

    assert together(*[lambda: note_needs(made)] * 3) == ["done"] * 3
    assert told(made) == ["c0"]


# The next


def test_the_next_is_asked_when_the_person_goes_away(people):
    made = text()

    is_away("reviewer")

    assert (asked(made), told(made)) == ("second", ["reviewer", "second"])


def test_the_next_is_asked_when_the_person_declines(people):
    made = text()

    declines.decline(target=made, by=user("reviewer"), role=Role.MEDICAL, reason=DeclineReason.NO_TIME)

    assert told(made) == ["reviewer", "second"]


def test_the_next_is_asked_when_the_person_contributes(people, page):
    assert asked(page) == "reviewer"

    edit(page, by=user("reviewer"), summary="I know better what helps.")
    note_needs(page)

    assert asked(page) == "second"


def test_two_signatures_are_requested_one_after_the_other(people, page):
    Policy.objects.filter(kind="medical").update(medical=2)
    note_needs(page)

    sign_as(page, user("reviewer"), Role.MEDICAL, "medical")

    assert told(page) == ["reviewer", "second"]


def test_who_was_away_and_is_asked_again_gets_another_letter(people):
    made = text()
    is_away("reviewer")
    Person.objects.update(away_until=None)
    is_away("second")

    assert told(made) == ["reviewer", "second", "reviewer"]


# The assignee


def test_who_is_assigned_by_a_lead_gets_the_request(people):
    made = text()

    taking.assign(kind="disclaimer", target=made.pk, role=Role.MEDICAL, to=user("third"), by=user("lead"))

    assert (asked(made), told(made)) == ("third", ["reviewer", "third"])


def test_a_lead_who_assigns_a_review_to_themselves_gets_no_letter_about_that(people):
    made, lead = text(), user("lead")
    lead.groups.add(*user("third").groups.all())
    Person.objects.filter(user__username="third").update(user=lead)

    taking.assign(kind="disclaimer", target=made.pk, role=Role.MEDICAL, to=lead, by=lead)

    assert (asked(made), told(made)) == ("lead", ["reviewer"])


def test_who_takes_a_review_gets_no_letter_about_that(people):
    made = text()

    take(made, Role.MEDICAL, user("third"))

    assert told(made) == ["reviewer"]


# The pool


@pytest.mark.parametrize(
    ("asked_at", "hears_at"),
    [
        ("2026-11-30 10:00", "2026-12-03 10:00"),  # Monday, Thursday
        ("2026-12-02 10:00", "2026-12-07 10:00"),  # Wednesday, Monday
        ("2026-12-04 17:00", "2026-12-09 17:00"),  # Friday, Wednesday
        ("2026-12-05 08:00", "2026-12-09 08:00"),  # Saturday, Wednesday
        ("2026-12-06 08:00", "2026-12-09 08:00"),  # Sunday, Wednesday
    ],
)
def test_the_pool_hears_after_three_working_days(asked_at, hears_at):
    moments = [datetime.fromisoformat(at).replace(tzinfo=UTC) for at in (asked_at, hears_at)]

    assert rota.pool_hears_at(moments[0]) == moments[1]


def test_working_days_are_those_of_the_sites_time_zone(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    friday_evening = datetime(2026, 12, 4, 20, tzinfo=UTC)  # Saturday morning in Auckland

    assert rota.pool_hears_at(friday_evening) == datetime(2026, 12, 8, 20, tzinfo=UTC)


def later(made) -> datetime:
    return rota.pool_hears_at(row(made).asked_at)


def test_everyone_else_who_can_sign_hears_once(people):
    made = text()

    early = reminders.tell_pools(later(made) - timedelta(minutes=1))
    reminders.tell_pools(later(made))
    reminders.tell_pools(later(made) + timedelta(days=1))

    assert early == []
    assert told(made) == ["reviewer", "second", "third"]


def test_two_runs_at_once_tell_the_pool_once(world):
    make_user("author", "Authors")
    for number in range(3):
        make_clinician(f"c{number}", name=f"Dr {number}")
    User.objects.update(email=Concat(F("username"), Value("@example.org")))
    made = text()
    at = later(made)

    assert together(*[lambda: reminders.tell_pools(at)] * 3) == ["done"] * 3
    assert len(told(made)) == 3


def test_of_what_somebody_took_the_pool_does_not_hear(people):
    made = text()
    take(made, Role.MEDICAL, user("second"))

    assert reminders.tell_pools(later(made)) == []


def test_where_nobody_else_can_sign_the_pool_hears_once_somebody_can(people):
    made = text()
    at = later(made)
    for name in ("second", "third"):
        is_away(name)
    alone = reminders.tell_pools(at)
    Person.objects.update(away_until=None)

    reminders.tell_pools(at)

    assert alone == []
    assert told(made) == ["reviewer", "second", "third"]


# Reviews that fall due


@pytest.fixture
def due(people, published):
    """Announced 29 days before it falls due."""
    Publication.objects.update(next_review_on=today() + timedelta(days=29))
    keeping.write_all()
    return published


def reminded() -> list[str]:
    rows = Mail.objects.filter(kind__in=("due", "overdue")).order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


def test_a_due_review_reminds_the_person_asked_and_the_owner(people, due):
    reminders.remind(timezone.now())

    assert asked(due) == "second"
    assert reminded() == ["author", "second"]
    assert told(due) == ["second"]


def test_a_review_is_requested_the_day_after_its_owner_was_reminded_for_the_first_time(people, published):
    Publication.objects.update(next_review_on=today() + timedelta(days=30))
    keeping.write_all()
    reminders.remind(timezone.now())
    first = (reminded(), table.open_rows().count())

    Publication.objects.update(next_review_on=today() + timedelta(days=29))
    keeping.write_all()

    assert first == (["author"], 0)
    assert told(published) == ["second"]


def test_a_due_review_reminds_the_assignee_in_place_of_the_person_asked(people, due):
    take(due, Role.MEDICAL, user("third"))

    reminders.remind(timezone.now())

    assert reminded() == ["author", "third"]


def test_the_pool_hears_three_working_days_after_the_day_on_which_the_review_falls_due(people, due):
    due_on = datetime.combine(Publication.objects.get(article=due.article_id).next_review_on, datetime.min.time(), UTC)

    early = reminders.tell_pools(rota.pool_hears_at(due_on) - timedelta(minutes=1))
    reminders.tell_pools(rota.pool_hears_at(due_on))
    reminders.remind(due_on + timedelta(days=7))

    assert early == []
    assert told(due) == ["second", "reviewer", "third"]
    assert reminded() == ["author", "reviewer", "second", "third"]


def test_what_was_voided_or_is_due_today_reaches_the_pool_after_three_working_days(people, due):
    Publication.objects.update(next_review_on=today())

    reminders.tell_pools(rota.pool_hears_at(row(due).asked_at))

    assert told(due) == ["second", "reviewer", "third"]
