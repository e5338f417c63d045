"""The page to vouch again for what readers get, to which the letter of a due review leads."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from articles.publishing.reaffirm import reaffirm
from articles.publishing.void import void
from articles.record.models import Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Decline
from articles.review.opening import load_current
from articles.review.responses.change_requests import ask
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.admin.conftest import sign_off_page
from tests.factories import (
    PASSWORD,
    complete_body,
    could_sign,
    edit,
    make_article,
    make_clinician,
    make_source,
    make_user,
    sign_as,
    today,
)


@pytest.fixture
def due(people, published):
    """Its review falls due tomorrow, and its draft says something else."""
    Publication.objects.filter(article=published.article_id).update(next_review_on=today() + timedelta(days=1))
    return edit(published, by=people.author, summary="A draft that nobody has signed.")


def address(page) -> str:
    return reverse("articles_reaffirm", args=[page.pk])


def shown(client, page) -> str:
    return client.get(address(page)).content.decode()


def declining(**given) -> dict[str, str]:
    return {"decline": "1", "role": "medical", "reason": "not-my-field", "words": "Ask a surgeon."} | given


def again_signed(page, user):
    review = load_current(page)
    given = {"shown": {"medical": review.digests["medical"]}, "given": checklist.confirmed()}
    reaffirm(page=page, user=user, role=Role.MEDICAL, password=PASSWORD, **given)


def test_the_quotes_stand_beside_the_claims_of_the_edition(login, people, due):
    html = shown(login(people.reviewer), due)

    assert "<blockquote>Redness was reduced.</blockquote>" in html
    assert re.search(r"\[1\] Doe 2024, Journal of Scalps</a>\s*<br>Cohort study · Supports the claim directly", html)
    assert "A draft that nobody has signed." not in html and "Suggest a wording" not in html


def test_the_quotes_stand_there_without_a_draft_and_the_page_says_that_nothing_was_checked(login, people, publish):
    source = make_source()
    page = publish(make_article(by=people.author, body=complete_body(source)))
    source.title = "A study, spelt right"
    source.save()

    html = shown(login(people.reviewer), page)

    assert load_current(page).draft is None
    assert "<blockquote>Redness was reduced.</blockquote>" in html
    assert "The checks did not run" in html and "Nothing found." not in html


def test_the_policy_and_the_history_of_sign_offs_are_shown(login, people, due):
    html = shown(login(people.reviewer), due)

    assert "Medical part: 1 editor and 1 medical reviewer must sign. A review is due every 36 months." in html
    assert re.search(r"Signatures on this text.*✓ Dr Ada Reviewer, MD as medical reviewer", html, re.DOTALL)
    assert "Missing: medical reviewer on the medical part" in html
    assert re.search(r"Signatures by edition.*Edition 1,.*Dr Ada Reviewer", html, re.DOTALL)


def test_who_vouched_again_and_what_was_voided_is_in_the_history(login, people, published):
    second = make_clinician("second", name="Dr Second")
    again_signed(published, second)
    row = SignOff.objects.get(subject=published.article_id, user=people.reviewer.pk)
    void(signoff=row, reason="The licence was suspended.", by=make_user("lead", "Medical leads"))

    html = shown(login(people.reviewer), published)

    history = re.search(r"Signatures by edition.*?</section>", html, re.DOTALL)[0]
    assert re.search(r"Dr Ada Reviewer.*voided.*Dr Second, MD as medical reviewer", history, re.DOTALL)
    assert history.count("voided") == 1


def test_nothing_is_missing_before_the_review_is_due(login, people, published):
    html = shown(login(people.reviewer), published)

    assert "Missing:" not in html and 'name="decline"' not in html and "Sign again" in html


def test_a_due_review_is_declined_from_there_and_somebody_else_is_asked(login, people, due):
    other = make_clinician("other", name="Dr Other")
    client = login(people.reviewer)
    assert 'name="decline"' in shown(client, due)

    answer = client.post(address(due), declining(), follow=True)

    assert "The request goes back to the other people who can sign." in answer.content.decode()
    row = Decline.objects.get()
    assert (row.user, row.reason, row.comment) == (people.reviewer, "not-my-field", "Ask a surgeon.")
    assert could_sign(load_current(due), Role.MEDICAL) == [other]
    assert not Event.objects.filter(kind="reaffirmed").exists()


def test_who_declared_a_conflict_cannot_sign_and_hears_who_could(login, people, due):
    make_clinician("other", name="Dr Other")
    client = login(people.reviewer)
    client.post(address(due), declining(reason="conflict-of-interest"))

    html = shown(client, due)

    assert "declared a conflict of interest" in html and 'type="password"' not in html
    assert "These people can sign as medical reviewer: Dr Other." in html


def test_it_is_declined_while_a_draft_is_in_the_workflow(login, people, due):
    submit(page=due, by=people.author)
    client = login(people.reviewer)
    assert 'name="decline"' in shown(client, due)

    client.post(address(due), declining())

    assert Decline.objects.get().digests == load_current(due).digests


def test_a_decline_without_a_reason_is_refused_and_keeps_what_was_typed(login, people, due):
    answer = login(people.reviewer).post(address(due), declining(reason=""))

    html = answer.content.decode()
    assert 400 <= answer.status_code < 500 and "Choose a reason. It determines who is asked next." in html
    assert "Ask a surgeon." in html and "<details open>" in html
    assert not Decline.objects.exists()


def test_a_review_that_nobody_asks_for_is_not_declined(login, people, published):
    answer = login(people.reviewer).post(address(published), declining())

    assert "nothing to decline" in answer.content.decode() and not Decline.objects.exists()


def test_who_may_read_the_draft_is_led_to_suggest_and_to_ask_for_changes(login, people, due):
    client = login(people.reviewer)
    assert sign_off_page(due) not in shown(client, due)
    assert "tell an editor" in shown(client, due)

    submit(page=due, by=people.author)
    sign_as(due, people.editor, Role.EDITOR)
    html = shown(client, due)

    assert re.search(rf'<a href="{sign_off_page(due)}">[^<]*</a>[^<]*suggest a wording or request changes', html)


def test_who_may_only_edit_is_led_to_the_editor(login, people, due):
    html = shown(login(people.author), due)

    assert reverse("wagtailadmin_pages:edit", args=[due.pk]) in html
    assert "suggest a wording" not in html and "tell an editor" not in html


def test_who_comes_to_sign_again_is_not_offered_the_editor(login, people, due):
    html = shown(login(people.reviewer), due)

    assert reverse("wagtailadmin_pages:edit", args=[due.pk]) not in html and "tell an editor" in html


def test_requests_about_a_draft_are_not_told_there(login, people, due):
    submit(page=due, by=people.author)
    ask(target=due, by=people.editor, reason="Name the dose of the secret draft.")

    assert "secret draft" not in shown(login(people.reviewer), due)


def test_a_newer_edition_is_a_conflict_and_what_changed_is_marked(login, people, published, publish):
    form = {"role": "medical", "digest-medical": load_current(published).digests["medical"], "password": PASSWORD}
    publish(edit(published, by=people.author, summary="What helps, by 2026."))

    answer = login(people.reviewer).post(address(published), form | {"checklist": checklist.VERSION})

    html = answer.content.decode()
    assert answer.status_code == 409 and not Event.objects.filter(kind="reaffirmed").exists()
    assert re.search(r'id="since".*<ins>by 2026', html, re.DOTALL)
