"""Signing what readers get again, whole: it alone moves the review date of a text that stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.errors import CannotSign, ContentChanged, NotPublished
from articles.publishing.reaffirm import reaffirm
from articles.publishing.withdraw import withdraw
from articles.record.models import Edition, Event, Publication
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.opening import load_current
from articles.review.signing import checklist
from articles.review.signing.checklist import ChecklistIncomplete
from tests.factories import PASSWORD, edit, make_clinician, make_person
from tests.hands import fresh
from tests.pipeline.reading import stored, verified


def again_signed(page, user, **given):
    review = load_current(page)
    shown = {"medical": review.digests["medical"]}
    said = {"role": Role.MEDICAL, "shown": shown, "password": PASSWORD, "given": checklist.confirmed()}
    return reaffirm(page=fresh(page), user=user, **(said | given))


@pytest.fixture
def later(monkeypatch):
    """later(days) sets the clock forward."""
    real = timezone.now

    def set_forward(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=days))

    return set_forward


def test_signing_again_moves_the_review_date_and_makes_no_edition(published, people, later):
    before = stored(published)["review"]
    later(200)

    again_signed(published, people.reviewer)

    after = stored(published)["review"]
    assert after["last_reviewed_on"] > before["last_reviewed_on"]
    assert after["next_review_on"] > before["next_review_on"]
    assert Edition.objects.filter(subject=published.article_id).count() == 1
    event = Event.objects.get(kind="reaffirmed")
    assert Publication.objects.get(article=published.article_id).event == event.number
    assert event.data["completes"] is False
    verified()


@pytest.mark.parametrize("writer", ["author", "reviewer"])
def test_a_draft_under_way_does_not_matter_to_what_readers_get(published, people, later, writer):
    edit(published, by=getattr(people, writer), summary="A sentence that nobody has signed.")
    later(10)

    again_signed(published, people.reviewer)

    assert "nobody has signed" not in str(stored(published))


def test_with_two_clinicians_the_date_moves_with_the_second(published, people, later):
    before = stored(published)["review"]["last_reviewed_on"]
    Policy.objects.filter(kind="medical").update(medical=2)
    second = make_clinician("second", name="Dr Second")
    later(10)

    again_signed(published, people.reviewer)
    assert stored(published)["review"]["last_reviewed_on"] == before
    with pytest.raises(CannotSign, match="already signed this version of the medical part"):
        again_signed(published, people.reviewer)
    again_signed(published, second)

    assert stored(published)["review"]["last_reviewed_on"] > before
    assert [row["name"] for row in stored(published)["review"]["reviewed_by"]] == ["Dr Ada Reviewer", "Dr Second"]


def test_who_wrote_the_text_cannot_vouch_for_it_later(published, people):
    make_person(user=people.author, name="Dr Author", medical=True)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        again_signed(published, people.author)


def test_without_the_checklist_nothing_is_signed(published, people):
    with pytest.raises(ChecklistIncomplete):
        again_signed(published, people.reviewer, given={})
    assert not Event.objects.filter(kind="reaffirmed").exists()


def test_a_newer_edition_is_a_conflict(published, people, publish):
    shown = {"medical": load_current(published).digests["medical"]}
    publish(edit(published, by=people.author, summary="Newer."))

    with pytest.raises(ContentChanged):
        again_signed(published, people.reviewer, shown=shown)


def test_a_withdrawn_article_cannot_be_vouched_for(published, people):
    withdraw(page=published, reason="other", by=people.editor)

    with pytest.raises(NotPublished):
        again_signed(published, people.reviewer)
