"""The report on emergencies: what one person did in one month, and what came of it; counted from the ledger."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record import events
from articles.record.vocabulary import EventKind, Role
from tests.admin.conftest import rows
from tests.factories import PASSWORD, edit, make_article, make_on_call, make_topic, publish_at_once, sign_as
from tests.hands import fresh

NAME = "articles_report_emergencies"
ANNA, BORIS = {"user": 1001, "name": "Dr Anna"}, {"user": 1002, "name": "Dr Boris"}
AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
COUNTS = {
    "Published in an emergency": "published",
    "Completed within 48 hours": "in_time",
    "Completed later": "late",
    "Withdrawn before that": "withdrawn",
    "Still open": "open",
    "Safety notices": "notices",
}


@pytest.fixture
def editor(login, people):
    return login(people.editor)


@pytest.fixture
def write(people):
    """write(kind, article) appends a line to the ledger."""

    def line(kind: str, article: UUID, at: datetime = AT, by: dict | None = None, **data):
        events.append(kind, subject_kind="article", subject=article, actor=by or {}, data=data, at=at)

    return line


@pytest.fixture
def urgent(write):
    """urgent(by) is an article that this person published in an emergency."""

    def publish(by: dict, at: datetime = AT, article: UUID | None = None) -> UUID:
        article = article or uuid4()
        write(EventKind.PUBLISHED, article, at, by, edition=1, emergency={"reason": "A recall."})
        return article

    return publish


def told(client, **asked) -> list[tuple[str, str, dict[str, int]]]:
    """[(month, person, {what: how many}, without zeros)]."""
    return [
        (row["Month (UTC)"], row["Person"], {name: int(row[key]) for key, name in COUNTS.items() if row[key] != "0"})
        for row in rows(client, NAME, **asked)
    ]


def test_an_emergency_is_open_until_the_missing_signature_is_in(editor, people, published):
    page = edit(published, by=people.author, summary="A dose was wrong.")
    publish_at_once(page, make_on_call())
    open_ = told(editor)

    sign_as(fresh(page), people.editor, Role.EDITOR)

    assert [row[1:] for row in open_] == [("Dr On Call", {"published": 1, "open": 1})]
    assert [row[1:] for row in told(editor)] == [("Dr On Call", {"published": 1, "in_time": 1})]


def test_a_withdrawn_emergency_is_neither_open_nor_completed(editor, people, published):
    page = edit(published, by=people.author, summary="A dose was wrong.")
    publish_at_once(page, make_on_call())
    withdraw(page=fresh(page), reason="safety", by=people.editor)

    assert [row[2] for row in told(editor)] == [{"published": 1, "withdrawn": 1}]


def test_a_notice_counts_once_for_who_signed_it(editor, people, publish, published):
    other = publish(make_article(by=people.author))
    notices.give(
        articles=[published.article_id, other.article_id],
        texts={"en": "A recall."},
        user=make_on_call(),
        password=PASSWORD,
    )

    assert [row[1:] for row in told(editor)] == [("Dr On Call", {"notices": 1})]


def test_a_notice_that_a_translation_takes_over_later_stays_its_signers(editor, write):
    write(EventKind.NOTICED, uuid4(), by=ANNA, notice="n-1", digest="d", signoff=1)
    write(EventKind.NOTICED, uuid4(), AT + timedelta(days=60), by=BORIS, notice="n-1", digest="d", signoff=1)

    assert told(editor) == [("2026-03", "Dr Anna", {"notices": 1})]


@pytest.mark.parametrize(
    ("after", "outcome"),
    [
        (timedelta(hours=48), "in_time"),
        (timedelta(hours=48, microseconds=1), "late"),
    ],
)
@pytest.mark.parametrize("kind", [EventKind.REAFFIRMED, EventKind.PUBLISHED])
def test_all_signatures_complete_it_in_48_hours_or_later(editor, write, urgent, kind, after, outcome):
    write(kind, urgent(ANNA), AT + after)

    assert told(editor) == [("2026-03", "Dr Anna", {"published": 1, outcome: 1})]


def test_a_second_emergency_completes_nothing_and_what_completes_it_completes_both(editor, write, urgent):
    article = urgent(ANNA)
    urgent(BORIS, AT + timedelta(hours=1), article)
    before = told(editor)

    write(EventKind.REAFFIRMED, article, AT + timedelta(hours=2))

    assert [row[2] for row in before] == [{"published": 1, "open": 1}] * 2
    assert [row[2] for row in told(editor)] == [{"published": 1, "in_time": 1}] * 2


def test_what_was_signed_before_or_about_another_article_completes_nothing(editor, write, urgent):
    article = uuid4()
    write(EventKind.REAFFIRMED, article, AT - timedelta(hours=1))
    urgent(ANNA, article=article)
    write(EventKind.REAFFIRMED, uuid4(), AT + timedelta(hours=1))

    assert told(editor) == [("2026-03", "Dr Anna", {"published": 1, "open": 1})]


def test_an_article_that_is_published_again_after_its_withdrawal_is_complete(editor, write, urgent):
    article = urgent(ANNA)
    write(EventKind.WITHDRAWN, article, AT + timedelta(hours=1))
    write(EventKind.PUBLISHED, article, AT + timedelta(days=5), edition=2)

    assert told(editor) == [("2026-03", "Dr Anna", {"published": 1, "late": 1})]


def test_people_and_months_are_counted_apart_the_newest_first(editor, urgent):
    end_of_march = datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)
    for by, at in ((BORIS, AT), (ANNA, AT), (ANNA, end_of_march), (ANNA, end_of_march + timedelta(seconds=1))):
        urgent(by, at)

    assert [(month, person, said["published"]) for month, person, said in told(editor)] == [
        ("2026-04", "Dr Anna", 1),
        ("2026-03", "Dr Anna", 2),
        ("2026-03", "Dr Boris", 1),
    ]


def test_one_person_who_is_renamed_stays_one_and_two_of_one_name_stay_two(editor, urgent):
    urgent(ANNA)
    urgent(ANNA | {"name": "Dr Anna Married"})
    urgent(BORIS | {"name": "Dr Anna"})

    assert sorted(said["published"] for _, _, said in told(editor)) == [1, 2]


def test_days_and_person_filter_what_is_counted(editor, urgent):
    urgent(ANNA)
    urgent(BORIS, AT + timedelta(days=1))

    assert [row[1] for row in told(editor, actor="boris")] == ["Dr Boris"]
    assert [row[1] for row in told(editor, at_to=AT.date())] == ["Dr Anna"]
    assert told(editor, actor="nobody") == []


def test_usual_publications_are_no_emergencies(editor, published):
    html = editor.get(reverse(NAME)).content.decode()

    assert told(editor) == []
    assert "There are no results." in html


def test_counts_are_numbers_in_a_spreadsheet_and_a_name_is_no_formula(editor, urgent):
    urgent({"user": 7, "name": "=1+1"})

    answer = editor.get(reverse(NAME), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active

    assert [cell.value for cell in sheet[2]] == ["2026-03", "'=1+1", 1, 0, 0, 0, 1, 0]
    assert told(editor)[0][1] == "'=1+1"


def test_many_emergencies_cost_as_many_queries_as_few(
    editor, people, publish, write, urgent, django_assert_max_num_queries
):
    for number in range(20):
        write(EventKind.REAFFIRMED, urgent({"user": number, "name": f"Dr {number}"}), AT + timedelta(hours=number * 5))
        write(EventKind.NOTICED, uuid4(), by=ANNA, notice=f"n-{number}", digest="d", signoff=number)
    publish(make_article(by=people.author, topics=[make_topic()]))
    editor.get(reverse(NAME))  # what is looked up once for a session

    with django_assert_max_num_queries(13):
        assert editor.get(reverse(NAME)).context["items_count"] == 21


@pytest.mark.parametrize(
    "asked",
    [
        {"at_from": "yesterday"},
        {"at_from": "0001-01-01", "at_to": "9999-12-31"},
        {"actor": "\x00"},
        {"actor": "%' OR 1=1"},
        {"p": "-1"},
        {"ordering": "data"},
    ],
    ids=str,
)
def test_a_hostile_query_is_no_failure(editor, urgent, asked):
    urgent(ANNA)

    assert editor.get(reverse(NAME), asked).status_code == 200
    assert editor.get(reverse(f"{NAME}_results"), asked).status_code == 200
