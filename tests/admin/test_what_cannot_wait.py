"""The pages for what cannot wait: safety notices, withdrawing many, an emergency, voiding; and reviewing again."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.publishing import notices
from articles.publishing.withdraw import withdraw
from articles.record.models import Edition, Event, Publication, SignOff
from articles.review.opening import load, load_current
from articles.review.signing import checklist
from articles.review.submit import submit
from tests.factories import (
    PASSWORD,
    complete_body,
    edit,
    make_article,
    make_clinician,
    make_source,
    make_user,
    sign_as,
)
from tests.pipeline.reading import get, stored

CODE = {"system": "icd-10-cm", "code": "L65.9", "display": "Hair loss"}
TEXT = "Batch 7 is being recalled."
CONFIRMED = {"checklist": checklist.VERSION}
PERMISSIONS = ("withdraw_article", "schedule_article", "refile_article")


@pytest.fixture
def coded(people, publish):
    codes = json.dumps([{"type": "code", "id": "c0de", "value": CODE}])
    return [publish(make_article(by=people.author, codes=codes)) for _ in range(3)]


def digests(review) -> dict[str, str]:
    return {f"digest-{key}": mark for key, mark in review.shown(review.digests).items()}


def test_a_notice_is_put_on_what_a_code_finds(client, on_call, coded, published):
    url = reverse("articles_notices") + "?code=icd-10-cm|L65.9"
    page = client.get(url).content.decode()
    assert all(article.title in page for article in coded) and str(published.article_id) not in page

    ticked = [str(article.article_id) for article in coded[:2]]
    answer = client.post(url, {"article": ticked, "text-en": TEXT, "password": PASSWORD}, follow=True)

    said = answer.content.decode()
    assert "is now shown above these articles" in said and " checked>" not in said
    active = client.get(reverse("articles_notices")).content.decode()
    assert TEXT in active and [article.title in active for article in coded] == [True, True, False]
    assert [len(stored(article)["notices"]) for article in coded] == [1, 1, 0]


def test_a_refused_notice_keeps_what_was_typed_and_ticked(client, on_call, coded):
    url = reverse("articles_notices") + "?code=icd-10-cm|L65.9"
    ticked = [str(coded[0].article_id)]

    answer = client.post(url, {"article": ticked, "text-en": TEXT, "password": "wrong"})

    said = answer.content.decode()
    assert answer.status_code == 422 and "password is not right" in said and TEXT in said
    assert said.count(" checked>") == 1
    assert not Event.objects.filter(kind="noticed").exists()


def test_a_notice_is_lifted_with_a_reason(client, on_call, coded):
    notice = notices.give(articles=[coded[0].article_id], texts={"en": TEXT}, user=on_call, password=PASSWORD)
    url = reverse("articles_notices_lift", args=[notice])
    assert TEXT in client.get(url).content.decode()

    assert "Explain why" in client.post(url, {"reason": ""}, follow=True).content.decode()
    answer = client.post(url, {"reason": "The recall is over."}, follow=True)

    assert "Removed from 1 article." in answer.content.decode() and stored(coded[0])["notices"] == []
    assert "No article shows this notice" in client.get(url).content.decode()


def test_many_are_withdrawn_for_one_reason(client, people, coded, published):
    client.force_login(people.editor)
    url = reverse("articles_withdraw_many") + "?code=icd-10-cm|L65.9"
    ticked = [str(article.article_id) for article in coded]

    answer = client.post(url, {"article": ticked, "reason": "safety"}, follow=True)

    said = answer.content.decode()
    assert "Withdrawn: 3 articles." in said and " checked>" not in said
    assert [get(article).status_code for article in [*coded, published]] == [410, 410, 410, 200]


def test_many_are_withdrawn_for_one_that_takes_their_place(client, people, coded, published):
    client.force_login(people.editor)
    url = reverse("articles_withdraw_many") + "?code=icd-10-cm|L65.9"
    page = client.get(url).content.decode()
    assert 'name="replacement"' in page and "page-chooser-modal.js" in page
    ticked = [str(article.article_id) for article in coded]
    given = {"article": ticked, "reason": "superseded"}

    refused = client.post(url, given | {"replacement": coded[0].pk})
    answer = client.post(url, given | {"replacement": published.pk}, follow=True)

    assert refused.status_code == 422 and "Choose another article, or none" in refused.content.decode()
    assert "Withdrawn: 3 articles." in answer.content.decode()
    assert {get(article).json()["replacement"]["id"] for article in coded} == {str(published.article_id)}


@pytest.mark.parametrize("name", ["articles_withdraw", "articles_withdraw_many"])
def test_a_replacement_tells_nobody_the_title_of_a_draft_that_is_not_theirs(client, people, published, name):
    draft = make_article(by=people.author, title="A title of a draft")
    url = reverse(name, args=[published.pk] if name == "articles_withdraw" else []) + "?words=scalp"
    client.force_login(make_user("lead", "Medical leads"))

    answers = [client.post(url, {"replacement": key}) for key in (draft.pk, "abc", "9" * 30)]

    assert all("Choose a reason" in answer.content.decode() for answer in answers)
    assert draft.title not in answers[0].content.decode()


@pytest.mark.parametrize("query", ["?code=L65.9", "?code=other|1", "?topic=none", "?words=no+such+words"])
def test_a_search_that_finds_nothing_says_so(client, people, coded, query):
    client.force_login(people.editor)

    said = client.get(reverse("articles_withdraw_many") + query).content.decode()

    assert "Nothing contains any of this" in said or "error" in said


def test_who_may_not_schedule_withdraws_and_leaves_the_schedules(client, lead, people, coded, later):
    words = edit(coded[0], by=people.author, summary="Rapamune helps.")
    later(words)
    submit(page=words, by=people.author)
    client.force_login(lead)
    url = reverse("articles_withdraw_many") + "?words=rapamune,scalp"

    page = client.get(url).content.decode()
    answer = client.post(url, {"article": [str(coded[0].article_id)], "reason": "safety"}, follow=True)

    assert "Schedules: 1" in page and 'name="schedule"' not in page
    assert "Withdrawn: 1 article." in answer.content.decode()


def test_without_a_tick_nothing_happens(client, people, coded):
    client.force_login(people.editor)
    url = reverse("articles_withdraw_many") + "?code=icd-10-cm|L65.9"

    answer = client.post(url, {"reason": "safety", "article": ["no-id", "' OR 1=1"]})

    assert answer.status_code == 422 and "nothing to withdraw" in answer.content.decode()


def test_a_clinician_on_call_publishes_in_an_emergency(client, on_call, people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    url = reverse("articles_emergency", args=[page.pk])
    assert "Your signature alone publishes this text immediately" in client.get(url).content.decode()

    given = digests(load(page)) | CONFIRMED | {"password": PASSWORD, "why": "A recall this morning."}
    answer = client.post(url, given, follow=True)

    assert "Published in an emergency" in answer.content.decode()
    assert get(page).json()["review"]["status"] == "emergency"


def test_an_emergency_on_the_last_signature_says_that_it_is_none(client, on_call, people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, "editor")

    given = digests(load(page)) | CONFIRMED | {"password": PASSWORD, "why": "A recall this morning."}
    answer = client.post(reverse("articles_emergency", args=[page.pk]), given, follow=True)

    assert "Published with all required signatures as edition 1." in answer.content.decode()
    assert get(page).json()["review"]["status"] == "current"


def test_an_emergency_that_is_refused_keeps_the_reason(client, on_call, people):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    url = reverse("articles_emergency", args=[page.pk])

    answer = client.post(url, digests(load(page)) | CONFIRMED | {"password": "wrong", "why": "A recall."})

    assert answer.status_code == 403 and "A recall." in answer.content.decode()
    assert not Publication.objects.exists()


def test_a_clinician_reviews_again_what_readers_get(client, people, published):
    edit(published, by=people.author, summary="A draft that nobody has signed.")
    client.force_login(people.reviewer)
    url = reverse("articles_reaffirm", args=[published.pk])
    page = client.get(url).content.decode()
    assert "Sign again" in page and "nobody has signed" not in page

    given = {"role": "medical", "digest-medical": load_current(published).digests["medical"], "password": PASSWORD}
    refused = client.post(url, given)
    answer = client.post(url, given | CONFIRMED, follow=True)

    assert refused.status_code == 422 and "Confirm the checklist" in refused.content.decode()
    assert "The next review is due on" in answer.content.decode()
    assert Event.objects.filter(kind="reaffirmed").count() == 1
    assert Edition.objects.filter(subject=published.article_id).count() == 1


def test_a_lead_voids_a_sign_off(client, published):
    client.force_login(make_user("lead", "Medical leads"))
    row = SignOff.objects.get(subject=published.article_id, role="medical")
    url = reverse("articles_void", args=[row.pk])
    assert "you cannot undo this" in client.get(url).content.decode()

    answer = client.post(url, {"reason": "The licence was suspended."}, follow=True)

    assert "was voided and no longer counts" in answer.content.decode()
    assert stored(published)["review"]["status"] == "due"
    assert "already been voided" in client.post(url, {"reason": "Again."}).content.decode()


@pytest.mark.parametrize(
    "name", ["articles_notices", "articles_withdraw_many", "articles_emergency", "articles_reaffirm", "articles_void"]
)
def test_they_are_not_for_authors(client, people, published, name):
    client.force_login(people.author if name != "articles_reaffirm" else make_user("other", "Authors"))
    keys = {"articles_emergency": [published.pk], "articles_reaffirm": [published.pk]}
    keys["articles_void"] = [SignOff.objects.first().pk]

    answer = client.get(reverse(name, args=keys.get(name, [])))

    assert answer.status_code in (302, 403) and b"Zwirbel" not in answer.content
    assert client.post(reverse(name, args=keys.get(name, [])), {"reason": "safety"}).status_code in (302, 403)


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_what_readers_do_not_get_is_not_reviewed_again(client, people, publish, is_withdrawn):
    page = make_article(by=people.author)
    if is_withdrawn:
        withdraw(page=publish(page), reason="other", by=people.editor)
    client.force_login(make_clinician("second", name="Dr Second"))
    url = reverse("articles_reaffirm", args=[page.pk])

    assert client.get(url).status_code == 404
    assert client.post(url, {"role": "medical", "password": PASSWORD}).status_code == 404


def test_the_page_to_review_again_leads_to_the_draft_only_who_may_read_it(client, people, published):
    edit(published, by=people.author, summary="A draft that nobody has signed.")
    url, desk = (
        reverse(name, args=args)
        for name, args in (("articles_reaffirm", [published.pk]), ("articles_sign_off", ["article", published.pk]))
    )

    client.force_login(make_clinician("second", name="Dr Second"))
    assert desk not in client.get(url).content.decode()
    client.force_login(people.editor)
    assert desk in client.get(url).content.decode()


@pytest.mark.parametrize("given", [{"role": "bishop"}, {"digest-bishop": "sha-256:0"}, {"digest-medical": "\x00"}])
def test_a_forged_form_to_review_again_is_refused_in_words(client, people, published, given):
    client.force_login(people.reviewer)
    shown = {"role": "medical", "digest-medical": load_current(published).digests["medical"], "password": PASSWORD}

    answer = client.post(reverse("articles_reaffirm", args=[published.pk]), shown | CONFIRMED | given)

    assert answer.status_code in (403, 409) and "note-wrong" in answer.content.decode()
    assert not Event.objects.filter(kind="reaffirmed").exists()


def test_an_edition_that_no_draft_renders_any_more_is_reviewed_with_the_whole_checklist(client, people, publish):
    source = make_source()
    page = publish(make_article(by=people.author, body=complete_body(source)))
    source.title = "A study, spelt right"
    source.save()
    client.force_login(people.reviewer)
    url = reverse("articles_reaffirm", args=[page.pk])

    assert load_current(page).draft is None
    assert all(item.sentence in client.get(url).content.decode() for item in checklist.BY_REVIEWER)
    given = {"role": "medical", "digest-medical": load_current(page).digests["medical"], "password": PASSWORD}
    client.post(url, given | CONFIRMED)

    row = SignOff.objects.filter(subject=page.article_id, part="medical").latest("pk")
    assert row.checklist["answers"] == {item.id: "yes" for item in checklist.BY_REVIEWER}


@pytest.mark.parametrize("name", ["withdraw", "withdraw_later", "publish_later", "refile"])
def test_verbs_are_for_what_readers_got_or_what_one_may_read(client, people, name):
    page = make_article(by=people.author, title="A title of a draft")
    lead = make_user("lead", "Medical leads")
    lead.user_permissions.add(*Permission.objects.filter(codename__in=PERMISSIONS))
    url = reverse(f"articles_{name}", args=[page.pk])

    client.force_login(lead)
    refused = client.get(url)
    client.force_login(people.editor)
    shown = client.get(url)

    assert refused.status_code == 404 and shown.status_code == 200
    assert page.title in shown.content.decode()


def test_a_verb_names_what_readers_get(client, people, published):
    edit(published, by=people.author, title="A title of a draft")
    client.force_login(make_user("lead", "Medical leads"))

    said = client.get(reverse("articles_withdraw", args=[published.pk])).content.decode()

    assert published.title in said and "A title of a draft" not in said


@pytest.mark.parametrize(("who", "is_offered"), [("editor", False), ("withdrawing_clinician", True)])
def test_only_a_clinician_is_offered_an_explanation_of_their_own(client, people, published, who, is_offered):
    """Readers get no words that no clinician signed, so nobody else is asked for some."""
    people.withdrawing_clinician = make_clinician("withdrawing")
    people.withdrawing_clinician.user_permissions.add(Permission.objects.get(codename="withdraw_article"))
    client.force_login(getattr(people, who))

    page = client.get(reverse("articles_withdraw", args=[published.pk])).content.decode()

    assert ("Your explanation" in page) == ("Your password" in page) == is_offered


@pytest.mark.parametrize(
    ("reason", "way"), [("other", "One clinician can return it unchanged."), ("safety", "It returns when it is signed")]
)
def test_a_withdrawal_says_how_the_article_can_come_back(client, people, published, reason, way):
    client.force_login(people.editor)
    url = reverse("articles_withdraw", args=[published.pk])

    assert way in client.post(url, {"reason": reason}, follow=True).content.decode()
