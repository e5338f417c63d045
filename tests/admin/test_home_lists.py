"""The lists of the start page: cut there, with the way to a page that has all of them; as many queries for many."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.admin.home import lists, panels
from articles.publishing.translating.translate import translate
from articles.publishing.void import void
from articles.record import events
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.models import OpenNeed
from articles.review.submit import submit
from tests.factories import (
    edit,
    make_article,
    make_offer,
    make_on_call,
    make_source,
    note_needs,
    publish_at_once,
    sign_as,
    teach,
)
from tests.hands import fresh

NAMES = [panel.name for panel in panels.LISTS]


@pytest.fixture
def short(monkeypatch):
    """Lists are cut after one row, and paged by two."""
    monkeypatch.setattr(lists, "ON_HOME", 1)
    monkeypatch.setattr(lists, "ON_A_PAGE", 2)


def make_rows(people, publish, lead) -> None:
    """One row more for each list: of the editor, of the author, of who answers, and of the lead."""
    page = publish(make_article(by=people.author))
    OpenNeed.objects.filter(subject=page.article_id).update(closed_at=timezone.now())
    void(signoff=SignOff.objects.filter(subject=page.article_id, role=Role.EDITOR)[0], reason="Lapsed.", by=lead)
    note_needs(page)
    offer = make_offer(by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    void(signoff=SignOff.objects.get(subject=offer.component_id, role=Role.EDITOR), reason="Lapsed.", by=lead)
    note_needs(offer)
    waiting = make_article(by=people.author)
    submit(page=waiting, by=people.author)
    note_needs(waiting)
    urgent = publish(make_article(by=people.author))
    publish_at_once(edit(urgent, by=people.author, summary="A dose was wrong."), people.on_call)
    make_source(status="corrected", status_notice="10.1000/c")
    original = publish(make_article(by=people.author))
    teach("de", people.editor, people.reviewer)
    author = type(people.author).objects.get(pk=people.author.pk)  # who may add articles to a folder made just now
    publish(edit(translate(page=fresh(original), language="de", by=author), by=author, title="Kopfhaut"))
    publish(edit(fresh(original), by=people.author, summary="What is new."))
    with transaction.atomic():
        given = {"subject_kind": "article", "subject": waiting.article_id, "actor": {}}
        events.append("refused", data={"code": "slug-taken", "detail": "It has an address already."}, **given)


def who(people, lead, name: str):
    known = {"waiting_for_me": people.editor, "my_articles": people.author, "outdated_translations": people.author}
    return known.get(name, lead)


@pytest.fixture
def rows(people, publish, lead):
    people.on_call = make_on_call()
    return lambda count: [make_rows(people, publish, lead) for _ in range(count)]


def address(name: str) -> str:
    return reverse(f"articles_list_{name}")


@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_is_cut_leads_to_all_of_it_page_by_page(login, people, lead, short, rows, name):
    rows(3)
    client = login(who(people, lead, name))
    panel = next(panel for panel in panels.LISTS if panel.name == name)
    whole = list(panel.page(who(people, lead, name), 1, size=100))

    html = client.get("/admin/").content.decode()
    pages = [client.get(address(name), {"p": number}).content.decode() for number in (1, 2)]

    assert len(whole) >= 3
    assert f'href="{address(name)}"' in html
    assert f"And {len(whole) - 1} more" in html
    assert panel.heading in pages[0]
    assert f"Page 1 of {-(-len(whole) // 2)}" in pages[0] and 'href="?p=2"' in pages[0]
    assert whole[0].title in pages[0] and whole[2].title in pages[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_that_fits_is_not_led_away_from(login, people, lead, rows, name):
    rows(1)

    assert address(name) not in login(who(people, lead, name)).get("/admin/").content.decode()


@pytest.mark.parametrize("name", NAMES)
def test_many_rows_cost_as_many_queries_as_few(people, lead, rows, name):
    panel, user = next(panel for panel in panels.LISTS if panel.name == name), who(people, lead, name)

    def counted() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as made:
            found = len(panel.page(user, 1, size=100))
        return len(made), found

    rows(1)
    counted()  # what a login may do is asked once
    few, one = counted()
    rows(3)
    many, four = counted()

    assert four > one > 0
    assert many == few


@pytest.mark.parametrize("name", ["open_signatures", "emergencies", "refused", "waiting_for_me"])
def test_a_list_is_for_those_for_whom_its_panel_is(login, people, name):
    assert login(people.author).get(address(name), follow=True).request["PATH_INFO"] == "/admin/"


def test_the_oldest_waits_first_on_every_page(login, people, short):
    pages = [make_article(by=people.author) for _ in range(5)]
    for age, page in enumerate(pages):
        submit(page=page, by=people.author)
        note_needs(page)
        asked = timezone.now() - timedelta(days=age)
        OpenNeed.objects.filter(subject=page.article_id).update(asked_at=asked)

    last = login(people.editor).get(address("waiting_for_me"), {"p": 3}).content.decode()

    assert pages[0].title in last
    assert not any(page.title in last for page in pages[1:])
