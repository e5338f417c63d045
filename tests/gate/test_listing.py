"""The list of articles says of each what readers get, in the list's own query."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.publishing.withdraw import withdraw
from tests.factories import make_article
from tests.tasks import run_all


def listing(admin, index) -> str:
    return admin.get(reverse("wagtailadmin_explore", args=[index.pk])).content.decode()


def test_the_list_says_what_readers_get_of_each_article(admin, index, people, publish, published):
    gone = publish(make_article(by=people.author))
    withdraw(page=gone, reason="safety", by=people.editor)
    make_article(by=people.author)

    shown = listing(admin, index)

    assert "Published version" in shown
    assert "Edition 1, published on" in shown
    assert "Withdrawn (safety)" in shown
    assert "Not published yet" in shown


def test_the_list_says_so_where_wagtail_calls_an_unsigned_article_live(admin, index, unsigned):
    unsigned.get_latest_revision().publish()

    assert "Not published yet" in listing(admin, index)


def test_a_search_and_the_list_of_a_type_say_it_too(admin, published, index):
    run_all()
    searched = admin.get(reverse("wagtailadmin_explore", args=[index.pk]), {"q": "scalp"})
    of_type = admin.get(reverse("wagtailadmin_pages:type_use", args=["articles", "articlepage"]))

    assert "Edition 1, published on" in searched.content.decode()
    assert "Edition 1, published on" in of_type.content.decode()


def test_the_record_is_asked_once_for_the_whole_list(admin, index, people, published):
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            listing(admin, index)
        return sum("record_publication" in query["sql"] for query in captured.captured_queries)

    few = asked()
    for _ in range(5):
        make_article(by=people.author)

    assert asked() == few
