"""What the gate refuses, and what a refusal leaves behind: nothing."""

import json

import pytest
from django.db import IntegrityError, transaction

from articles.authoring.models import ArticlePage
from articles.errors import BlockedByFindings, CannotSign, ContentChanged, NotAuthenticated, NotSignedOff
from articles.publishing.publish import publish_article
from articles.publishing.sign import sign
from articles.record.models import Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.opening import load
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_article, make_clinician, make_user, sign_as


@pytest.fixture
def submitted(people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    return page


def test_publishing_refuses_a_draft_that_nobody_signed(people):
    page = make_article(by=people.author)

    with pytest.raises(NotSignedOff, match="editor on the medical part"):
        publish_article(page=page, by=people.editor)

    assert not Publication.objects.exists()


def test_publishing_refuses_a_text_that_changed_after_the_signature_and_names_the_place(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    page = edit(submitted, by=people.author, title="Another title")

    with pytest.raises(NotSignedOff, match="Title"):
        publish_article(page=page, by=people.editor)


def test_signing_refuses_a_digest_that_is_no_longer_on_the_page(people, submitted):
    shown = load(submitted).digests
    edit(submitted, by=people.author, title="Another title")

    with pytest.raises(ContentChanged):
        sign(target=submitted, user=people.editor, role=Role.EDITOR, shown=shown, password=PASSWORD)

    assert not SignOff.objects.exists()


def test_signing_needs_the_password_typed_now(people, submitted):
    shown = load(submitted).digests

    with pytest.raises(NotAuthenticated):
        sign(target=submitted, user=people.editor, role=Role.EDITOR, shown=shown, password="wrong")


def test_nobody_signs_what_they_wrote(people):
    writer = make_user("writing-editor", "Editors")
    page = make_article(by=writer)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, writer, Role.EDITOR)


def test_a_superuser_who_wrote_it_may_not_sign_either(people):
    root = make_user("root", "Editors", is_superuser=True)
    page = make_article(by=root)

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, root, Role.EDITOR)


def test_being_a_superuser_gives_no_role(people, submitted):
    root = make_user("root", is_superuser=True)

    with pytest.raises(CannotSign, match="roles, credentials"):
        sign_as(submitted, root, Role.MEDICAL, "medical")


def test_an_expired_clinician_may_not_sign(people, submitted):
    expired = make_clinician("expired", valid_until="2020-01-01")

    with pytest.raises(CannotSign, match="roles, credentials"):
        sign_as(submitted, expired, Role.MEDICAL, "medical")


def test_one_person_does_not_sign_in_two_roles(people, submitted):
    both = make_clinician("both")
    both.groups.add(people.editor.groups.get())
    sign_as(submitted, both, Role.EDITOR)

    with pytest.raises(CannotSign, match="already signed"):
        sign_as(submitted, both, Role.MEDICAL, "medical")


def test_submission_stops_at_blocking_findings(people):
    page = make_article(by=people.author, body=[])

    with pytest.raises(BlockedByFindings):
        submit(page=page, by=people.author)

    assert not page.workflow_in_progress


def test_an_edit_during_medical_review_sends_the_article_back_to_the_editor(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    second = make_user("second", "Editors")
    page = edit(submitted, by=second, summary="Mended during review.")

    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    page = ArticlePage.objects.get(pk=page.pk)
    assert not Publication.objects.exists()
    assert page.current_workflow_task.name == "Editorial check"
    assert Event.objects.filter(kind="refused").count() == 1


def test_the_missing_signature_then_publishes_it(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    second = make_user("second", "Editors")
    page = edit(submitted, by=second, summary="Mended during review.")
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    sign_as(page, people.editor, Role.EDITOR)

    assert Publication.objects.get(article=page.article_id).edition == 1


def test_a_revision_under_review_is_not_overwritten_in_place(people, submitted):
    revision = submitted.get_latest_revision()
    draft = submitted.get_latest_revision_as_object()
    draft.title = "Autosaved"

    saved = draft.save_revision(user=people.author, overwrite_revision=revision)

    revision.refresh_from_db()
    assert saved.pk != revision.pk
    assert revision.content["title"] != "Autosaved"


def autosaved_in_place(page, by):
    """Saved, then autosaved over it: the two saved states."""
    draft = page.get_latest_revision_as_object()
    draft.title = "Mended"
    saved = draft.save_revision(user=by)
    draft.title = "Mended more"
    return saved, draft.save_revision(user=by, overwrite_revision=saved)


def test_what_is_saved_while_it_is_read_is_not_overwritten_in_place(people, submitted):
    saved, again = autosaved_in_place(submitted, people.author)

    assert again.pk != saved.pk


def test_what_was_signed_is_not_overwritten_in_place(people, submitted):
    edit(submitted, by=people.author, title="Mended")
    sign_as(submitted, people.editor, Role.EDITOR)
    page = ArticlePage.objects.get(pk=submitted.pk)
    page.current_workflow_state.cancel(user=people.author)
    signed = page.get_latest_revision()
    draft = page.get_latest_revision_as_object()
    draft.title = "Autosaved"

    assert draft.save_revision(user=people.author, overwrite_revision=signed).pk != signed.pk


def test_what_nobody_reads_is_overwritten_in_place(people):
    saved, again = autosaved_in_place(make_article(by=people.author), people.author)

    assert again.pk == saved.pk


def test_an_autosave_in_place_is_a_contribution_too(people):
    page = make_article(by=people.author)
    other = make_user("other", "Editors")
    draft = page.get_latest_revision_as_object()
    draft.title = "Mine"
    revision = draft.save_revision(user=other)
    draft.title = "Mine, autosaved"
    draft.save_revision(user=other, overwrite_revision=revision)
    page.revisions.filter(user=other).delete()
    edit(page, by=people.author, title="Somebody else's again")

    with pytest.raises(CannotSign, match="four-eyes rule"):
        sign_as(page, other, Role.EDITOR)


def test_saving_without_a_change_is_no_contribution(people):
    page = make_article(by=people.author)
    page.get_latest_revision_as_object().save_revision(user=people.editor)

    sign_as(page, people.editor, Role.EDITOR)

    assert SignOff.objects.filter(user=people.editor.pk).count() == 2


def test_what_the_form_writes_for_nothing_is_no_contribution(people):
    page = make_article(by=people.author)
    body = json.loads(json.dumps(list(page.body.raw_data), default=str))
    next(block for block in body if block["type"] == "evidence")["value"]["findings"][0]["value"]["effect"] = None

    before, page = load(page).digests, edit(page, by=people.editor, body=body)
    sign_as(page, people.editor, Role.EDITOR)

    assert load(page).digests == before


def test_an_old_text_does_not_come_back_on_its_old_signature(people, published, publish):
    old = published.get_latest_revision().as_object()
    page = edit(published, by=people.author, summary="Second text.")
    publish(page)
    old.save_revision(user=people.author)

    with pytest.raises(NotSignedOff):
        publish_article(page=ArticlePage.objects.get(pk=page.pk), by=people.editor)


@pytest.mark.parametrize("kind", ["medical", "presentation", "offer", "disclaimer"])
def test_the_database_refuses_a_policy_that_asks_for_nobody(db, kind):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(name="Nobody", kind=kind, editor=0, medical=0)


def test_the_database_refuses_medical_text_without_a_clinician(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Policy.objects.create(name="Editors only", kind="medical", editor=2, medical=0)


@pytest.mark.parametrize("model", [SignOff, Edition, Event])
def test_the_database_refuses_to_change_or_delete_a_line_of_the_record(published, model):
    row = model.objects.filter(subject=published.article_id).last()

    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(subject_kind="offer")
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row.pk).delete()
