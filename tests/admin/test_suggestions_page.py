"""The pages on which reviewers suggest other words, and editors take them up or not."""

import pytest
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.record.vocabulary import Role
from articles.review.models import Suggestion
from articles.review.responses.suggestions import body_of, suggest
from articles.review.workflow import sign_off_url
from tests.factories import make_article, make_clinician, make_user, sign_as

TEXT = "Irritation can occur."


@pytest.fixture
def waiting(people, submitted):
    sign_as(submitted, people.editor, Role.EDITOR)
    return ArticlePage.objects.get(pk=submitted.pk)


@pytest.fixture
def risks(waiting) -> str:
    return next(block["id"] for block in body_of(waiting) if block["type"] == "risks")


@pytest.fixture
def made(people, waiting, risks):
    return suggest(page=waiting, by=people.reviewer, section=risks, before=TEXT, after="Irritation is common.")


def suggest_url(page, section) -> str:
    return reverse("articles_suggest", args=[page.pk, section])


def decide_url(page) -> str:
    return reverse("articles_suggestions", args=[page.pk])


def number_of(html: str, words: str) -> str:
    """The number of the form's field that holds these words."""
    return html.split(f'value="{words}"')[0].rsplit('name="before-', 1)[1].split('"')[0]


def test_the_section_s_passages_stand_in_the_form_as_people_read_them(login, people, waiting, risks):
    html = login(people.reviewer).get(suggest_url(waiting, risks)).content.decode()

    assert f">{TEXT}</textarea>" in html
    assert ">Irritation</textarea>" in html
    assert ">Ask first.</textarea>" in html


def test_each_changed_passage_becomes_a_suggestion(login, people, waiting, risks):
    client = login(people.reviewer)
    html = client.get(suggest_url(waiting, risks)).content.decode()
    first, second = number_of(html, TEXT), number_of(html, "Ask first.")
    form = {
        f"before-{first}": TEXT,
        f"after-{first}": "Irritation is common.",
        f"before-{second}": "Ask first.",
        f"after-{second}": "Ask first.\r\n",
        "comment": "By the label.",
    }

    answer = client.post(suggest_url(waiting, risks), form, follow=True)

    row = Suggestion.objects.get()
    assert (row.before, row.after, row.comment) == (TEXT, "Irritation is common.", "By the label.")
    assert row.user == people.reviewer
    assert "1 suggestion sent. An editor decides." in answer.content.decode()


def test_of_two_passages_none_is_suggested_when_one_is_gone_and_the_words_are_kept(login, people, waiting, risks):
    form = {"before-0": TEXT, "after-0": "It itches.", "before-1": "No such words", "after-1": "Other words"}

    answer = login(people.reviewer).post(suggest_url(waiting, risks), form)

    assert answer.status_code == 409
    assert "It itches." in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_a_form_in_which_nothing_changed_says_so(login, people, waiting, risks):
    answer = login(people.reviewer).post(suggest_url(waiting, risks), {"before-0": TEXT, "after-0": TEXT})

    assert "Change at least one field" in answer.content.decode()


def test_a_section_that_is_not_there_is_not_found(login, people, waiting):
    assert login(people.reviewer).get(suggest_url(waiting, "gone")).status_code == 404


def test_an_editor_takes_the_words_up(login, people, waiting, made):
    other = make_user("other-editor", "Editors")

    answer = login(other).post(decide_url(waiting), {"suggestion": made.pk, "accept": "1"}, follow=True)

    assert "A new draft with the change was saved in your name" in answer.content.decode()
    assert "Irritation is common." in ArticlePage.objects.get(pk=waiting.pk).get_latest_revision().content["body"]


def test_an_editor_does_not_take_them_up(login, people, waiting, made):
    login(people.editor).post(decide_url(waiting), {"suggestion": made.pk, "reject": "1"})

    made.refresh_from_db()
    assert made.state == "rejected"
    assert TEXT in ArticlePage.objects.get(pk=waiting.pk).get_latest_revision().content["body"]


def test_whoever_suggested_reads_that_it_was_rejected_and_by_whom(login, people, waiting, made):
    login(people.editor).post(decide_url(waiting), {"suggestion": made.pk, "reject": "1"})

    own = login(people.reviewer).get(sign_off_url(waiting)).content.decode()
    others = login(make_clinician("other")).get(sign_off_url(waiting)).content.decode()

    assert "Your rejected suggestions" in own and "Rejected by <strong>editor</strong>" in own
    assert "Your rejected suggestions" not in others


def test_whoever_suggested_can_take_it_back_and_nobody_else(login, people, waiting, made):
    page = login(people.reviewer).get(sign_off_url(waiting)).content.decode()
    assert "Take it back" in page
    assert "Take it back" not in login(make_clinician("other")).get(sign_off_url(waiting)).content.decode()

    refused = login(make_clinician("third")).post(sign_off_url(waiting), {"take-back": made.pk})
    made.refresh_from_db()
    assert (refused.status_code, made.state) == (404, "open")
    login(people.reviewer).post(sign_off_url(waiting), {"take-back": made.pk})

    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("rejected", people.reviewer)
    assert "Your rejected suggestions" not in login(people.reviewer).get(sign_off_url(waiting)).content.decode()


def test_before_accepting_the_page_says_who_could_sign_as_editor(login, people, waiting, made):
    client = login(people.editor)
    assert "No one else can sign as editor now." in client.get(decide_url(waiting)).content.decode()

    make_user("second", "Editors", first_name="Eve", last_name="Second")

    assert "These people can sign as editor: Eve Second." in client.get(decide_url(waiting)).content.decode()


def test_the_review_panel_shows_open_suggestions_to_the_editor(login, people, waiting, made):
    html = login(people.editor).get(reverse("articles_panel", args=[waiting.pk])).content.decode()

    assert "<ins>is common</ins>" in html
    assert decide_url(waiting) in html


@pytest.mark.parametrize("who", ["reviewer", "stranger"])
def test_who_may_not_edit_decides_nothing(login, people, waiting, made, who):
    user = people.reviewer if who == "reviewer" else make_user("stranger")

    answer = login(user).post(decide_url(waiting), {"suggestion": made.pk, "accept": "1"})

    made.refresh_from_db()
    assert answer.status_code == 302
    assert made.state == "open"


def test_a_stranger_sees_no_words_of_a_draft(login, people, waiting, risks):
    answer = login(make_user("stranger")).get(suggest_url(waiting, risks))

    assert answer.status_code == 302
    assert TEXT.encode() not in answer.content


def test_a_clinician_reads_no_section_of_a_draft_that_was_not_submitted(login, people):
    page = make_article(by=people.author)

    answer = login(people.reviewer).get(suggest_url(page, body_of(page)[0]["id"]))

    assert answer.status_code == 302


@pytest.mark.parametrize("key", ["", "0", "x", "9" * 30])
def test_a_suggestion_that_is_not_there_is_not_found(login, people, waiting, key):
    assert login(people.editor).post(decide_url(waiting), {"suggestion": key, "accept": "1"}).status_code == 404
