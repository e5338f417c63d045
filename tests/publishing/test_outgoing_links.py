"""The pages that published articles link to: noted once, asked once a day, listed when they fail on two days."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.publishing.jobs import links
from articles.publishing.models import OutgoingLink
from articles.publishing.withdraw import withdraw
from articles.sources.lookup import pages
from tests.admin.conftest import rows
from tests.factories import block, complete_body, make_article, make_source, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
PAGE, OTHER = "https://who.example/scalp", "https://nhs.example/scalp"


@pytest.fixture
def linking(people, publish, offer):
    """Two published articles that link to PAGE; one of them to OTHER as well, and shows an offer."""
    body = complete_body(make_source(), offer)
    text = f'<p>Read <a href="{PAGE}">this</a>.</p>'
    one = publish(
        make_article(by=people.author, title="One", slug="one", offer=offer, body=[*body, block("prose", text=text)])
    )
    more = f'<p><a href="{PAGE}">This</a>, <a href="{OTHER}">that</a>, <a href="mailto:a@b.example">write</a>.</p>'
    two = publish(
        make_article(
            by=people.author, title="Two", slug="two", body=[*complete_body(make_source()), block("prose", text=more)]
        )
    )
    links.note_links()
    return one, two


@pytest.fixture
def answers(monkeypatch, settings):
    """{address: problem}; others answer. The list of what was asked is under ""."""
    said = {"": []}
    settings.LOOKUP = settings.LOOKUP | {"CONTACT": "library@publisher.example"}

    def problem_of(address):
        said[""].append(address)
        return said.get(address, "")

    monkeypatch.setattr(pages, "problem_of", problem_of)
    return said


def noted():
    return {row.address: set(row.articles) for row in OutgoingLink.objects.all()}


def test_each_address_is_noted_once_with_its_articles(linking, offer):
    one, two = (str(page.article_id) for page in linking)

    assert noted() == {PAGE: {one, two}, OTHER: {two}} | {offer.target: {one}}


def test_what_is_no_longer_linked_is_forgotten_and_what_is_known_stays(people, linking, answers):
    links.check_a_few(NOW, within_s=5)
    one, two = linking
    withdraw(page=two, reason="outdated", by=people.editor)

    links.note_links()

    assert noted()[PAGE] == {str(one.article_id)} and OTHER not in noted()
    assert OutgoingLink.objects.get(address=PAGE).good_at == NOW


def test_each_page_is_asked_once_a_day(linking, answers):
    assert links.check_a_few(NOW, within_s=5) == len(noted())
    assert links.check_a_few(NOW + timedelta(hours=23), within_s=5) == 0
    assert links.check_a_few(NOW + timedelta(hours=24), within_s=5) == len(noted())


def test_each_host_is_asked_once_in_a_run(answers):
    OutgoingLink.objects.bulk_create(OutgoingLink(address=f"{PAGE}/{n}") for n in range(3))

    assert [links.check_a_few(NOW, within_s=5) for _ in range(4)] == [1, 1, 1, 0]


def test_nobody_is_asked_where_this_is_off(linking, answers, settings):
    for off in ({"CONTACT": ""}, {"PAGES": False}):
        settings.LOOKUP = settings.LOOKUP | {"CONTACT": "a@b.example", "PAGES": True} | off
        assert links.check_a_few(NOW, within_s=5) == 0
    assert answers[""] == []


def test_a_page_is_listed_once_it_failed_on_two_days_with_the_last_good_one(client, linking, answers):
    client.force_login(make_user("lead", "Medical leads"))
    links.check_a_few(NOW, within_s=5)
    answers[PAGE] = "it answers 404"
    links.check_a_few(NOW + timedelta(days=1), within_s=5)
    assert rows(client, "articles_report_links") == []

    links.check_a_few(NOW + timedelta(days=2), within_s=5)

    (row,) = rows(client, "articles_report_links")
    assert row == {
        "Link": PAGE,
        "Problem": "It answers 404",
        "Last answered": "30 November 2026",
        "Articles": "One, Two",
    }
    answers[PAGE] = ""
    links.check_a_few(NOW + timedelta(days=3), within_s=5)
    assert rows(client, "articles_report_links") == []
