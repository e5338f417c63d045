"""Assignments follow what is asked, and guide people; they keep nobody from signing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.authoring.people import Person
from articles.publishing.reaffirm import reaffirm
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.models import Assignment, Policy
from articles.review.needs import assignments
from articles.review.needs.assignments import MayNotAssign, NotAsked, NotInPool, TakenAlready
from articles.review.review import load
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_article, make_clinician, make_offer, sign_as, today


@pytest.fixture
def happen(django_capture_on_commit_callbacks):
    """`with happen():` runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def page(people, happen):
    page = make_article(by=people.author)
    with happen():
        submit(page=page, by=people.author)
    return page


@pytest.fixture
def in_medical_review(people, page, happen):
    with happen():
        sign_as(page, people.editor, Role.EDITOR)
    return page


def asked(page) -> list[str]:
    return list(Assignment.objects.filter(subject=page.article_id, closed_at=None).values_list("role", flat=True))


def test_nothing_is_asked_of_a_draft(people):
    page = make_article(by=people.author)

    assert assignments.refresh(load(page)) == []


def test_submission_asks_the_editors_first(page):
    assert asked(page) == ["editor"]


def test_the_next_step_asks_the_clinicians(in_medical_review):
    assert asked(in_medical_review) == ["medical"]


def test_the_last_signature_leaves_nothing_asked(people, in_medical_review, happen):
    with happen():
        sign_as(in_medical_review, people.reviewer, Role.MEDICAL, "medical")

    assert asked(in_medical_review) == []
    assert Publication.objects.exists()


def test_a_change_in_medical_review_asks_the_editors_again(people, in_medical_review, happen):
    with happen():
        edit(in_medical_review, by=people.author, summary="Something else helps an inflamed scalp.")

    assert sorted(asked(in_medical_review)) == ["editor", "medical"]


def test_requested_changes_ask_nobody_until_it_is_submitted_again(people, page, happen):
    with happen():
        page.current_workflow_state.current_task_state.reject(user=people.editor, comment="Shorter.")

    assert asked(page) == []


def test_a_cancelled_workflow_asks_nobody(people, page, happen):
    with happen():
        page.current_workflow_state.cancel(user=people.author)

    assert asked(page) == []


def test_a_changed_component_asks_its_roles_until_it_is_signed(people, happen):
    with happen():
        offer = make_offer(by=people.author)
    row = Assignment.objects.get(subject=offer.component_id)
    with happen():
        sign_as(offer, people.editor, Role.EDITOR)
        sign_as(offer, people.reviewer, Role.MEDICAL)

    row.refresh_from_db()
    assert (row.subject_kind, row.role) == ("offer", "editor")
    assert row.closed_at is not None


def test_a_due_review_asks_the_clinicians_until_the_article_is_withdrawn(people, published, happen):
    Publication.objects.update(next_review_on=today() + timedelta(days=29))
    assignments.refresh_due(today())
    assert asked(published) == ["medical"]

    with happen():
        withdraw(page=published, reason="outdated", by=people.editor)

    assert asked(published) == []


def test_a_due_review_that_was_signed_again_asks_nobody(people, published, happen):
    Publication.objects.update(next_review_on=today())
    assignments.refresh_due(today())
    subject = load(published)
    given = checklist.confirmed()
    shown = {"medical": subject.digests["medical"]}

    with happen():
        reaffirm(page=published, user=people.reviewer, role="medical", shown=shown, password=PASSWORD, given=given)

    assert asked(published) == []


def test_the_draft_of_a_due_article_bars_nobody_from_reading_it_again(people, published):
    edit(published, by=people.reviewer, summary="A draft that nobody submitted.")
    Publication.objects.update(next_review_on=today())

    assignments.take(load(published), Role.MEDICAL, people.reviewer)

    assert assignments.taken_by(load(published), Role.MEDICAL) == people.reviewer


def test_a_review_that_is_not_due_yet_asks_nobody(published):
    Publication.objects.update(next_review_on=today() + timedelta(days=30))
    assignments.refresh_due(today())

    assert asked(published) == []


def test_refreshing_twice_is_refreshing_once(page):
    before = list(Assignment.objects.values())

    assignments.refresh(load(page))
    assignments.refresh_id(page.article_id)

    assert list(Assignment.objects.values()) == before


def test_a_page_that_is_gone_asks_nobody(page):
    article = page.article_id
    page.delete()

    assignments.refresh_id(article)

    assert not Assignment.objects.filter(closed_at=None).exists()


def test_somebody_takes_it_and_gives_it_back(people, in_medical_review):
    subject = load(in_medical_review)

    assignments.take(subject, Role.MEDICAL, people.reviewer)
    assert assignments.taken_by(subject, Role.MEDICAL) == people.reviewer
    assignments.give_back(subject, Role.MEDICAL, people.reviewer)

    assert assignments.taken_by(subject, Role.MEDICAL) is None


def test_what_somebody_took_is_not_taken_twice(people, in_medical_review):
    other = make_clinician("other", name="Dr Other")
    subject = load(in_medical_review)
    assignments.take(subject, Role.MEDICAL, other)

    with pytest.raises(TakenAlready, match="Dr Other has taken this"):
        assignments.take(subject, Role.MEDICAL, people.reviewer)
    with pytest.raises(MayNotAssign):
        assignments.give_back(subject, Role.MEDICAL, people.reviewer)


def test_only_who_could_sign_takes_it(people, in_medical_review):
    with pytest.raises(NotInPool):
        assignments.take(load(in_medical_review), Role.MEDICAL, people.editor)
    with pytest.raises(NotAsked):
        assignments.take(load(in_medical_review), Role.EDITOR, people.editor)


def test_it_keeps_nobody_from_signing(people, in_medical_review, happen):
    other = make_clinician("other", name="Dr Other")
    assignments.take(load(in_medical_review), Role.MEDICAL, other)

    with happen():
        sign_as(in_medical_review, people.reviewer, Role.MEDICAL, "medical")

    assert asked(in_medical_review) == []


@pytest.mark.parametrize("group", ["lead", "editor"])
def test_leads_and_editors_assign_and_reassign(people, lead, in_medical_review, group):
    other = make_clinician("other", name="Dr Other")
    by, subject = {"lead": lead, "editor": people.editor}[group], load(in_medical_review)

    assignments.assign(subject, Role.MEDICAL, people.reviewer, by)
    assignments.assign(subject, Role.MEDICAL, other, by)

    assert assignments.taken_by(subject, Role.MEDICAL) == other
    assert assignments.loads([other, people.reviewer]) == {other.pk: 1}


def test_nobody_else_assigns_and_nobody_outside_the_pool_is_asked(people, in_medical_review):
    subject = load(in_medical_review)

    with pytest.raises(MayNotAssign):
        assignments.assign(subject, Role.MEDICAL, people.reviewer, people.author)
    with pytest.raises(NotInPool, match="editor cannot sign this"):
        assignments.assign(subject, Role.MEDICAL, people.editor, people.editor)


def test_what_people_took_returns_when_they_are_away(people, in_medical_review):
    assignments.take(load(in_medical_review), Role.MEDICAL, people.reviewer)
    Person.objects.update(away_until=today())

    returned = assignments.return_of_the_away(today())

    assert [row.role for row in returned] == ["medical"]
    assert assignments.return_of_the_away(today()) == []
    assert assignments.taken_by(load(in_medical_review), Role.MEDICAL) is None


def test_who_can_no_longer_sign_loses_what_they_took(people, in_medical_review, happen):
    assignments.take(load(in_medical_review), Role.MEDICAL, people.reviewer)

    with happen():
        edit(in_medical_review, by=people.reviewer, summary="I know better what helps.")

    assert assignments.taken_by(load(in_medical_review), Role.MEDICAL) is None


def test_unclaimed_is_what_nobody_took_for_as_long_as_the_policy_allows(people, in_medical_review):
    Policy.objects.filter(kind="medical").update(escalate_days=2)
    asked_at = Assignment.objects.get(role="medical").asked_at

    assert assignments.unclaimed(asked_at + timedelta(days=1)) == []
    assert [row.role for row in assignments.unclaimed(asked_at + timedelta(days=2))] == ["medical"]


@pytest.mark.parametrize("said", ["escalated", "taken"])
def test_what_was_taken_or_told_of_is_not_unclaimed(people, in_medical_review, said):
    row = Assignment.objects.get(role="medical")
    later = row.asked_at + timedelta(days=9)
    if said == "taken":
        assignments.take(load(in_medical_review), Role.MEDICAL, people.reviewer)
    else:
        Assignment.objects.filter(pk=row.pk).update(escalated_at=timezone.now())

    assert assignments.unclaimed(later) == []
