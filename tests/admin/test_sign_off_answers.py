"""Public change note of a change, and the author's own words where these are others, on both pages."""

import re

import pytest
from django.urls import reverse

from articles.publishing.withdraw import withdraw
from articles.record import words
from articles.review.opening import load
from articles.review.submit import submit
from tests.admin.conftest import sign_off_page
from tests.factories import edit, make_article, make_byline, make_on_call

OWN = "Words of the author."


@pytest.fixture(params=["sign-off", "emergency"])
def told(request, client, people):
    """told(page): the card on the page, as text; "" where there is none."""

    def card(page) -> str:
        if request.param == "sign-off":
            client.force_login(people.editor)
            address = sign_off_page(page)
        else:
            client.force_login(make_on_call())
            if not page.workflow_in_progress:
                submit(page=page, by=people.author)
            address = reverse("articles_emergency", args=[page.pk])
        html = client.get(address).content.decode()
        mark = load(page).note_mark
        assert (f'name="digest-note" value="{mark}"' in html) == (bool(mark) and 'type="password"' in html)
        found = re.search(r'id="told".*?</section>', html, re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()).replace("&#x27;", "'") if found else ""

    return card


def test_a_material_change_tells_the_authors_words(told, people, published):
    said = told(edit(published, by=people.author, summary="What helps, by 2025.", change_note=OWN))

    assert f"Public change note material {OWN}" in said
    assert "own note" not in said and "correction" not in said


def test_a_correction_says_what_becomes_of_it(told, people, published):
    page = edit(published, by=people.author, summary="What helps, by 2025.", change_note=OWN, is_correction=True)

    said = told(page)

    assert f"material correction {OWN}" in said
    assert "also appears above the article" in said


def test_of_the_presentation_alone_readers_hear_nothing(told, people, published):
    page = edit(published, by=people.author, authors=make_byline(), change_note=OWN, is_correction=True)

    said = told(page)

    assert "editorial Only the presentation changed. Readers see no change note" in said
    assert said.index("The author's own note") < said.index(OWN)
    assert "Readers do not see this note" in said and "readers will not see a correction" in said


def test_of_an_editorial_change_readers_hear_nothing_and_the_page_says_that_it_is_signed(told, people, published):
    said = told(edit(published, by=people.author, summary="What is known.", change_note="", is_editorial=True))

    assert "Public change note editorial The author proposes an editorial change" in said
    assert "Your signature confirms this." in said and "request changes" in said


def test_a_note_that_is_missing_is_said_to_be_missing(told, people, published):
    page = edit(published, by=people.author, summary="What helps, by 2025.", change_note=OWN)
    submit(page=page, by=people.author)

    said = told(edit(page, by=people.author, change_note=""))

    assert "Public change note material There is no note" in said and OWN not in said


def test_of_a_first_edition_readers_hear_of_no_change(told, people):
    said = told(make_article(by=people.author, change_note=OWN))

    assert "first edition" in said and f"Readers do not see this note. {OWN}" in said


def test_after_a_withdrawal_the_note_is_heard_again(told, people, published):
    page = edit(published, by=people.author, summary="What helps, by 2025.", change_note=OWN)
    withdraw(page=page, reason="other", by=people.editor)

    assert f"material {OWN}" in told(page)


def test_what_readers_get_already_tells_of_nothing(login, people, published):
    html = login(people.editor).get(sign_off_page(published)).content.decode()

    assert 'id="told"' not in html


def test_in_an_emergency_the_page_says_what_will_stand_above_the_text(client, people):
    page = make_article(by=people.author, change_note="")
    submit(page=page, by=people.author)
    client.force_login(make_on_call())

    html = client.get(reverse("articles_emergency", args=[page.pk])).content.decode()

    assert words.sentence("notice-emergency", "en").text.replace("'", "&#x27;") in html
