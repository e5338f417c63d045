"""The sign-off page: who may read it, what it shows, what its form does, and what it does when things went wrong."""

import json
import re
from html import escape, unescape

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from articles.authoring.models import ArticlePage
from articles.publishing.withdraw import withdraw
from articles.record.models import Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import ChangeRequest, Decline
from articles.review.opening import load
from articles.review.responses import suggestions
from articles.review.responses.change_requests import ask
from articles.review.submit import submit
from tests.admin.conftest import sign_off_page, signing
from tests.factories import (
    block,
    complete_body,
    edit,
    make_article,
    make_clinician,
    make_disclaimer,
    make_source,
    make_user,
    sign_as,
)


def shown(client, target) -> str:
    return client.get(sign_off_page(target)).content.decode()


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


def test_the_clinician_reads_how_ai_was_used(login, people, submitted):
    edit(submitted, by=people.author, ai_use="assisted", ai_tool="Tool 1")

    assert "Written by people with the help of an AI tool (Tool 1)" in shown(login(people.reviewer), submitted)


def test_each_link_within_the_page_leads_to_something_on_it(login, people):
    body = [row for row in complete_body(make_source()) if row["type"] != "risks"]
    page = make_article(by=people.author, body=[*body, block("risks")])

    html = shown(login(people.editor), page)

    assert "Write a risks section" in html
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(re.findall(r'\bid="([^"]+)"', html))


def test_the_findings_and_the_outline_stand_before_the_text_and_advice_is_folded(login, people, submitted):
    html = shown(login(people.editor), submitted)

    places = [
        html.index(words) for words in ('class="outline"', 'id="findings"', '<article class="article', 'id="sign"')
    ]
    assert places == sorted(places)
    for section in load(submitted).documents["medical"].value["sections"]:
        assert f'href="#section-{section["id"]}"' in html
    assert re.search(r"<summary>Advice to the author \(\d+\)</summary>", html)


def test_whoever_comes_to_sign_is_not_offered_to_edit(login, people, submitted):
    link = f'href="{reverse("wagtailadmin_pages:edit", args=[submitted.pk])}"'

    assert "Sign medical part" in shown(login(people.editor), submitted)
    assert link not in shown(login(people.editor), submitted)
    assert link in shown(login(people.author), submitted)


def test_the_page_has_the_theme_that_the_person_chose_for_the_admin(login, people, submitted):
    UserProfile.objects.create(user=people.editor, theme="dark")

    html = shown(login(people.editor), submitted)

    assert re.search(r'<html[^>]*class="w-theme-dark ', html)


def test_a_signature_is_given_and_the_page_says_what_is_missing(login, people, submitted):
    client = login(people.editor)

    answer = client.post(sign_off_page(submitted), signing(load(submitted), Role.EDITOR), follow=True)

    assert "Still missing: medical reviewer on the medical part" in answer.content.decode()
    assert SignOff.objects.filter(user=people.editor.pk).count() == 2


def test_the_last_signature_publishes_and_the_page_says_so(login, people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)

    answer = login(people.reviewer).post(
        sign_off_page(submitted), signing(load(submitted), Role.MEDICAL, "medical"), follow=True
    )

    assert "Signed and published as edition 1." in answer.content.decode()
    assert Publication.objects.get(article=submitted.article_id).edition == 1


def test_a_text_that_changed_meanwhile_is_a_conflict_and_the_new_text_is_shown(login, people, submitted):
    form = signing(load(submitted), Role.EDITOR)
    edit(submitted, by=people.author, title="Quite another title")

    answer = login(people.editor).post(sign_off_page(submitted), form)

    assert answer.status_code == 409
    assert "changed while you were reading. Nothing was signed" in answer.content.decode()
    assert "Quite another title" in answer.content.decode()
    assert not SignOff.objects.exists()


def test_a_wrong_password_signs_nothing(login, people, submitted):
    form = signing(load(submitted), Role.EDITOR, password="wrong")

    answer = login(people.editor).post(sign_off_page(submitted), form)

    assert answer.status_code == 403
    assert "The password is not right. Nothing was signed" in answer.content.decode()
    assert not SignOff.objects.exists()


@pytest.mark.parametrize("form", [{}, {"role": "king"}, {"role": "editor"}, {"digest-soul": "x", "role": "medical"}])
def test_a_form_that_nobody_made_signs_nothing(login, people, submitted, form):
    answer = login(people.editor).post(sign_off_page(submitted), form)

    assert 400 <= answer.status_code < 500
    assert not SignOff.objects.exists()


def test_who_wrote_it_hears_so_before_reading_and_gets_no_form(login, people):
    writer = make_user("writing-editor", "Editors")
    page = make_article(by=writer)

    html = shown(login(writer), page)

    assert "someone else must sign it (four-eyes rule)" in html
    assert 'type="password"' not in html


def test_whose_credentials_have_run_out_hears_so(login, people, submitted):
    expired = make_clinician("expired", valid_until="2020-01-01")
    expired.groups.add(people.editor.groups.get())

    html = shown(login(expired), submitted)

    assert "Your credentials have expired" in html
    assert not re.search(r'name="role" value="medical"', html)


def test_what_changed_since_the_last_edition_is_marked(login, people, published):
    edit(published, by=people.author, summary="What helps an inflamed scalp, and how certain we are.")

    html = shown(login(people.editor), published)

    assert "<del>sure</del><ins>certain</ins> we are" in html


def test_an_unsigned_disclaimer_is_named_on_the_page_of_the_article(login, people):
    page = make_article(by=people.author, disclaimers=[make_disclaimer(by=people.author)])

    assert "Not signed yet, and therefore not shown to readers: General" in shown(login(people.editor), page)


def test_a_reviewer_sends_the_article_back_with_a_reason(login, people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    form = {"request-changes": "1", "comment": "Name the dose."}

    login(people.reviewer).post(sign_off_page(submitted), form)

    page = ArticlePage.objects.get(pk=submitted.pk)
    assert page.current_workflow_state.status == "needs_changes"
    assert page.current_workflow_state.task_states.filter(comment="Name the dose.").exists()


def test_asking_for_changes_without_a_reason_is_refused(login, people, submitted):
    answer = login(people.editor).post(sign_off_page(submitted), {"request-changes": "1", "comment": " "})

    assert "Say what should change" in answer.content.decode()


def test_a_component_is_signed_on_the_same_page(login, people):
    made = make_disclaimer(by=people.author)

    answer = login(people.reviewer).post(sign_off_page(made), signing(load(made), Role.MEDICAL), follow=True)

    assert "Signed and published as edition 1." in answer.content.decode()


def test_a_stranger_and_a_visitor_see_no_draft(client, people, submitted):
    visitor = client.get(sign_off_page(submitted))
    client.force_login(make_user("stranger"))
    stranger = client.get(sign_off_page(submitted))

    assert visitor.status_code == stranger.status_code == 302
    assert b"inflamed scalp" not in visitor.content + stranger.content


def test_a_clinician_sees_no_draft_that_was_not_submitted(login, people):
    page = make_article(by=people.author)

    answer = login(people.reviewer).get(sign_off_page(page))

    assert answer.status_code == 302


def test_who_signed_it_may_read_it_again(login, people, published):
    assert login(people.reviewer).get(sign_off_page(published)).status_code == 200


@pytest.mark.parametrize("path", ["article/999999/", "policy/1/", "offer/0/"])
def test_what_is_not_there_is_not_found(login, people, path):
    assert login(people.editor).get(f"/admin/sign-off/{path}").status_code == 404


def test_a_draft_that_cannot_be_rendered_says_why(login, people, submitted):
    edit(submitted, by=people.author, title="Hid\u202eden")

    answer = login(people.editor).get(sign_off_page(submitted))

    assert answer.status_code == 422
    assert "invisible characters that reorder text" in answer.content.decode()


@pytest.fixture
def with_the_clinician(people, submitted):
    """An article that waits for the clinician's signature."""
    sign_as(submitted, people.editor, Role.EDITOR)
    return ArticlePage.objects.get(pk=submitted.pk)


@pytest.fixture
def changed(people, published):
    """A second edition to be, submitted and signed by the editor."""
    page = edit(published, by=people.author, summary="What helps, and how certain we are.", change_note="Clearer.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    return ArticlePage.objects.get(pk=page.pk)


def test_what_a_claim_rests_on_stands_beside_it_with_the_sources_own_words(login, people, with_the_clinician):
    html = shown(login(people.reviewer), with_the_clinician)

    assert "<blockquote>Redness was reduced.</blockquote>" in html
    assert re.search(r"\[1\] Doe 2024, Journal of Scalps</a>\s*<br>Cohort study · Supports the claim directly", html)
    assert "No quote given." in html
    assert "No source given." in html


def test_readers_get_no_quotes_beside_the_text(people, published):
    section = Publication.objects.get(article=published.article_id).body

    assert b"rests" not in bytes(section)


def test_a_clinician_who_has_not_confirmed_the_checklist_signs_nothing(login, people, with_the_clinician):
    form = signing(load(with_the_clinician), Role.MEDICAL, "medical") | {"checklist": ""}

    answer = login(people.reviewer).post(sign_off_page(with_the_clinician), form)

    assert answer.status_code == 422
    assert "I have checked each of these" in answer.content.decode()
    assert not SignOff.objects.filter(user=people.reviewer.pk).exists()


def test_what_was_confirmed_and_what_the_system_decided_is_in_the_sign_off(login, people, with_the_clinician):
    form = signing(load(with_the_clinician), Role.MEDICAL, "medical") | {"not-applicable": ["choices"]}

    login(people.reviewer).post(sign_off_page(with_the_clinician), form)

    kept = SignOff.objects.get(user=people.reviewer.pk).checklist
    assert kept["answers"]["choices"] == "not-applicable"
    assert kept["answers"]["safe"] == "yes"
    assert kept["decided"]["sources-cited"] == {"verdict": "holds", "detail": "1 of 1 findings name a source"}


def test_where_there_is_an_edition_the_changes_alone_can_be_signed(login, people, changed):
    client = login(people.reviewer)
    before = Publication.objects.get(article=changed.article_id).next_review_on
    form = signing(load(changed), Role.MEDICAL, "medical") | {"scope": "changes", "checklist": ""}

    html = shown(client, changed)
    client.post(sign_off_page(changed), form)

    assert f"The next review stays on {before:%-d %B %Y}" in html
    row = Publication.objects.get(article=changed.article_id)
    assert (row.edition, row.next_review_on) == (2, before)
    assert SignOff.objects.filter(user=people.reviewer.pk).latest("event").scope == "changes"


@pytest.mark.parametrize("scope", ["whole", "changes"])
def test_the_sentence_that_is_signed_stands_beside_its_choice(login, people, changed, scope):
    client = login(people.reviewer)
    html = unescape(shown(client, changed))
    form = signing(load(changed), Role.MEDICAL, "medical") | {"scope": scope}

    client.post(sign_off_page(changed), form)

    meaning = json.loads(SignOff.objects.filter(user=people.reviewer.pk).latest("event").statement)["meaning"]
    beside = re.search(rf'value="{scope}".*?<small>', html, re.DOTALL)
    assert beside and meaning in beside[0]
    assert html.count(meaning) == 1


def test_a_first_edition_is_signed_whole(login, people, with_the_clinician):
    assert 'name="scope"' not in shown(login(people.reviewer), with_the_clinician)


def test_earlier_signatures_the_policy_and_the_editors_note_are_shown(login, people, changed):
    html = shown(login(people.reviewer), changed)

    assert "Signatures by edition" in html
    assert "Medical part: 1 editor and 1 medical reviewer must sign. A review is due every 36 months." in html
    assert re.search(r"Public change note.*Clearer\.", html, re.DOTALL)


def test_a_conflict_marks_what_changed_and_keeps_what_was_typed_except_the_password(login, people, changed):
    form = signing(load(changed), Role.MEDICAL, "medical", password="my secret words") | {"scope": "changes"}
    form["password"] = "a long enough password"
    edit(changed, by=people.author, summary="What helps, and how very certain we are.")

    answer = login(people.reviewer).post(sign_off_page(changed), form)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r'id="since".*<ins>very </ins>', html, re.DOTALL)
    assert re.search(r'value="changes" checked', html)
    assert re.search(r'name="checklist" value="[0-9-]+" checked', html)
    assert "a long enough password" not in html


def test_a_conflict_with_words_that_are_stored_nowhere_says_so(login, people, with_the_clinician):
    form = signing(load(with_the_clinician), Role.MEDICAL, "medical") | {"digest-medical": "sha-256:" + "0" * 64}

    html = login(people.reviewer).post(sign_off_page(with_the_clinician), form).content.decode()

    assert "medical part that you saw is not stored" in html


def test_who_asked_for_changes_sees_what_changed_since(login, people, changed):
    ask(target=changed, by=people.reviewer, reason="Say how many.")
    page = edit(changed, by=people.author, summary="What helps, and how certain we are: 12 people.")
    page.current_workflow_state.resume(people.author)

    html = shown(login(people.reviewer), page)

    assert "Changed since your last request" in html
    assert "Say how many." in html
    assert "the text has changed since" in html
    assert re.search(r'id="since".*<ins>[^<]*12 people', html, re.DOTALL)


def test_comments_on_sections_go_to_the_author_with_the_request(login, people, with_the_clinician):
    section = load(with_the_clinician).draft.sections[0].id
    form = {"request-changes": "1", "comment": "See the comment.", f"comment-{section}": "Which conditions?"}

    login(people.reviewer).post(sign_off_page(with_the_clinician), form)

    assert ChangeRequest.objects.get().reason == "See the comment."
    assert with_the_clinician.wagtail_admin_comments.get().text == "Which conditions?"


def test_a_refused_request_keeps_what_was_typed(login, people, with_the_clinician):
    section = load(with_the_clinician).draft.sections[0].id
    form = {"request-changes": "1", "comment": "", f"comment-{section}": "Which conditions?"}

    html = login(people.reviewer).post(sign_off_page(with_the_clinician), form).content.decode()

    assert "Which conditions?" in html
    assert not ChangeRequest.objects.exists()


def test_who_declines_gives_a_reason_and_who_has_a_conflict_cannot_sign(login, people, with_the_clinician):
    client = login(people.reviewer)
    form = {"decline": "1", "role": "medical", "reason": "conflict-of-interest", "words": "I advise the maker."}

    client.post(sign_off_page(with_the_clinician), form)

    assert Decline.objects.get().comment == "I advise the maker."
    html = client.post(sign_off_page(with_the_clinician), signing(load(with_the_clinician), Role.MEDICAL, "medical"))
    assert "declared a conflict of interest" in html.content.decode()
    assert not SignOff.objects.filter(user=people.reviewer.pk).exists()


def test_whoever_declined_reads_so_and_others_read_why(login, people, with_the_clinician):
    form = {"decline": "1", "role": "medical", "reason": "not-my-field", "words": "Ask a lung specialist."}
    login(people.reviewer).post(sign_off_page(with_the_clinician), form)

    own = shown(login(people.reviewer), with_the_clinician)
    others = shown(login(make_clinician("other", name="Dr Other")), with_the_clinician)

    assert "You declined to sign this text. You can change your mind and sign it." in own
    assert "You declined" not in others
    assert "Declined by Dr Ada Reviewer as medical reviewer" in others and "Ask a lung specialist." in others


def test_who_asked_for_changes_is_told_that_a_signature_settles_the_request(login, people, with_the_clinician):
    said = "You asked for changes, and the text has not changed since."
    ask(target=with_the_clinician, by=people.reviewer, reason="Say how many.")
    page = ArticlePage.objects.get(pk=with_the_clinician.pk)
    page.current_workflow_state.resume(people.author)

    assert said in shown(login(people.reviewer), page)

    page = edit(page, by=people.author, summary="What helps, and how certain we are: 12 people.")
    assert said not in shown(login(people.reviewer), page)


def test_who_wrote_it_hears_who_could_sign_instead(login, people):
    writer = make_user("writing-editor", "Editors", first_name="Wanda", last_name="Writer")
    page = make_article(by=writer)

    html = shown(login(writer), page)

    assert "These people can sign as editor: editor." in html
    assert "These people can sign as medical reviewer: Dr Ada Reviewer." in html


def test_after_a_withdrawal_the_page_shows_what_readers_get_in_its_place(login, people, published):
    withdraw(page=published, reason="safety", by=people.editor)

    html = shown(login(people.editor), published)

    assert "Readers see this instead of the article (safety): “This article was withdrawn for safety reasons." in html


def test_a_suggestion_is_seen_by_the_reviewer_until_it_is_decided(login, people, with_the_clinician):
    section = next(row for row in load(with_the_clinician).draft.sections if row.kind == "risks")
    said = {"before": "Irritation can occur.", "after": "Irritation is common.", "comment": "SmPC band."}
    suggestions.suggest(page=with_the_clinician, by=people.reviewer, section=section.id, **said)

    html = shown(login(people.reviewer), with_the_clinician)

    assert "<ins>is common</ins>" in html
    assert "SmPC band." in html


def test_words_that_nobody_signed_are_found_again_among_the_saved_revisions(login, people, submitted):
    ask(target=submitted, by=people.editor, reason="Shorter.")
    page = edit(submitted, by=people.author, summary="What helps an inflamed scalp.")

    html = shown(login(people.editor), page)

    assert re.search(r'id="since".*<del>[^<]*how sure we are', html, re.DOTALL)


def test_each_source_of_a_citation_in_the_text_shows_its_support_and_its_quote(login, people):
    one, other = make_source(), make_source()
    said = {
        str(one.pk): {"support": "direct", "locator": "p. 3", "quote": "It was so in <all>."},
        str(other.pk): {"support": "background", "locator": "", "quote": "Seen."},
    }
    cited = f'<a linktype="citation" sources="{other.pk},{one.pk}" said="{escape(json.dumps(said))}">[x]</a>'
    body = complete_body(one)
    body[-2] = block("conclusion", text=f"<p>It helps {cited}.</p>")
    page = make_article(by=people.author, body=body)
    submit(page=page, by=people.author)

    html = shown(login(people.editor), page)

    beside = next(each for each in re.findall(r"<li>(.*?)</li>", html, re.DOTALL) if "It helps" in each)
    assert re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", beside))).strip() == (
        "It helps. Seen. [2] Doe 2024, Journal of Scalps Cohort study · Background "
        "It was so in <all>. [1] Doe 2024, Journal of Scalps , p. 3 Cohort study · Supports the claim directly"
    )


def test_the_editor_is_not_offered_to_whoever_comes_to_sign(login, people, submitted):
    edits = reverse("wagtailadmin_pages:edit", args=[submitted.pk])

    assert edits not in login(people.editor).get(sign_off_page(submitted)).content.decode()
    assert edits in login(people.author).get(sign_off_page(submitted)).content.decode()


def test_the_start_page_leads_a_clinician_to_signing_and_not_to_the_editor(login, people, with_the_clinician):
    page = login(people.reviewer).get(reverse("wagtailadmin_home")).content.decode()

    assert sign_off_page(with_the_clinician) in page
    assert reverse("wagtailadmin_pages:edit", args=[with_the_clinician.pk]) not in page
