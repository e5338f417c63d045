"""What readers get and what lacks a signature waits for those who can give it, on the page where they can."""

import pytest
from django.urls import reverse

from articles.admin.home.waiting import waiting_for
from articles.publishing.reaffirm import reaffirm
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Decline, OpenNeed, Policy
from articles.review.needs.table import rewrite
from articles.review.opening import load_current
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    edit,
    make_article,
    make_clinician,
    make_offer,
    make_on_call,
    make_user,
    note_needs,
    publish_at_once,
    sign_as,
    today,
)


@pytest.fixture
def second(db):
    return make_clinician("second", name="Dr Second")


def waiting(user) -> list:
    return waiting_for(user)


def void_of(target, role: str) -> None:
    subject = getattr(target, "article_id", None) or target.component_id
    by = make_user(f"lead-{role}", "Medical leads")
    for row in SignOff.objects.filter(subject=subject, role=role):
        void(signoff=row, reason="The licence had lapsed.", by=by)
    rewrite(subject)


def test_after_a_void_the_article_waits_where_its_edition_is_signed_again(login, people, published, second):
    edit(published, by=people.author, title="Words of a draft")
    void_of(published, Role.MEDICAL)

    (row,) = waiting(second)

    assert (row.title, row.roles) == (published.title, "medical reviewer")
    assert row.url == reverse("articles_reaffirm", args=[published.pk])
    assert "Sign again" in login(second).get(row.url).content.decode()
    assert "Words of a draft" not in login(second).get("/admin/").content.decode()
    assert waiting(people.editor) == []


def test_after_a_void_the_signer_may_be_asked_again(people, published):
    void_of(published, Role.MEDICAL)

    assert [row.title for row in waiting(people.reviewer)] == [published.title]


def test_after_a_void_an_offer_waits_on_its_sign_off_page(people, offer):
    void_of(offer, Role.EDITOR)

    (row,) = waiting(make_user("second-editor", "Editors"))

    assert (row.title, row.roles) == (offer.name, "editor")
    assert row.url == reverse("articles_sign_off", args=["offer", offer.pk])


def test_who_wrote_an_offer_is_not_asked_to_sign_it_again(people):
    writer = make_user("writing-editor", "Editors")
    offer = make_offer(by=writer)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, people.reviewer, Role.MEDICAL)
    void_of(offer, Role.EDITOR)

    assert waiting(writer) == []
    assert len(waiting(people.editor)) == 1


def test_after_an_emergency_without_a_workflow_the_editors_are_asked(people, published):
    page = edit(published, by=people.author, summary="A dose was wrong.")
    publish_at_once(page, make_on_call())
    note_needs(page)

    (row,) = waiting(people.editor)

    assert (row.title, row.roles) == (published.title, "editor")
    assert row.url == reverse("articles_reaffirm", args=[page.pk])


def test_what_is_due_waits_for_who_did_not_write_it_and_said_yes(people, published, second):
    writer = make_clinician("writer", name="Dr Writer")
    page = edit(published, by=writer, summary="What helps, and how sure we are of it.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    Publication.objects.filter(article=page.article_id).update(next_review_on=today())
    note_needs(page)
    row = OpenNeed.objects.get(subject=page.article_id, closed_at=None)
    given = {"subject_kind": "article", "subject": page.article_id, "role": "medical", "reason": "no-time"}
    Decline.objects.create(user=second, at=row.asked_at, **given)
    note_needs(page)

    assert [row.title for row in waiting(people.reviewer)] == [page.title]
    assert waiting(writer) == waiting(second) == []


def test_what_one_has_signed_again_waits_for_others(people, published, second):
    Policy.objects.filter(kind="medical").update(medical=2)
    void_of(published, Role.MEDICAL)
    review = load_current(published)
    reaffirm(
        page=published,
        user=second,
        role=Role.MEDICAL,
        shown={"medical": review.digests["medical"]},
        password=PASSWORD,
        given=checklist.confirmed(),
    )

    assert waiting(second) == []
    assert len(waiting(people.reviewer)) == 1


def test_who_changed_the_draft_since_is_asked_about_the_edition(people, published):
    edit(published, by=people.reviewer, summary="A draft that nobody submitted.")
    void_of(published, Role.MEDICAL)

    assert [row.title for row in waiting(people.reviewer)] == [published.title]


def test_an_editor_is_asked_again_when_the_text_changes_in_medical_review(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    page = edit(page, by=people.author, summary="Something else helps an inflamed scalp.")
    note_needs(page)

    (row,) = waiting(people.editor)

    assert (row.roles, row.url) == ("editor", reverse("articles_sign_off", args=["article", page.pk]))


def test_what_readers_no_longer_get_waits_for_nobody(people, published):
    void_of(published, Role.MEDICAL)
    withdraw(page=published, reason="outdated", by=people.editor)

    assert waiting(people.reviewer) == []
