"""A source that is retracted, or about which concern is expressed: every article that cites it says so at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.test.utils import WagtailTestUtils
from wagtail.test.utils.form_data import _querydict_from_form

from articles.authoring.permissions import NotPermitted
from articles.publishing.recompose import recompose_lagging
from articles.record.models import Event
from articles.sources.models import Source
from tests.factories import block, complete_body, edit, make_article, make_source, make_user
from tests.pipeline.reading import get, stored, verified

pytestmark = pytest.mark.django_db


@pytest.fixture
def citing(people, publish, django_capture_on_commit_callbacks):
    """(source, an article that cites it, mark(status) as somebody would by hand)."""
    source = make_source()
    page = publish(make_article(by=people.author, body=complete_body(source)))

    def mark(status: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            row = Source.objects.get(pk=source.pk)
            row.status = status
            row.save()

    return source, page, mark


@pytest.mark.parametrize(
    ("status", "kind"), [("retracted", "reference-retracted"), ("expression-of-concern", "reference-concern")]
)
def test_readers_are_told_and_a_review_is_due(citing, status, kind):
    source, page, mark = citing

    mark(status)

    article = get(page).json()
    (notice,) = article["notices"]
    assert (notice["kind"], notice["reference"]) == (kind, 1) and "eference 1" in notice["text"]
    assert article["review"]["status"] == "due"
    event = Event.objects.get(kind="source-status")
    assert (event.subject, event.data["status"], event.data["was"]) == (source.source_id, status, "standing")
    verified()


@pytest.mark.parametrize("use", ["background", "further reading"])
def test_a_retracted_source_without_a_claim_calls_for_no_review(
    people, publish, django_capture_on_commit_callbacks, use
):
    source, beside = make_source(), make_source()
    body = complete_body(source)
    if use == "background":
        cited = f'<a linktype="citation" sources="{beside.pk}" support="background">[1]</a>'
        body.insert(0, block("prose", heading="History", text=f"<p>It has been known for long {cited}.</p>"))
    else:
        body[-1]["value"]["items"] = [{"type": "item", "id": str(uuid4()), "value": beside.pk}]
    page = publish(make_article(by=people.author, body=body))

    with django_capture_on_commit_callbacks(execute=True):
        beside.status = "retracted"
        beside.save()

    article = get(page).json()
    assert [notice["kind"] for notice in article["notices"]] == ["reference-retracted"]
    assert article["review"]["status"] == "current"
    verified()


def test_a_status_set_by_mistake_is_taken_back(citing):
    _, page, mark = citing
    before = stored(page)
    mark("retracted")
    mark("standing")

    assert stored(page) == before
    assert Event.objects.filter(kind="source-status").count() == 2


@pytest.mark.parametrize(("group", "is_told"), [("Authors", False), ("Editors", True), ("Medical leads", True)])
def test_whose_change_stands_above_articles(client, citing, django_capture_on_commit_callbacks, group, is_told):
    source, page, _ = citing
    client.force_login(make_user("somebody", group))
    url = reverse("wagtailsnippets_articles_source:edit", args=[source.pk])
    forms = WagtailTestUtils.get_soup(client.get(url).content.decode()).find_all("form")
    fields = _querydict_from_form(next(form for form in forms if form.find(attrs={"name": "status"})))
    fields["status"] = "retracted"

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url, fields)

    assert bool(get(page).json()["notices"]) == is_told
    assert ("Only editors and medical leads can change this" in answer.content.decode()) != is_told


def test_no_other_way_of_saving_it_is_permitted_to_others(citing):
    _, page, mark = citing
    before = stored(page)

    with LogContext(user=make_user("somebody", "Authors")), pytest.raises(NotPermitted):
        mark("retracted")

    assert stored(page) == before and not Event.objects.filter(kind="source-status").exists()


def test_a_text_that_no_longer_cites_it_is_free_of_it(citing, people, publish):
    _, page, mark = citing
    mark("retracted")

    publish(edit(page, by=people.author, body=complete_body(make_source()), summary="Another."))

    assert stored(page)["notices"] == [] and stored(page)["review"]["status"] == "current"


def test_a_new_reading_ends_what_is_due_and_the_notice_stays(people, publish, citing):
    _, page, mark = citing
    mark("expression-of-concern")

    publish(edit(page, by=people.author, summary="Read again, with the concern in mind."))

    assert [row["kind"] for row in stored(page)["notices"]] == ["reference-concern"]
    assert stored(page)["review"]["status"] == "current"


def test_saving_without_another_status_is_no_event(citing):
    source, _, mark = citing
    mark("standing")
    source.title = "Another title"
    source.save()

    assert not Event.objects.filter(kind="source-status").exists()


def test_after_a_crash_the_articles_are_found(citing):
    source, page, _ = citing
    with transaction.atomic():
        Source.objects.get(pk=source.pk)
        source.status = "retracted"
        source.save()  # what follows the commit does not run in this test
    assert stored(page)["notices"] == []

    assert recompose_lagging() == 1

    assert [row["kind"] for row in stored(page)["notices"]] == ["reference-retracted"]


def test_the_review_is_overdue_the_day_after(citing, monkeypatch):
    _, page, mark = citing
    mark("retracted")
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=1))

    assert get(page).json()["review"]["status"] == "overdue"
