"""In an emergency one clinician's signature publishes, never none; readers are told, and the rest is asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import WorkflowState

from articles.authoring.permissions import NotPermitted
from articles.errors import BlockedByFindings, CannotSign, ContentChanged, NotAuthenticated
from articles.publishing.emergency import NoEmergency, require_possible
from articles.publishing.jobs.due import publish_due
from articles.publishing.scheduling.schedule import schedule_publication
from articles.record.models import Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Mail, Policy
from articles.review.opening import load
from articles.review.signing import checklist, signatures
from articles.review.submit import submit
from tests.factories import (
    block,
    edit,
    make_article,
    make_on_call,
    make_user,
    publish_at_once,
    sign_as,
)
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified
from tests.schedules import ZONE, soon

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


@pytest.mark.parametrize("is_submitted", [True, False])
def test_where_no_other_signature_is_missing_it_is_no_emergency(people, on_call, is_submitted):
    """Such an emergency could never end: nothing would be left to sign."""
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = make_article(by=people.author)
    if is_submitted:
        submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    edition = hurry(page, on_call)

    article = get(page).json()
    assert article["review"]["status"] == "current" and article["notices"] == []
    assert "emergency" not in edition.review
    assert [row["name"] for row in article["review"]["reviewed_by"]] == ["Dr On Call"]
    assert not fresh(page).workflow_in_progress
    assert {state.status for state in WorkflowState.objects.all()} == ({"approved"} if is_submitted else set())
    assert not Mail.objects.filter(kind="emergency").exists()
    assert submit(page=edit(page, by=people.author, summary="Next."), by=people.author)
    verified()


def test_it_does_not_wait_for_the_hour_of_a_schedule(people, on_call):
    page = make_article(by=people.author)
    schedule_publication(page=fresh(page), at=soon(), zone=ZONE, by=people.editor)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)

    hurry(page, on_call)

    assert get(page).json()["review"]["status"] == "current"
    assert not fresh(page).workflow_in_progress
    verified()


def test_a_signature_for_another_note_is_asked_for_again(published, people, on_call):
    """Else nothing would be missing once readers get the text, and nobody could end the emergency."""
    page = edit(published, by=people.author, summary="Do not use batch 7.", change_note="One note.")
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    page = edit(page, by=people.author, change_note="Another note.")

    hurry(page, on_call)

    assert get(page).json()["review"]["status"] == "emergency"
    assert {row.role for row in signatures.missing(load(fresh(page)))} == {"editor"}
    sign_as(page, people.editor, Role.EDITOR)
    assert get(page).json()["review"]["status"] == "current" and not fresh(page).workflow_in_progress
    verified()


def test_where_others_are_missing_the_workflow_goes_on_asking(people, on_call):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)

    hurry(page, on_call)

    assert fresh(page).workflow_in_progress
    sign_as(page, people.editor, Role.EDITOR)
    assert not fresh(page).workflow_in_progress
    assert get(page).json()["review"]["status"] == "current"


def test_who_wrote_it_cannot_complete_it(people, on_call):
    writer = make_user("writing-editor", "Editors")
    page = make_article(by=writer)
    hurry(page, on_call)

    with pytest.raises(CannotSign, match="four-eyes rule"):
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

    with pytest.raises(CannotSign, match="You cannot sign this as medical reviewer"):
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

    with pytest.raises(ContentChanged, match="Not every part"):
        hurry(page, on_call, shown={"medical": load(page).digests["medical"]})


def test_blocking_findings_stop_it_too(people, on_call):
    page = make_article(by=people.author, body=[block("prose", text="<p>Nothing is cited.</p>", aspect="other")])

    with pytest.raises(BlockedByFindings):
        hurry(page, on_call)
    review = load(page)
    with pytest.raises(BlockedByFindings):  # what the page says before anything is typed
        require_possible(review, on_call, review.shown(review.documents))


def test_a_clinician_who_wrote_it_cannot_hurry_it(people, on_call):
    page = edit(make_article(by=people.author), by=on_call, summary="Mine.")

    with pytest.raises(CannotSign, match="four-eyes rule"):
        hurry(page, on_call)


def test_of_a_published_article_the_next_edition(published, people, on_call):
    page = edit(published, by=people.author, summary="Do not use batch 7.")

    hurry(page, on_call)

    assert stored(page)["edition"]["number"] == 2 and stored(page)["review"]["status"] == "emergency"
    assert {row.role for row in signatures.missing(load(page))} == {"editor"}
    verified()


@pytest.mark.parametrize("when", ["before the editor", "after the editor", "after an edit of the signed text"])
def test_a_publication_is_not_reported_as_refused_too(published, people, on_call, when):
    """The workflow that ends with it has nothing left to publish; the missing signature is asked for as before."""
    page = edit(published, by=people.author, summary="Do not use batch 7.", change_note="One note.")
    submit(page=fresh(page), by=people.author)
    if when != "before the editor":
        sign_as(page, people.editor, Role.EDITOR)
    if when == "after an edit of the signed text":
        page = edit(page, by=people.author, summary="Do not use batches 7 and 8.")

    hurry(page, on_call)

    assert not Event.objects.filter(kind="refused").exists()
    assert not Mail.objects.filter(subject__startswith="Refused").exists()
    assert fresh(page).workflow_in_progress == (when != "after the editor")
