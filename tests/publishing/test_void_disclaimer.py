"""A disclaimer's signature is voided: the articles that show it are due until it is signed anew."""

import pytest

from articles.admin.evidence.moment import NothingLive, live_at
from articles.publishing.jobs.due import publish_due
from articles.publishing.recompose import recompose_all
from articles.publishing.void import void, write_void
from articles.record.delivery import laggards
from articles.record.models import ComponentPublication, Edition, Event, Publication, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.submit import submit
from tests.factories import edit, make_article, make_clinician, make_disclaimer, sign_as, today
from tests.pipeline.reading import get, stored, verified

REASON = "The licence had been revoked."


@pytest.fixture
def second(db):
    return make_clinician("second", name="Dr Second")


def clinicians(disclaimer) -> SignOff:
    return SignOff.objects.filter(subject=disclaimer.component_id, role="medical").last()


def status(page) -> str:
    return stored(page)["review"]["status"]


def test_the_article_is_due_at_once_and_still_shows_it(published, disclaimer, lead):
    before = stored(published)

    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    after = stored(published)
    assert (before["review"]["status"], after["review"]["status"]) == ("current", "due")
    assert after["review"]["next_review_on"] == today().isoformat()
    assert after["review"]["reviewed_by"] == before["review"]["reviewed_by"]
    assert after["content"]["disclaimers"] == before["content"]["disclaimers"] != []
    assert get(published).json()["review"]["status"] == "due"
    verified()


def test_there_is_nothing_left_to_recompose(published, disclaimer, lead):
    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)
    ledger = Event.objects.count()

    assert (recompose_all(), laggards.find(), publish_due().recomposed) == (0, [], 0)
    assert Event.objects.count() == ledger


def test_what_a_crash_left_behind_is_found(published, disclaimer, lead):
    write_void(signoff=clinicians(disclaimer), reason=REASON, by=lead)  # and the process dies
    assert status(published) == "current" and laggards.find() == [published.article_id]

    assert publish_due().recomposed == 1

    assert status(published) == "due"
    verified()


@pytest.mark.parametrize(("after", "code"), [("withhold", 410), ("banner", 200), ("drop-offers", 200)])
def test_the_policy_says_what_readers_get_meanwhile(people, publish, offer, disclaimer, lead, second, after, code):
    Policy.objects.filter(kind="medical").update(after_grace=after)
    page = publish(make_article(by=people.author, offer=offer, disclaimers=[disclaimer]))

    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    answer = get(page)
    assert answer.status_code == code
    if after == "withhold":
        assert answer.json()["reason"] == "review-overdue" and answer.json()["temporary"] is True
    else:
        assert [row["reason"] for row in answer.json()["omitted"]] == ["review-overdue"] * (after == "drop-offers")
    verified()
    sign_as(disclaimer, second, Role.MEDICAL)
    assert get(page).status_code == 200 and stored(page)["omitted"] == []
    verified()


def test_another_clinicians_signature_ends_it(published, disclaimer, lead, second):
    before = stored(published)
    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    sign_as(disclaimer, second, Role.MEDICAL)

    assert stored(published) == before
    assert Edition.objects.filter(subject=disclaimer.component_id).count() == 1
    assert Event.objects.get(kind="reaffirmed").subject == disclaimer.component_id
    assert (recompose_all(), laggards.find()) == (0, [])
    verified()


def test_its_next_edition_ends_it(published, people, disclaimer, lead, second):
    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)
    disclaimer.text = "<p>General information. Ask a clinician about your own case.</p>"
    disclaimer.save()
    disclaimer.save_revision(user=people.author)

    sign_as(disclaimer, second, Role.MEDICAL)

    assert status(published) == "current" and stored(published)["components"][1]["edition"] == 2
    verified()


def test_a_signature_that_was_voided_after_it_was_replaced_changes_nothing(published, disclaimer, lead, second):
    first = clinicians(disclaimer)
    void(signoff=first, reason=REASON, by=lead)
    sign_as(disclaimer, second, Role.MEDICAL)
    assert status(published) == "current"

    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    assert status(published) == "due"
    sign_as(disclaimer, make_clinician("third"), Role.MEDICAL)
    assert status(published) == "current"
    verified()


@pytest.fixture
def double(people, second):
    """A disclaimer that two clinicians have signed, as its policy asks."""
    Policy.objects.filter(kind="disclaimer").update(medical=2)
    made = make_disclaimer(by=people.author, text="<p>Signed by two.</p>")
    for user in (people.reviewer, second):
        sign_as(made, user, Role.MEDICAL)
    return made


def test_of_two_signatures_one_voided_is_enough(people, publish, lead, double):
    page = publish(make_article(by=people.author, disclaimers=[double]))

    void(signoff=clinicians(double), reason=REASON, by=lead)

    assert status(page) == "due"
    sign_as(double, make_clinician("third"), Role.MEDICAL)
    assert status(page) == "current"
    verified()


def test_one_that_the_policy_no_longer_needs_is_missed_by_nobody(people, publish, lead, double):
    page = publish(make_article(by=people.author, disclaimers=[double]))
    first = SignOff.objects.get(subject=double.component_id, user=people.reviewer.pk)
    Policy.objects.filter(kind="disclaimer").update(medical=1)

    void(signoff=clinicians(double), reason=REASON, by=lead)

    assert status(page) == "current"
    assert Event.objects.get(kind="reaffirmed").data["signoffs"] == [first.pk]
    verified()


def test_reviewing_the_article_again_does_not_end_it(published, disclaimer, lead, second):
    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)
    void(signoff=SignOff.objects.get(subject=published.article_id, role="medical"), reason=REASON, by=lead)

    sign_as(published, second, Role.MEDICAL, "medical")

    assert status(published) == "due"
    assert [row["name"] for row in stored(published)["review"]["reviewed_by"]] == ["Dr Second"]
    verified()


def test_an_edition_without_the_disclaimer_ends_it(published, people, disclaimer, lead):
    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    submit(page=edit(published, by=people.author, disclaimers=[]), by=people.author)
    sign_as(published, people.editor, Role.EDITOR, "presentation")

    assert status(published) == "current"
    verified()


def test_articles_without_it_stay_as_they_are(published, people, publish, disclaimer, lead):
    other = publish(make_article(by=people.author))

    void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    assert status(other) == "current"
    assert not Event.objects.filter(kind="refiled", subject=other.article_id).exists()


def test_readers_get_the_disclaimers_edition_as_before(published, disclaimer, lead):
    event = void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    row = ComponentPublication.objects.get(component=disclaimer.component_id)
    assert (row.state, row.edition, row.event) == ("published", 1, event.number)


def test_the_evidence_says_the_same(people, publish, disclaimer, lead):
    Policy.objects.filter(kind="medical").update(after_grace="withhold")
    page = publish(make_article(by=people.author, disclaimers=[disclaimer]))
    before = Publication.objects.get(article=page.article_id).composed_at
    event = void(signoff=clinicians(disclaimer), reason=REASON, by=lead)

    assert live_at(page.article_id, before).standing.voided_at is None
    with pytest.raises(NothingLive, match="withheld"):
        live_at(page.article_id, event.at)
