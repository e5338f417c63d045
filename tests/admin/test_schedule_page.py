"""Publish later and Withdraw later: who may, what the pages say, and what Wagtail's own scheduling does not do."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from articles.authoring.models import ArticlePage
from articles.publishing.jobs.due import publish_due
from articles.publishing.models import Schedule
from articles.record.models import Edition, Publication
from articles.record.vocabulary import Role
from articles.review.opening import load
from tests.admin.conftest import sign_off_page, signing
from tests.factories import edit, make_article, make_user, sign_as
from tests.schedules import make_due

MOMENT = {"day": "2027-12-03", "at": "09:00", "zone": "Europe/Berlin"}
WORDS = "3 December 2027, 09:00 (Europe/Berlin)"


def later_url(page, verb: str = "publish") -> str:
    return reverse(f"articles_{verb}_later", args=[page.pk])


def edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def again(page) -> ArticlePage:
    return ArticlePage.objects.get(pk=page.pk)


@pytest.fixture
def scheduled(login, people, submitted):
    login(people.editor).post(later_url(submitted), MOMENT)
    return Schedule.objects.get()


def test_an_editor_schedules_in_their_own_words(login, people, submitted):
    answer = login(people.editor).post(later_url(submitted), MOMENT, follow=True)

    schedule = Schedule.objects.get()
    assert schedule.instant == datetime(2027, 12, 3, 8, tzinfo=UTC)
    assert schedule.digests == load(submitted).digests
    assert f"will be published on {WORDS}" in answer.content.decode()


def test_the_page_begins_with_the_zone_of_the_person(login, people, submitted):
    UserProfile.objects.create(user=people.editor, current_time_zone="Asia/Tokyo")

    html = login(people.editor).get(later_url(submitted)).content.decode()

    assert '<option value="Asia/Tokyo" selected>' in html


@pytest.mark.parametrize("user", ["author", "reviewer", "lead"])
@pytest.mark.parametrize("verb", ["publish", "withdraw"])
def test_nobody_but_editors_may_schedule(login, people, submitted, user, verb):
    people.lead = make_user("lead", "Medical leads")

    answer = login(getattr(people, user)).post(later_url(submitted, verb), MOMENT | {"reason": "other"})

    assert answer.status_code == 302
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    "form, said",
    [
        ({}, "required"),
        (MOMENT | {"day": "2020-01-01"}, "This time has passed"),
        (MOMENT | {"day": "2090-01-01"}, "more than two years ahead"),
        (MOMENT | {"zone": "Europe/Atlantis"}, "Select a valid choice"),
        (MOMENT | {"day": "2028-03-26", "at": "02:30"}, "skip 02:30 on 26 March 2028"),
    ],
)
def test_a_moment_that_is_not_possible_is_refused_in_words(login, people, submitted, form, said):
    answer = login(people.editor).post(later_url(submitted), form)

    assert said in answer.content.decode()
    assert not Schedule.objects.exists()


def test_what_is_scheduled_already_stands_there_and_can_be_cancelled(login, people, submitted, scheduled):
    client = login(people.editor)
    html = client.get(later_url(submitted)).content.decode()
    address = reverse("articles_schedule_cancel", args=[submitted.pk, scheduled.pk])
    assert f"Publish on {WORDS}" in html
    assert address in html

    answer = client.post(address, follow=True)

    assert f"nothing will happen on {WORDS}" in answer.content.decode()
    assert Schedule.objects.get().state == "cancelled"


def test_nobody_but_editors_may_cancel(login, people, submitted, scheduled):
    login(people.author).post(reverse("articles_schedule_cancel", args=[submitted.pk, scheduled.pk]))

    assert Schedule.objects.get().state == "waiting"


def test_a_schedule_is_cancelled_by_a_form_only_and_under_its_own_article(login, people, submitted, scheduled):
    client, other = login(people.editor), make_article(by=people.author)

    followed = client.get(reverse("articles_schedule_cancel", args=[submitted.pk, scheduled.pk]))
    strange = client.post(reverse("articles_schedule_cancel", args=[other.pk, scheduled.pk]))

    assert (followed.status_code, strange.status_code) == (405, 404)
    assert Schedule.objects.get().state == "waiting"


def test_the_last_signature_says_when_it_will_be_published(login, people, submitted, scheduled):
    sign_as(submitted, people.editor, Role.EDITOR)

    answer = login(people.reviewer).post(
        sign_off_page(submitted), signing(load(submitted), Role.MEDICAL, "medical"), follow=True
    )

    assert f"Signed. This text will be published on {WORDS}." in answer.content.decode()
    assert not Publication.objects.exists()


def panel(client, page) -> str:
    return client.get(reverse("articles_panel", args=[page.pk])).content.decode()


def test_the_sign_off_page_and_the_panel_say_what_is_scheduled(login, people, submitted, scheduled):
    client = login(people.editor)
    said = f"This text will be published on {WORDS}, if it has all its signatures by then."

    assert said in client.get(sign_off_page(submitted)).content.decode()
    assert said in panel(client, submitted)


def test_a_changed_text_is_told_apart_from_what_is_scheduled(login, people, submitted, scheduled):
    edit(submitted, by=people.author, title="Another title")

    html = login(people.editor).get(sign_off_page(submitted)).content.decode()

    assert f"An earlier text is scheduled for {WORDS}" in html


def test_a_schedule_that_failed_says_so_in_the_panel(login, people, submitted, scheduled):
    make_due(scheduled)
    publish_due()

    html = panel(login(people.editor), submitted)

    assert "but not carried out. Missing signatures: " in html


def test_a_published_article_is_withdrawn_later(login, people, published):
    form = MOMENT | {"reason": "outdated"}

    answer = login(people.editor).post(later_url(published, "withdraw"), form, follow=True)

    schedule = Schedule.objects.get()
    assert (schedule.action, schedule.reason) == ("withdraw", "outdated")
    assert f"will be withdrawn on {WORDS}" in answer.content.decode()


def test_who_may_not_withdraw_is_not_led_to_withdrawing_later(login, people, published):
    Group.objects.get(name="Editors").permissions.remove(Permission.objects.get(codename="withdraw_article"))
    client, form = login(people.editor), MOMENT | {"reason": "outdated"}

    answer = client.post(later_url(published, "withdraw"), form)

    assert answer.status_code == 302 and not Schedule.objects.exists()
    html = client.get(edit_url(published)).content.decode()
    assert later_url(published) in html and later_url(published, "withdraw") not in html


def test_the_buttons_lead_there(login, people, published):
    html = login(people.editor).get(edit_url(published)).content.decode()

    assert later_url(published) in html
    assert later_url(published, "withdraw") in html


def test_the_editor_offers_none_of_wagtails_own_dates(login, people, published):
    html = login(make_user("root", "Editors", is_superuser=True)).get(edit_url(published)).content.decode()

    assert "go_live_at" not in html
    assert "expire_at" not in html
    assert "Set schedule" not in html


def test_wagtails_scheduler_gives_readers_nothing(people):
    page = make_article(by=people.author)
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()

    call_command("publish_scheduled")

    assert again(page).live
    assert not Publication.objects.exists()
    assert not Edition.objects.exists()


def test_wagtails_scheduler_takes_nothing_from_readers(people, published):
    before = bytes(Publication.objects.get().body)
    ArticlePage.objects.filter(pk=published.pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    call_command("publish_scheduled")

    row = Publication.objects.get()
    assert not again(published).live
    assert (row.state, bytes(row.body)) == ("published", before)


@pytest.mark.parametrize("field", ["go_live_at", "expire_at"])
def test_a_date_of_wagtails_in_the_draft_changes_nothing_of_what_is_published(people, publish, field):
    page = make_article(by=people.author)
    edit(page, by=people.author, **{field: timezone.now() + timedelta(days=1)})

    publish(again(page))

    assert Publication.objects.get().edition == 1
    assert again(page).live
    assert getattr(again(page), field) is None


@pytest.mark.parametrize("verb, title", [("publish", "Publish later"), ("withdraw", "Withdraw later")])
def test_each_page_says_what_it_does_and_to_which_article(login, people, published, verb, title):
    html = login(people.editor).get(later_url(published, verb)).content.decode()

    header = re.sub(
        r"<[^>]*>", " ", html[html.index("w-breadcrumbs") : html.index("</nav>", html.index("w-breadcrumbs"))]
    )
    assert [title, published.title] == re.findall(f"{title}|{re.escape(published.title)}", header)[:2]
