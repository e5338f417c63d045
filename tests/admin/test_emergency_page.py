"""The page to publish in an emergency shows what the sign-off page shows: nothing is signed there unseen."""

import re

import pytest
from django.urls import reverse

from articles.record.models import Edition, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.responses import suggestions
from articles.review.submit import submit
from tests.admin.conftest import signing
from tests.factories import edit, make_article, sign_as


@pytest.fixture
def changed(people, published):
    """A second edition to be, in the workflow."""
    page = edit(published, by=people.author, summary="What helps, by 2025.", change_note="Newer evidence.")
    submit(page=page, by=people.author)
    return page


def address(page) -> str:
    return reverse("articles_emergency", args=[page.pk])


def shown(client, page) -> str:
    return client.get(address(page)).content.decode()


def test_the_changes_are_marked_and_the_quotes_stand_beside_the_claims(client, on_call, changed):
    html = shown(client, changed)

    assert re.search(r'id="changes".*What changed since edition 1.*<ins>by 2025', html, re.DOTALL)
    assert "<blockquote>Redness was reduced.</blockquote>" in html
    assert re.search(r"\[1\] Doe 2024, Journal of Scalps</a>", html)


def test_the_findings_the_policy_and_earlier_signatures_are_shown(client, on_call, people, changed):
    html = shown(client, changed)

    assert "<h2>Findings</h2>" in html
    assert "Medical part: 1 editor and 1 medical reviewer must sign." in html
    assert re.search(r"Signatures by edition.*Edition 1,.*Dr Ada Reviewer, MD as medical", html, re.DOTALL)
    assert "Missing: editor on the medical part" in html


def test_what_readers_will_hear_is_shown_before_it_is_signed(client, on_call, changed):
    html = shown(client, changed)

    assert html.index("Newer evidence.") < html.index('name="digest-note"')


def test_nobody_is_led_from_there_to_suggest_other_words(client, on_call, people, changed):
    section = load(changed).draft.sections[0].id
    said = {"before": "An itchy scalp is common.", "after": "An itchy scalp is very common."}
    suggestions.suggest(page=changed, by=people.reviewer, section=section, **said)

    html = shown(client, changed)

    assert "Suggest a wording" not in html
    assert "<ins>very </ins>" in html


def test_the_sentence_names_the_parts_that_will_be_signed(client, on_call, people, changed):
    sign_as(changed, people.editor, Role.EDITOR)

    html = shown(client, changed)
    client.post(address(changed), signing(load(changed), Role.MEDICAL) | {"why": "A recall this morning."})

    statement = re.search(r'class="statement">([^<]*)', html)[1]
    assert statement.endswith("Signed: medical part.")
    assert SignOff.objects.filter(user=on_call.pk).values_list("meaning", flat=True).get() == statement


def test_a_note_that_changed_meanwhile_is_a_conflict_and_the_new_text_is_marked(client, on_call, people, changed):
    form = signing(load(changed), Role.MEDICAL) | {"why": "A recall this morning."}
    edit(changed, by=people.author, summary="What helps, by 2026.", change_note="Newest evidence.")

    answer = client.post(address(changed), form)

    html = answer.content.decode()
    assert answer.status_code == 409 and Edition.objects.count() == Publication.objects.count() + 2
    assert re.search(r'id="since".*What changed since you read it.*<ins>2026', html, re.DOTALL)
    assert "Newest evidence." in html and "A recall this morning." in html


def test_who_cannot_sign_reads_it_all_the_same(client, on_call, people, changed):
    edit(changed, by=on_call, title="A title of the clinician")

    html = shown(client, changed)

    assert "someone else must sign it (four-eyes rule)" in html and 'type="password"' not in html
    assert "A title of the clinician" in html and 'id="changes"' in html


def test_a_draft_that_cannot_be_rendered_says_why(client, on_call, people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    edit(page, by=people.author, title="Hid\u202eden")

    answer = client.get(address(page))

    assert answer.status_code == 422 and "invisible characters that reorder text" in answer.content.decode()
