"""The sign-off page: who may read it, what it shows, what its form does, and what it does when things went wrong."""

import re

import pytest

from articles.authoring.models import ArticlePage
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.subjects import load
from tests.admin.conftest import desk_url, signing
from tests.factories import edit, make_article, make_clinician, make_disclaimer, make_user, sign_as


def shown(client, target) -> str:
    return client.get(desk_url(target)).content.decode()


def test_the_page_carries_the_digests_and_the_statement_that_will_be_signed(login, people, submitted):
    html = shown(login(people.editor), submitted)

    for digest in load(submitted).digests.values():
        assert f'value="{digest}"' in html
    assert "I have read this text as readers will get it. It is clear, complete" in html


def test_the_page_shows_every_section_as_readers_will_get_it(login, people, submitted):
    html = shown(login(people.editor), submitted)

    for section in load(submitted).documents["medical"].value["sections"]:
        assert f'id="section-{section["id"]}"' in html
    assert "Journal of Scalps" in html


def test_a_signature_is_given_and_the_page_says_what_is_missing(login, people, submitted):
    client = login(people.editor)

    answer = client.post(desk_url(submitted), signing(load(submitted), Role.EDITOR), follow=True)

    assert "Still to sign: medical reviewer on the medical part" in answer.content.decode()
    assert SignOff.objects.filter(user=people.editor.pk).count() == 2


def test_the_last_signature_publishes_and_the_page_says_so(login, people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)

    answer = login(people.reviewer).post(
        desk_url(submitted), signing(load(submitted), Role.MEDICAL, "medical"), follow=True
    )

    assert "readers get edition 1 now" in answer.content.decode()
    assert Publication.objects.get(article=submitted.article_id).edition == 1


def test_a_text_that_changed_meanwhile_is_a_conflict_and_the_new_text_is_shown(login, people, submitted):
    form = signing(load(submitted), Role.EDITOR)
    edit(submitted, by=people.author, title="Quite another title")

    answer = login(people.editor).post(desk_url(submitted), form)

    assert answer.status_code == 409
    assert "changed while you were reading. Nothing was signed" in answer.content.decode()
    assert "Quite another title" in answer.content.decode()
    assert not SignOff.objects.exists()


def test_a_wrong_password_signs_nothing(login, people, submitted):
    form = signing(load(submitted), Role.EDITOR, password="wrong")

    answer = login(people.editor).post(desk_url(submitted), form)

    assert answer.status_code == 403
    assert "The password is not right. Nothing was signed" in answer.content.decode()
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("form", [{}, {"role": "king"}, {"role": "editor"}, {"digest-soul": "x", "role": "medical"}])
def test_a_form_that_nobody_made_signs_nothing(login, people, submitted, form):
    answer = login(people.editor).post(desk_url(submitted), form)

    assert 400 <= answer.status_code < 500
    assert not SignOff.objects.exists()


def test_who_wrote_it_hears_so_before_reading_and_gets_no_form(login, people):
    writer = make_user("writing-editor", "Editors")
    page = make_article(by=writer)

    html = shown(login(writer), page)

    assert "somebody else has to sign it (four eyes)" in html
    assert 'type="password"' not in html


def test_whose_credentials_have_run_out_hears_so(login, people, submitted):
    expired = make_clinician("expired", valid_until="2020-01-01")
    expired.groups.add(people.editor.groups.get())

    html = shown(login(expired), submitted)

    assert "Your credentials have run out" in html
    assert not re.search(r'name="role" value="medical"', html)


def test_what_changed_since_the_last_edition_is_marked(login, people, published):
    edit(published, by=people.author, summary="What helps an inflamed scalp, and how certain we are.")

    html = shown(login(people.editor), published)

    assert "<del>sure </del><ins>certain </ins>" in html


def test_an_unsigned_disclaimer_is_named_on_the_page_of_the_article(login, people):
    page = make_article(by=people.author, disclaimers=[make_disclaimer(by=people.author)])

    assert "Not signed yet, so readers cannot get it: General" in shown(login(people.editor), page)


def test_a_reviewer_sends_the_article_back_with_a_reason(login, people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    form = {"request-changes": "1", "comment": "Name the dose."}

    login(people.reviewer).post(desk_url(submitted), form)

    page = ArticlePage.objects.get(pk=submitted.pk)
    assert page.current_workflow_state.status == "needs_changes"
    assert page.current_workflow_state.task_states.filter(comment="Name the dose.").exists()


def test_asking_for_changes_without_a_reason_is_refused(login, people, submitted):
    answer = login(people.editor).post(desk_url(submitted), {"request-changes": "1", "comment": " "})

    assert "Say what should change" in answer.content.decode()


def test_a_component_is_signed_on_the_same_page(login, people):
    made = make_disclaimer(by=people.author)

    answer = login(people.reviewer).post(desk_url(made), signing(load(made), Role.MEDICAL), follow=True)

    assert "readers get edition 1 now" in answer.content.decode()


def test_a_stranger_and_a_visitor_see_no_draft(client, people, submitted):
    visitor = client.get(desk_url(submitted))
    client.force_login(make_user("stranger"))
    stranger = client.get(desk_url(submitted))

    assert visitor.status_code == stranger.status_code == 302
    assert b"inflamed scalp" not in visitor.content + stranger.content


def test_a_clinician_sees_no_draft_that_was_not_submitted(login, people):
    page = make_article(by=people.author)

    answer = login(people.reviewer).get(desk_url(page))

    assert answer.status_code == 302


def test_who_signed_it_may_read_it_again(login, people, published):
    assert login(people.reviewer).get(desk_url(published)).status_code == 200


@pytest.mark.parametrize("path", ["article/999999/", "policy/1/", "offer/0/"])
def test_what_is_not_there_is_not_found(login, people, path):
    assert login(people.editor).get(f"/admin/sign-off/{path}").status_code == 404


def test_a_draft_that_cannot_be_rendered_says_why(login, people, submitted):
    edit(submitted, by=people.author, title="Hid\u202eden")

    answer = login(people.editor).get(desk_url(submitted))

    assert answer.status_code == 422
    assert "invisible characters that reorder text" in answer.content.decode()
