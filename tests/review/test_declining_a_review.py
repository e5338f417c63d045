"""Declining to vouch again for what readers get, whatever became of the draft meanwhile."""

from datetime import timedelta

import pytest

from articles.authoring.models import ArticlePage
from articles.record.models import Publication
from articles.record.vocabulary import DeclineReason, Role
from articles.review.models import Decline, Mail, OpenNeed
from articles.review.needs.rules import independence_refusal
from articles.review.opening import load, load_current
from articles.review.responses import declines
from articles.review.responses.declines import CannotDecline
from articles.review.submit import submit
from tests.factories import could_sign, edit, make_clinician, make_disclaimer, note_needs, sign_as, take, today


@pytest.fixture
def due(people, published):
    """Published, and its review falls due tomorrow."""
    Publication.objects.filter(article=published.article_id).update(next_review_on=today() + timedelta(days=1))
    note_needs(published)
    return published


def decline(page, user, reason=DeclineReason.NOT_MY_FIELD, **given):
    return declines.decline(target=fresh(page), by=user, role=Role.MEDICAL, reason=reason, **given)


def fresh(page):
    return ArticlePage.objects.get(pk=page.pk)


def changed(page, people):
    edit(page, by=people.author, summary="A draft that nobody has signed.")


def unreadable(page, people):
    edit(page, by=people.author, title="Hid\u202eden")


def submitted(page, people):
    changed(page, people)
    submit(page=fresh(page), by=people.author)


@pytest.mark.parametrize("become", [lambda page, people: None, changed, unreadable], ids=["same", "changed", "broken"])
@pytest.mark.parametrize("given", [{}, {"is_again": True}], ids=["sign-off", "again"])
def test_a_due_review_goes_back_to_the_pool_whatever_the_draft_says(people, due, become, given):
    other = make_clinician("other", name="Dr Other")
    take(due, Role.MEDICAL, people.reviewer)
    become(due, people)

    row = decline(due, people.reviewer, **given)

    assert row.digests == load_current(due).digests
    assert could_sign(load_current(due), Role.MEDICAL) == [other]
    asked = OpenNeed.objects.get(subject=due.article_id, role="medical", closed_at=None)
    assert asked.taker is None


def test_a_draft_in_the_workflow_keeps_its_own_requests(people, due):
    submitted(due, people)
    note_needs(due)
    before = list(OpenNeed.objects.filter(closed_at=None).values_list("pk", "role"))
    assert [role for _, role in before] == ["editor"]

    with pytest.raises(CannotDecline):
        decline(due, people.reviewer)
    row = decline(due, people.reviewer, is_again=True)

    assert row.digests == load_current(due).digests
    assert list(OpenNeed.objects.filter(closed_at=None).values_list("pk", "role")) == before


def test_a_conflict_declared_at_a_review_bars_from_the_draft_too(people, due):
    submitted(due, people)
    decline(due, people.reviewer, DeclineReason.CONFLICT_OF_INTEREST, is_again=True)

    said = independence_refusal(load(fresh(due)), people.reviewer, "medical")
    assert said and "declared a conflict of interest" in said


def test_a_review_that_is_not_due_is_not_declined(people, published):
    for given in ({}, {"is_again": True}):
        with pytest.raises(CannotDecline):
            decline(published, people.reviewer, **given)
    assert not Decline.objects.exists()


def test_a_component_is_declined_as_ever(people):
    made = make_disclaimer(by=people.author)

    row = declines.decline(target=made, by=people.reviewer, role=Role.MEDICAL, reason="no-time", is_again=True)

    assert row.digests == load(made).digests


def test_the_letter_names_what_readers_get_and_leads_there(people, due):
    type(people.author).objects.filter(pk=people.author.pk).update(email="somebody@example.org")
    edit(due, by=people.author, title="A title of a draft")

    decline(due, people.reviewer)

    letter = Mail.objects.filter(kind="declined", user=people.author).get()
    assert due.title in letter.title and "A title of a draft" not in letter.title + letter.text
    assert f"/admin/articles/{due.pk}/reaffirm/" in letter.link


def test_the_letter_about_a_draft_still_leads_to_the_draft(people, due):
    type(people.author).objects.filter(pk=people.author.pk).update(email="somebody@example.org")
    edit(due, by=people.author, title="A title of a draft")
    submit(page=fresh(due), by=people.author)
    sign_as(due, people.editor, Role.EDITOR)

    decline(due, people.reviewer)

    letter = Mail.objects.filter(kind="declined", user=people.author).get()
    assert "A title of a draft" in letter.title and "/sign-off/article/" in letter.link
