"""The page “Sign several”, and what it says of each text afterwards."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from articles.admin.sign_off.several import PENDING
from articles.checks.finding import Finding, Severity
from articles.publishing.scheduling.schedule import schedule_publication
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.submit import submit
from tests.factories import PASSWORD, edit, make_article, make_clinician, sign_and_publish, sign_as
from tests.schedules import ZONE, soon
from tests.tasks import run_all

pytestmark = pytest.mark.django_db
URL = "/admin/sign-several/"


@pytest.fixture
def waiting(people):
    """Two published articles whose summary changed alike, signed by the editor."""

    def change():
        page = make_article(by=people.author)
        sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
        page = edit(page, by=people.author, summary=f"{page.summary} Ask <b>us</b>.", change_note="Says whom to ask.")
        submit(page=page, by=people.author)
        sign_as(page, people.editor, Role.EDITOR)
        return page

    return [change(), change()]


def posted(client, **given):
    text = client.get(URL).content.decode()
    form = {"token": re.search(r'name="token" value="([^"]+)"', text)[1], "password": PASSWORD}
    form["difference"] = re.findall(r'name="difference" value="([^"]+)"', text)
    return client.post(URL, form | given, follow=True)


def test_the_page_shows_each_difference_once_and_leads_to_every_text(client, people, waiting):
    client.force_login(people.reviewer)
    text = client.get(URL).content.decode()

    assert "2 texts with changes to sign" in text
    assert text.count("Ask &lt;b&gt;us&lt;/b&gt;") == 1
    assert "Summary, in 2 texts" in text
    assert all(reverse("articles_sign_off", args=["article", page.pk]) in text for page in waiting)
    assert "checked" not in re.sub(r"<script.*?</script>", "", text)


def test_the_warnings_of_each_text_are_shown_before_it_is_signed(client, people, waiting, monkeypatch):
    warned = Finding(Severity.WARNING, "title", "A newer version replaces this review.")
    advised = Finding(Severity.ADVICE, "title", "Shorten a sentence.")
    monkeypatch.setattr("articles.admin.sign_off.several.engine.run", lambda draft: [warned, advised])
    client.force_login(people.reviewer)

    text = client.get(URL).content.decode()

    assert text.count(warned.message) == len(waiting)
    assert advised.message not in text


def test_the_result_says_what_becomes_of_each_text(client, people, waiting):
    client.force_login(people.reviewer)

    before = posted(client)
    run_all()
    after = client.get(before.redirect_chain[-1][0])

    assert before.content.decode().count(PENDING) == 2 and b'http-equiv="refresh"' in before.content
    assert after.content.decode().count("Published as edition 2.") == 2 and b"refresh" not in after.content


def test_the_result_shows_no_title_of_a_draft_that_was_not_submitted(client, people, waiting):
    client.force_login(people.reviewer)
    page = posted(client)
    run_all()
    edit(waiting[0], by=people.author, title="A secret plan", draft_title="A secret plan")

    text = client.get(page.redirect_chain[-1][0]).content.decode()

    assert "A secret plan" not in text and waiting[1].title in text


def test_only_the_signer_sees_the_result(client, people, waiting):
    client.force_login(people.reviewer)
    url = posted(client).redirect_chain[-1][0]

    client.force_login(make_clinician("second", name="Dr Second"))
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"difference": []}, "A text is signed when all of its differences are ticked."),
        ({"password": "guess"}, "The password is not right."),
        ({"token": "forged"}, "this form is too old, or it is not the one that you were shown"),
    ],
)
def test_a_refusal_says_why_keeps_the_ticks_and_signs_nothing(client, people, waiting, given, says):
    client.force_login(people.reviewer)
    before = SignOff.objects.count()

    answer = posted(client, **given)

    assert answer.status_code in (403, 409, 422)
    assert says in answer.content.decode()
    assert SignOff.objects.count() == before
    assert answer.content.decode().count(" checked") == (0 if given.get("difference") == [] else 2)


def test_who_signs_nothing_does_not_get_the_page(client, people):
    client.force_login(people.author)

    assert client.get(URL).status_code in (302, 403)


def test_the_start_page_leads_to_it_where_several_texts_wait(client, people, waiting):
    client.force_login(people.reviewer)

    assert URL in client.get("/admin/").content.decode()
    sign_as(waiting[0], people.reviewer, Role.MEDICAL, "medical", scope="changes")
    assert URL not in client.get("/admin/").content.decode()


def test_the_result_names_the_time_of_what_is_scheduled(client, people, waiting):
    schedule_publication(page=waiting[0], at=soon(), zone=ZONE, by=people.editor)
    client.force_login(people.reviewer)

    url = posted(client).redirect_chain[-1][0]
    run_all()
    text = client.get(url).content.decode()

    assert text.count("Signed, and not published: scheduled for") == 1
    assert text.count("Published as edition 2.") == 1 and "All are done." in text


def test_the_result_does_not_wait_for_ever(client, people, waiting, monkeypatch):
    client.force_login(people.reviewer)
    url = posted(client).redirect_chain[-1][0]
    monkeypatch.setattr("articles.admin.sign_off.several.SOON", timedelta())

    text = client.get(url).content.decode()

    assert text.count("Open it to see why.") == 2 and "refresh" not in text
