"""In an emergency one clinician's signature publishes, never none; readers are told, and the rest is asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.errors import BlockedByFindings, CannotSign, ContentChanged, NotAuthenticated
from articles.publishing.due import publish_due
from articles.publishing.emergency import NoEmergency, require_possible
from articles.publishing.permissions import NotPermitted
from articles.record.models import Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review import checklist, signatures
from articles.review.models import Policy
from articles.review.subjects import load
from tests.factories import (
    block,
    edit,
    make_article,
    make_on_call,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.pipeline.reading import get, stored, verified

REASON = "A recall was announced this morning."


@pytest.fixture
def on_call(db):
    return make_on_call()


def hurry(page, user, **given):
    return publish_at_once(page, user, **({"reason": REASON} | given))


def test_one_clinician_publishes_and_readers_are_told(people, on_call):
    page = make_article(by=people.author)

    edition = hurry(page, on_call)

    article = get(page).json()
    assert article["review"]["status"] == "emergency"
    assert [row["name"] for row in article["review"]["reviewed_by"]] == ["Dr On Call"]
    assert [notice["kind"] for notice in article["notices"]] == ["emergency"]
    assert edition.review["emergency"] == {"reason": REASON}
    assert REASON not in str(article)
    assert {row.part for row in SignOff.objects.filter(pk__in=edition.signoffs)} == {"medical", "presentation"}
    verified()


def test_the_missing_signatures_end_it(people, on_call):
    page = make_article(by=people.author)
    hurry(page, on_call)

    sign_as(page, people.editor, Role.EDITOR)

    article = get(page).json()
    assert article["review"]["status"] == "current" and article["notices"] == []
    assert Event.objects.get(kind="reaffirmed").data["completes"] is True
    assert Edition.objects.filter(subject=page.article_id).count() == 1
    verified()


def test_who_wrote_it_cannot_complete_it(people, on_call):
    writer = make_user("writing-editor", "Editors")
    page = make_article(by=writer)
    hurry(page, on_call)

    with pytest.raises(CannotSign, match="four eyes"):
        sign_as(page, writer, Role.EDITOR)


def test_after_48_hours_the_policy_decides(people, on_call, offer, monkeypatch):
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = make_article(by=people.author, offer=offer)
    hurry(page, on_call)
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=47))
    assert get(page).status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=49))

    assert get(page).status_code == 410  # before any job has run
    publish_due()

    assert get(page).status_code == 410
    assert Publication.objects.get(article=page.article_id).state == "withheld"
    sign_as(page, people.editor, Role.EDITOR)
    assert get(page).json()["review"]["status"] == "current"
    verified()


def test_never_without_a_clinician(people, db):
    permitted = make_user("lead", "Medical leads")
    page = make_article(by=people.author)

    with pytest.raises(CannotSign, match="You cannot sign as medical reviewer"):
        hurry(page, permitted)
    with pytest.raises(NotPermitted):
        hurry(page, people.reviewer)
    assert not Publication.objects.exists() and not SignOff.objects.exists()


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"password": "wrong"}, NotAuthenticated),
        ({"reason": "  "}, NoEmergency),
        ({"given": {}}, checklist.ChecklistIncomplete),
        ({"shown": {"medical": "sha-256:0"}}, ContentChanged),
    ],
)
def test_what_is_refused_publishes_and_signs_nothing(people, on_call, given, error):
    page = make_article(by=people.author)

    with pytest.raises(error):
        hurry(page, on_call, **given)
    assert not Publication.objects.exists() and not SignOff.objects.exists()


def test_half_of_what_lacks_a_signature_is_not_enough(people, on_call):
    page = make_article(by=people.author)

    with pytest.raises(ContentChanged, match="Not everything"):
        hurry(page, on_call, shown={"medical": load(page).digests["medical"]})


def test_blocking_findings_stop_it_too(people, on_call):
    page = make_article(by=people.author, body=[block("prose", text="<p>Nothing is cited.</p>", aspect="other")])

    with pytest.raises(BlockedByFindings):
        hurry(page, on_call)
    subject = load(page)
    with pytest.raises(BlockedByFindings):  # what the page says before anything is typed
        require_possible(subject, on_call, subject.shown(subject.documents))


def test_a_clinician_who_wrote_it_cannot_hurry_it(people, on_call):
    page = edit(make_article(by=people.author), by=on_call, summary="Mine.")

    with pytest.raises(CannotSign, match="four eyes"):
        hurry(page, on_call)


def test_of_a_published_article_the_next_edition(published, people, on_call):
    page = edit(published, by=people.author, summary="Do not use batch 7.")

    hurry(page, on_call)

    assert stored(page)["edition"]["number"] == 2 and stored(page)["review"]["status"] == "emergency"
    assert {row.role for row in signatures.missing(load(page))} == {"editor"}
    verified()
