"""A sign-off that turned out to be worth nothing: what it carried is due at once, or goes."""

import pytest

from articles.admin.publication_status import of_article, of_component
from articles.authoring.permissions import NotPermitted
from articles.errors import CannotSign, NotSignedOff
from articles.publishing.publish import publish_article
from articles.publishing.void import CannotVoid, void
from articles.record.models import ComponentPublication, Event, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Policy
from articles.review.opening import load
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import edit, make_article, make_clinician, make_on_call, make_user, publish_at_once, sign_as
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified


def clinicians(page) -> SignOff:
    return SignOff.objects.filter(subject=page.article_id, role="medical").last()


def test_the_review_is_due_at_once(published, lead):
    assert stored(published)["review"]["status"] == "current"

    event = void(signoff=clinicians(published), reason="The licence had been revoked.", by=lead)

    assert stored(published)["review"]["status"] == "due"
    assert event.data["reason"] == "The licence had been revoked."
    assert [str(item) for item in signatures.missing(load(published))] == ["medical reviewer on the medical part"]
    verified()


def test_another_clinician_makes_it_whole_again(published, lead):
    void(signoff=clinicians(published), reason="Revoked.", by=lead)
    second = make_clinician("second", name="Dr Second")

    sign_as(published, second, Role.MEDICAL, "medical")

    review = stored(published)["review"]
    assert review["status"] == "current" and [row["name"] for row in review["reviewed_by"]] == ["Dr Second"]
    assert Event.objects.get(kind="reaffirmed").data["completes"] is True
    verified()


@pytest.mark.parametrize(("after", "status"), [("withhold", 410), ("banner", 200), ("drop-offers", 200)])
def test_the_policy_says_what_readers_get_meanwhile(people, publish, offer, lead, after, status):
    Policy.objects.filter(kind="medical").update(after_grace=after)
    page = publish(make_article(by=people.author, offer=offer))

    void(signoff=clinicians(page), reason="Revoked.", by=lead)

    answer = get(page)
    assert answer.status_code == status
    assert (of_article(page.article_id).words == "nothing: withheld until it is signed again") == (status == 410)
    if after == "withhold":
        assert answer.json()["reason"] == "review-overdue" and answer.json()["temporary"] is True
        sign_as(page, make_clinician("second"), Role.MEDICAL, "medical")
        assert get(page).status_code == 200
    else:
        assert [row["reason"] for row in answer.json()["omitted"]] == ["review-overdue"] * (after == "drop-offers")
    verified()


def test_before_publication_it_no_longer_counts(people, lead):
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    row = SignOff.objects.filter(subject=page.article_id, part="medical").get()

    void(signoff=row, reason="The password was somebody else's.", by=lead)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    with pytest.raises(NotSignedOff):
        publish_article(page=fresh(page), by=people.editor)


def test_an_offer_is_left_out_until_it_is_signed_again(people, publish, offer, lead):
    page = publish(make_article(by=people.author, offer=offer))
    row = SignOff.objects.get(subject=offer.component_id, role=Role.EDITOR)

    void(signoff=row, reason="Signed by mistake.", by=lead)

    assert [row["reason"] for row in stored(page)["omitted"]] == ["not-published"]
    assert of_component(offer.component_id).words == "nothing: withheld until it is signed again"
    sign_as(offer, make_user("second", "Editors"), Role.EDITOR)
    assert stored(page)["omitted"] == []
    assert ComponentPublication.objects.get(component=offer.component_id).edition == 1
    verified()


def test_it_is_voided_once_with_a_reason_and_by_those_who_may(published, people, lead):
    row = clinicians(published)
    with pytest.raises(NotPermitted):
        void(signoff=row, reason="I do not like it.", by=people.editor)
    with pytest.raises(CannotVoid, match="Give a reason"):
        void(signoff=row, reason=" ", by=lead)
    void(signoff=row, reason="Revoked.", by=lead)

    with pytest.raises(CannotVoid, match="already been voided"):
        void(signoff=row, reason="Revoked.", by=lead)


def test_a_later_edition_does_not_rest_on_it(published, people, publish, lead):
    void(signoff=clinicians(published), reason="Revoked.", by=lead)

    publish(edit(published, by=people.author, summary="Another text."))

    assert stored(published)["review"]["status"] == "current"
    verified()


@pytest.fixture
def changed(published, people):
    """A second edition, of which another clinician signed the changes only."""
    page = edit(published, by=people.author, summary="Another text.", change_note="Clearer.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, make_clinician("second", name="Dr Second"), Role.MEDICAL, "medical", scope="changes")
    return fresh(page)


def whole(page) -> SignOff:
    return SignOff.objects.get(subject=page.article_id, role="medical", scope="whole")


def test_a_signature_on_the_changes_rests_on_those_of_the_edition_before(changed, lead):
    """Else most words of the article would stand on a signature that counts for nothing."""
    assert stored(changed)["edition"]["number"] == 2

    void(signoff=whole(changed), reason="Revoked.", by=lead)

    assert stored(changed)["review"]["status"] == "due"
    assert [str(item) for item in signatures.missing(load(changed))] == ["medical reviewer on the medical part"]
    verified()
    sign_as(changed, make_clinician("third", name="Dr Third"), Role.MEDICAL, "medical")
    review = stored(changed)["review"]
    assert review["status"] == "current" and [row["name"] for row in review["reviewed_by"]] == ["Dr Third"]
    verified()


def test_so_it_does_over_several_editions(changed, people, lead):
    page = edit(changed, by=people.author, summary="A third text.", change_note="Clearer still.")
    submit(page=page, by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, make_clinician("third"), Role.MEDICAL, "medical", scope="changes")

    void(signoff=whole(changed), reason="Revoked.", by=lead)

    assert stored(page)["edition"]["number"] == 3 and stored(page)["review"]["status"] == "due"
    verified()


def test_it_rests_on_its_own_role_alone(changed, people, lead):
    """An editor signed the new medical part whole, so the older signature carries nothing any more."""
    rows = SignOff.objects.filter(subject=changed.article_id, role="editor", part="medical").order_by("event")

    void(signoff=rows[0], reason="Signed by mistake.", by=lead)

    assert stored(changed)["review"]["status"] == "current"
    verified()


def test_a_pending_signature_on_the_changes_falls_with_the_edition_before(published, people, lead):
    page = edit(published, by=people.author, summary="Another text.", change_note="Clearer.")
    submit(page=page, by=people.author)
    sign_as(page, make_clinician("second"), Role.MEDICAL, "medical", scope="changes")

    void(signoff=whole(published), reason="Revoked.", by=lead)
    sign_as(page, people.editor, Role.EDITOR)

    assert stored(page)["edition"]["number"] == 1
    assert [str(item) for item in signatures.missing(load(fresh(page)))] == ["medical reviewer on the medical part"]


def test_who_wrote_a_text_whose_signature_was_voided_still_wrote_it(people, publish, lead):
    """The edition after it was published in an emergency: nobody else vouched for the writer's words."""
    page = make_article(by=people.author)
    page = edit(page, by=people.reviewer, summary="The reviewer's own words.")
    others = make_clinician("other")
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, others, Role.MEDICAL, "medical")
    assert stored(page)["edition"]["number"] == 1
    publish_at_once(
        edit(page, by=people.author, title="Another title", change_note="One."), make_on_call(), reason="Now."
    )
    void(signoff=SignOff.objects.get(user=others.pk, subject=page.article_id), reason="Revoked.", by=lead)
    page = edit(page, by=people.author, title="A third title", change_note="Two.")

    with pytest.raises(CannotSign, match="You contributed to the medical part"):
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
