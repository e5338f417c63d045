"""All sign-offs of a person since a day are worth nothing: what readers get then is said before, exactly."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from articles.authoring.permissions import NotPermitted
from articles.errors import ContentChanged, NotSignedOff
from articles.publishing import notices
from articles.publishing.people.void_since import Effect, NothingToVoid, preview, signed_since, void_since
from articles.publishing.publish import publish_article
from articles.publishing.void import CannotVoid, lock, void, write_voids
from articles.publishing.withdraw import withdraw
from articles.record.models import ComponentPublication, Event, SignOff
from articles.record.vocabulary import Role
from articles.review.models import Mail, OpenNeed, Policy
from articles.review.submit import submit
from cms.models import User
from tests.factories import (
    PASSWORD,
    give_login,
    make_article,
    make_clinician,
    make_disclaimer,
    make_offer,
    make_on_call,
    make_user,
    sign_as,
)
from tests.hands import fresh
from tests.pipeline.reading import get, stored, verified
from tests.tasks import run_all

LONG_AGO = timezone.now() - timedelta(days=3650)


def all_of(user) -> list[SignOff]:
    return list(SignOff.objects.filter(user=user.pk).order_by("pk"))


def void_all(user, by, **given) -> list[Event]:
    shown = [row.pk for row in signed_since(user.pk, given.get("since", LONG_AGO))]
    return void_since(login=user.pk, by=by, **({"since": LONG_AGO, "shown": shown, "reason": "Revoked."} | given))


def effects_of(user, by) -> dict:
    """{title: what readers would get}"""
    return {effect.title: effect for effect in preview(login=user.pk, since=LONG_AGO, by=by).effects}


def voided() -> set[int]:
    return {row.data["signoff"] for row in Event.objects.filter(kind="voided")}


def test_all_of_them_are_voided_with_one_reason_each_with_its_line(published, people, lead):
    rows = all_of(people.reviewer)
    assert len(rows) == 3  # the disclaimer, the offer and the article

    done = void_all(people.reviewer, lead)

    assert voided() == {row.pk for row in rows}
    assert {event.data["reason"] for event in done} == {"Revoked."}
    assert len({event.data["together"] for event in done}) == 1 and {event.data["of"] for event in done} == {3}
    assert stored(published)["review"]["status"] == "due"
    verified()


def test_only_sign_offs_since_that_day_are_voided(published, people, lead):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    before = all_of(people.editor)
    since = timezone.now()
    sign_as(page, people.editor, Role.EDITOR)

    void_all(people.editor, lead, since=since)

    assert voided() == {row.pk for row in all_of(people.editor)} - {row.pk for row in before}
    assert stored(published)["review"]["status"] == "current"


@pytest.mark.parametrize("after", ["banner", "drop-offers", "withhold"])
def test_the_preview_says_exactly_what_readers_get_then(people, publish, offer, disclaimer, lead, after):
    Policy.objects.filter(kind="medical").update(after_grace=after)
    page = publish(make_article(by=people.author, offer=offer, disclaimers=[disclaimer]))
    before = Event.objects.count(), stored(page), voided()

    effect = effects_of(people.reviewer, lead)[page.title]

    assert (Event.objects.count(), stored(page), voided()) == before  # it has changed nothing
    void_all(people.reviewer, lead)
    assert effect.is_due and effect.offers == 1
    assert effect.is_withheld == (get(page).status_code == 410) == (after == "withhold")
    assert stored(page)["review"]["status"] == "due"
    assert not any(section.get("offer") for section in stored(page)["content"]["sections"])
    verified()


def test_an_offer_and_a_disclaimer_count_for_every_article_that_shows_them(people, publish, lead):
    clinician = make_clinician("second", name="Dr Second")
    offer, disclaimer = make_offer(by=people.author), make_disclaimer(by=people.author)
    sign_as(offer, people.editor, Role.EDITOR)
    sign_as(offer, clinician, Role.MEDICAL)
    sign_as(disclaimer, clinician, Role.MEDICAL)
    with_offer = publish(make_article(by=people.author, offer=offer))
    with_disclaimer = publish(make_article(by=people.author, disclaimers=[disclaimer]))

    found = effects_of(clinician, lead)

    assert found == {
        with_offer.title: Effect(with_offer.article_id, with_offer.title, offers=1),
        with_disclaimer.title: Effect(with_disclaimer.article_id, with_disclaimer.title, is_due=True),
    }
    void_all(clinician, lead)
    assert [row["reason"] for row in stored(with_offer)["omitted"]] == ["not-published"]
    assert stored(with_disclaimer)["review"]["status"] == "due"
    assert ComponentPublication.objects.get(component=offer.component_id).state == "withheld"
    verified()


def test_a_notice_goes_and_a_signed_explanation_gives_way(people, published, publish, lead):
    on_call = make_on_call()
    other = publish(make_article(by=people.author))
    notices.give(articles=[published.article_id], texts={"en": "Do not use it."}, user=on_call, password=PASSWORD)
    editors_too = User.objects.get(pk=on_call.pk)
    editors_too.groups.add(*people.editor.groups.all())
    withdraw(page=other, reason="other", by=editors_too, explanation="It was wrong.", password=PASSWORD)

    found = effects_of(on_call, lead)

    assert found[published.title].notices == 1 and not found[published.title].is_due
    assert found[other.title].is_explained_anew
    void_all(on_call, lead)
    assert stored(published)["notices"] == []
    assert get(other).json()["explanation"] != "It was wrong."
    verified()


def test_where_readers_lose_nothing_the_preview_says_nothing(people, lead):
    page = make_article(by=people.author)
    submit(page=fresh(page), by=people.author)
    sign_as(page, people.editor, Role.EDITOR)
    since = SignOff.objects.filter(subject=page.article_id).earliest("pk").signed_at

    found = preview(login=people.editor.pk, since=since, by=lead)

    assert len(found.signoffs) == 2 and found.effects == []
    void_all(people.editor, lead, since=since)
    with pytest.raises(NotSignedOff):
        publish_article(page=fresh(page), by=people.editor)


def test_a_component_that_has_enough_signatures_without_is_reaffirmed_as_the_preview_says(people, publish, lead):
    """Two clinicians signed it, and one is enough."""
    Policy.objects.filter(kind="disclaimer").update(medical=2)
    disclaimer = make_disclaimer(by=people.author)
    for clinician in (make_clinician("second", name="Dr Second"), people.reviewer):
        sign_as(disclaimer, clinician, Role.MEDICAL)
    page = publish(make_article(by=people.author, disclaimers=[disclaimer]))
    Policy.objects.filter(kind="disclaimer").update(medical=1)
    second = User.objects.get(username="second")

    expected = effects_of(second, lead)
    void_all(second, lead)

    assert (page.title in expected) == (stored(page)["review"]["status"] != "current")
    verified()


def test_two_logins_of_one_person_are_one_person(published, people, lead):
    other = make_user("other login", "Medical reviewers")
    give_login(people.reviewer.person, other)

    void_all(other, lead)

    assert voided() == {row.pk for row in all_of(people.reviewer)}


def test_nobody_but_leads_looks_or_voids(published, people, root):
    for user in (people.editor, people.reviewer):
        with pytest.raises(NotPermitted):
            preview(login=people.reviewer.pk, since=LONG_AGO, by=user)
        with pytest.raises(NotPermitted):
            void_all(people.reviewer, user)
    assert voided() == set()


@pytest.mark.parametrize("what", ["signed", "voided", "forged"])
def test_what_changed_since_the_page_voids_nothing(published, people, lead, what):
    rows = all_of(people.reviewer)
    shown = [row.pk for row in rows]
    if what == "signed":
        disclaimer = make_disclaimer(by=people.author)
        sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    elif what == "voided":
        void(signoff=rows[0], reason="Revoked.", by=lead)
    else:
        shown.append(all_of(people.editor)[0].pk)
    before = Event.objects.count()

    with pytest.raises(ContentChanged, match="Nothing was voided"):
        void_all(people.reviewer, lead, shown=shown)

    assert Event.objects.count() == before


def test_the_second_run_of_the_same_form_voids_nothing(published, people, lead):
    shown = [row.pk for row in all_of(people.reviewer)]
    void_all(people.reviewer, lead, shown=shown)

    with pytest.raises(ContentChanged):
        void_all(people.reviewer, lead, shown=shown)
    with pytest.raises(NothingToVoid):
        void_all(people.reviewer, lead, shown=[])

    assert Event.objects.filter(kind="voided").count() == len(shown)


@pytest.mark.parametrize("reason", ["", " ", "x" * 1001])
def test_all_or_nothing(published, people, lead, reason):
    with pytest.raises(CannotVoid, match="Give a reason"):
        void_all(people.reviewer, lead, reason=reason)

    assert voided() == set() and stored(published)["review"]["status"] == "current"


def test_one_that_was_voided_already_leaves_the_others_alone(published, people, lead):
    rows = all_of(people.reviewer)
    void(signoff=rows[-1], reason="Revoked.", by=lead)

    with pytest.raises(CannotVoid, match="One of these sign-offs has already been voided"), transaction.atomic():
        write_voids(lock(rows), reason="Revoked.", by=lead)

    assert voided() == {rows[-1].pk}


def test_the_worker_asks_for_the_signatures_again(published, people, lead):
    void_all(people.reviewer, lead)
    run_all()

    row = OpenNeed.objects.get(subject=published.article_id, closed_at=None)
    assert (row.role, row.is_edition) == ("medical", True)


def test_each_person_gets_one_letter(published, people, lead):
    User.objects.filter(pk=people.editor.pk).update(email="editor@example.org")

    void_all(people.reviewer, lead)

    (letter,) = Mail.objects.filter(kind="voided", user=people.editor)
    assert letter.title == "Sign-offs voided: 3 texts"
    assert "The signatures of Dr Ada Reviewer no longer count. Reason: “Revoked.”" in letter.text


def test_the_questions_grow_slowly_with_the_sign_offs(people, publish, lead, django_assert_max_num_queries):
    for _ in range(4):
        publish(make_article(by=people.author))
    rows = [row.pk for row in all_of(people.reviewer)]

    with django_assert_max_num_queries(60 + 25 * len(rows)):
        void_all(people.reviewer, lead, shown=rows)
