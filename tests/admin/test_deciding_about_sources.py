"""The list of changed sources, and the page on which an editor decides about one, once for all articles."""

import pytest
from django.urls import reverse

from articles.record.models import Event
from articles.sources.models import Source
from tests.admin.conftest import rows
from tests.factories import complete_body, make_article, make_source

pytestmark = pytest.mark.django_db
NOTICE = "10.1000/newer"


@pytest.fixture
def changed(people, publish):
    """A source that a published article cites, and that a newer version replaces."""
    source = make_source(title="A review of scalps")
    publish(make_article(by=people.author, title="Scalps", slug="scalps", body=complete_body(source)))
    source.status, source.status_notice = "superseded", NOTICE
    source.save()
    return source


def page_of(source):
    return reverse("articles_decide_source", args=[source.pk])


def answer(source, **given):
    return {"decision": "update", "reason": "It changes the dose.", "status": source.status, "notice": NOTICE} | given


def test_an_editor_sees_what_waits_and_decides(login, people, changed):
    client = login(people.editor)
    make_source(title="A study that stands")
    assert page_of(changed) in client.get(reverse("wagtailadmin_home")).content.decode()
    (row,) = rows(client, "articles_report_sources")
    assert row["Source"].endswith("A review of scalps")
    assert (row["Status"], row["Published articles"], row["Decision"]) == ("Newer version available", "1", "Decide")
    shown = client.get(page_of(changed)).content.decode()
    assert "Scalps" in shown and f"https://doi.org/{NOTICE}" in shown

    client.post(page_of(changed), answer(changed))

    event = Event.objects.get(kind="source-decided")
    assert (event.subject, event.data["decision"], event.actor["user"]) == (
        changed.source_id,
        "update",
        people.editor.pk,
    )
    (row,) = rows(client, "articles_report_sources")
    assert row["Decision"] == "The articles that cite it need an update"
    assert "It changes the dose." in client.get(page_of(changed)).content.decode()
    assert page_of(changed) not in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"reason": ""}, "This field is required"),
        ({"decision": "perhaps"}, "Select a valid choice"),
        ({"notice": "10.1000/older"}, "has changed meanwhile"),
    ],
)
def test_what_cannot_be_recorded_is_said_and_kept(login, people, changed, given, message):
    answered = login(people.editor).post(page_of(changed), answer(changed, **given))

    assert message in answered.content.decode()
    assert Source.objects.get(pk=changed.pk).decision == ""
    if "reason" not in given:
        assert "It changes the dose." in answered.content.decode()


@pytest.mark.parametrize("who", ["author", "reviewer"])
def test_who_may_not_question_sources_decides_nothing(login, people, changed, who):
    client = login(getattr(people, who))

    assert client.post(page_of(changed), answer(changed)).status_code == 302
    assert client.get(reverse("articles_report_sources")).status_code == 302
    assert not Event.objects.filter(kind="source-decided")


def test_the_list_needs_as_many_queries_for_three_sources_as_for_one(
    login, people, changed, django_assert_max_num_queries
):
    client = login(people.editor)
    client.get(reverse("articles_report_sources"))
    for title in ("One", "Two"):
        make_source(title=title, status="corrected", status_notice="10.1000/c")

    with django_assert_max_num_queries(20):
        assert len(rows(client, "articles_report_sources")) == 3
