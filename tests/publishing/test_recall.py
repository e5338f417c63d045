"""A recall: all that is about a substance is found, in every language, and withdrawn or marked together."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Locale

from articles.authoring.people import Person
from articles.authoring.permissions import NotPermitted
from articles.errors import NotAuthenticated, NotPublished
from articles.publishing.models import Schedule
from articles.publishing.notices import ALONE, TO_CONFIRM, CannotNotice, give, lift
from articles.publishing.recall.active_notices import confirm, lift_unconfirmed, standing_now
from articles.publishing.recall.selection import Criteria, find, withdrawn
from articles.publishing.recall.withdrawing import withdraw_found
from articles.publishing.void import void
from articles.publishing.withdraw import withdraw
from articles.record.models import ComponentPublication, Event, SignOff
from articles.review.models import Mail
from tests.factories import (
    PASSWORD,
    block,
    complete_body,
    edit,
    give_login,
    make_article,
    make_on_call,
    make_source,
    make_topic,
    make_user,
    teach,
)
from tests.hands import fresh
from tests.pipeline.reading import get, verified

RXNORM = {"name": "sirolimus", "system": "rxnorm", "code": "35302", "status": []}
TEXTS = {"en": "Batch 7 is being recalled.", "de": "Charge 7 wird zurückgerufen."}


@pytest.fixture
def on_call(db):
    return make_on_call()


def about(*words: str) -> list[dict]:
    """A complete body, the last section of which has these words."""
    return [*complete_body(make_source()), block("prose", text=f"<p>{' '.join(words)}</p>")]


def named(found) -> set:
    return {row.article for row in found.articles}


def found(**criteria):
    return find(Criteria(**{name: tuple(given) for name, given in criteria.items()}))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("It contains Rapamune.", "rapamune"),
        ("It contains rapa<b>mune</b>.", "Rapamune"),
        ("Die Rapamunelösung.", "RAPAMUNE"),
        ("Sirolimus&nbsp;Müller", "sirolimus muller"),
        ("One <i>two</i>\n three.", "one  two three"),
        ('They call it "Rapamune".', '"rapamune"'),
    ],
)
def test_words_are_found_as_people_type_them(people, publish, published, said, asked):
    page = publish(make_article(by=people.author, body=about(said)))

    assert named(found(words=[asked])) == {page.article_id}


def test_any_word_code_or_substance_is_enough(people, publish, published):
    coded = json.dumps([{"type": "code", "id": "c0de", "value": {"system": "icd-10-cm", "code": "L65.9"}}])
    taken = json.dumps([{"type": "substance", "id": "5ub", "value": RXNORM | {"name": "Everolimus"}}])
    named_so, by_code, by_substance = (
        publish(make_article(by=people.author, **fields))
        for fields in ({"body": about("Rapamune")}, {"codes": coded}, {"substances": taken})
    )

    all_of_them = found(words=["no such word", "Rapamune"], codes=["icd-10-cm|l659"], substances=["everolimus"])

    assert named(all_of_them) == {page.article_id for page in (named_so, by_code, by_substance)}
    assert {row.matched for row in all_of_them.articles} == {("Rapamune",), ("icd-10-cm|l659",), ("everolimus",)}
    assert named(found(codes=["rxnorm|35302"])) == {by_substance.article_id}


def test_topics_narrow_the_search(people, publish):
    topic = make_topic()
    under = publish(make_article(by=people.author, body=about("Rapamune"), topics=[topic]))
    other = publish(make_article(by=people.author, body=about("Rapamune")))

    assert named(found(words=["rapamune"])) == {under.article_id, other.article_id}
    assert named(found(words=["rapamune"], topics=[topic.slug])) == {under.article_id}
    assert named(found(topics=[topic.slug])) == {under.article_id}
    assert named(found()) == set()


def test_drafts_schedules_and_offers_are_found_too(people, publish, published, offer, later):
    draft = make_article(by=people.author, body=about("Rapamune"), title="A draft")
    changed = edit(published, by=people.author, summary="Rapamune helps.")
    later(draft)
    offer.text = "Ask for Rapamune."
    offer.save()
    offer.save_revision(user=people.author)

    seen = found(words=["rapamune"])

    assert {page.pk for page in seen.drafts} == {draft.pk, changed.pk} and seen.articles == []
    assert [row.article for row in seen.schedules] == [draft.article_id]
    assert seen.components == [offer]


def test_what_readers_have_of_an_offer_is_found_while_its_working_copy_says_something_else(published, offer, people):
    offer.text = "Something else."
    offer.save()
    offer.save_revision(user=people.author)

    assert found(words=["talk it through with a clinician"]).components == [offer]


def test_a_draft_that_the_person_may_not_read_is_not_named(people):
    make_article(by=people.author, body=about("Rapamune"))

    assert find(Criteria(words=("rapamune",)), may_read=lambda page: False).drafts == []


def test_what_was_withdrawn_is_found_for_a_return(people, publish, published):
    page = publish(make_article(by=people.author, body=about("Rapamune")))
    withdraw(page=fresh(page), reason="other", by=people.editor)
    withdraw(page=fresh(published), reason="other", by=people.editor)

    assert [row.pk for row in withdrawn(Criteria())] == [published.pk, page.pk]
    assert [row.pk for row in withdrawn(Criteria(words=("rapamune",)))] == [page.pk]


def test_all_of_it_is_withdrawn_together(people, publish, published, offer, signed_later):
    page, schedule = signed_later(body=about("Rapamune"))

    counts = withdraw_found(
        articles=[published.article_id],
        components=[offer.component_id],
        schedules=[schedule.pk],
        reason="safety",
        by=people.editor,
    )

    assert counts == (1, 1, 1)
    assert get(published).status_code == 410 and get(page).status_code == 404
    assert ComponentPublication.objects.get(component=offer.component_id).state == "withdrawn"
    assert Schedule.objects.get(pk=schedule.pk).state == "cancelled"
    verified()


def test_all_or_nothing_is_withdrawn(people, published, offer):
    with pytest.raises(NotAuthenticated):
        withdraw_found(
            articles=[published.article_id],
            components=[offer.component_id],
            reason="safety",
            by=people.editor,
            explanation="Batch 7 is recalled.",
            password="wrong",
        )

    assert get(published).status_code == 200
    assert ComponentPublication.objects.get(component=offer.component_id).state == "published"


def test_nothing_is_no_withdrawal(people, published):
    with pytest.raises(NotPublished):
        withdraw_found(articles=[], components=[], schedules=[10**9], reason="safety", by=people.editor)


# A notice in each language


@pytest.fixture
def german(people, publish, published):
    locale = Locale.objects.get_or_create(language_code="de")[0]
    teach("de", people.editor, people.reviewer)
    key = fresh(published).translation_key
    return publish(make_article(by=people.author, translation_key=key, locale=locale))


def notify(user, *pages, texts=TEXTS):
    return give(articles=[page.article_id for page in pages], texts=texts, user=user, password=PASSWORD)


def shown(page) -> list[tuple[str, str]]:
    return [(row["text"], row["lang"]) for row in get(page).json()["notices"] if row["kind"] == "safety"]


def test_each_article_shows_the_text_in_its_language(published, german, on_call):
    notice = notify(on_call, published)

    assert shown(published) == [(TEXTS["en"], "en")] and shown(german) == [(TEXTS["de"], "de")]
    rows = SignOff.objects.filter(subject=notice)
    assert rows.count() == 2 and len({row.statement for row in rows}) == 1
    verified()
    assert lift(notice=notice, reason="Over.", by=on_call) == 2
    assert shown(published) == shown(german) == []


def test_a_language_without_a_text_is_named(published, german, on_call):
    with pytest.raises(CannotNotice, match="Write the notice in German, too"):
        notify(on_call, published, texts={"en": TEXTS["en"]})

    assert not Event.objects.filter(kind="noticed").exists()


def test_a_translation_that_is_published_later_shows_it_in_its_language(people, publish, published, on_call):
    notify(on_call, published)
    locale = Locale.objects.get_or_create(language_code="de")[0]
    teach("de", people.editor, people.reviewer)
    key = fresh(published).translation_key
    page = publish(make_article(by=people.author, translation_key=key, locale=locale))

    assert shown(page) == [(TEXTS["de"], "de")]
    verified()


def test_a_voided_text_goes_and_the_other_language_stays(published, german, on_call, lead):
    notice = notify(on_call, published)
    spoken = Event.objects.get(kind="noticed", subject=german.article_id).data["signoff"]

    void(signoff=SignOff.objects.get(pk=spoken), reason="The translation is wrong.", by=lead)

    assert shown(german) == [] and shown(published) == [(TEXTS["en"], "en")]
    assert [row.notice for row in standing_now()] == [notice]
    verified()


# A second person


@pytest.fixture
def many(people, publish):
    """As many articles as one person alone may mark, and one more."""
    return [publish(make_article(by=people.author)) for _ in range(ALONE + 1)]


def in_an_hour():
    return timezone.now() + TO_CONFIRM


def test_a_notice_on_more_than_ten_articles_goes_after_an_hour_without_a_second_person(many, on_call):
    notify(on_call, *many)
    assert {len(shown(page)) for page in many} == {1}

    assert lift_unconfirmed(timezone.now() + TO_CONFIRM - timedelta(minutes=1)) == 0
    assert lift_unconfirmed(in_an_hour()) == 1

    assert {len(shown(page)) for page in many} == {0} and standing_now() == []
    assert {event.data["reason"] for event in Event.objects.filter(kind="notice-lifted")} == {
        "No second person confirmed it within an hour."
    }
    assert lift_unconfirmed(in_an_hour()) == 0
    verified()


@pytest.mark.parametrize("who", ["another on call", "an editor"])
def test_a_second_person_keeps_it(many, people, on_call, who):
    second = make_on_call("second", "Dr Second") if who == "another on call" else people.editor
    notice = notify(on_call, *many)

    confirm(notice=notice, by=second, password=PASSWORD)

    assert lift_unconfirmed(in_an_hour()) == 0 and len(shown(many[0])) == 1
    event = Event.objects.get(kind="notice-confirmed")
    assert (event.subject, event.actor["user"]) == (notice, second.pk)
    with pytest.raises(CannotNotice, match="any more"):
        confirm(notice=notice, by=second, password=PASSWORD)
    verified()


def test_everybody_who_could_be_the_second_person_hears_at_once(many, people, on_call, lead):
    for user in (on_call, people.editor, lead):
        type(user).objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")

    notice = notify(on_call, *many)

    rows = Mail.objects.filter(kind="confirm-notice")
    assert {row.user for row in rows} == {people.editor, lead} and all(row.batch for row in rows)
    assert all(f"/safety-notices/{notice}/confirm/" in row.text and TEXTS["en"] in row.text for row in rows)


def test_on_ten_articles_one_person_is_enough(many, on_call):
    notice = notify(on_call, *many[:ALONE])

    assert lift_unconfirmed(in_an_hour()) == 0 and standing_now()[0].until is None
    with pytest.raises(CannotNotice):
        confirm(notice=notice, by=make_on_call("second", "Dr Second"), password=PASSWORD)


def test_nobody_is_their_own_second_person(many, on_call):
    notice = notify(on_call, *many)
    other_login, person = make_user("other-login", "Editors"), on_call.person
    give_login(person, None)
    give_login(Person.objects.get(pk=person.pk), other_login)

    for user in (on_call, other_login):
        with pytest.raises(CannotNotice, match="Somebody else"):
            confirm(notice=notice, by=user, password=PASSWORD)


def test_who_may_not_and_who_mistypes_confirm_nothing(many, people, on_call):
    notice = notify(on_call, *many)

    with pytest.raises(NotPermitted):
        confirm(notice=notice, by=people.author, password=PASSWORD)
    with pytest.raises(NotAuthenticated):
        confirm(notice=notice, by=people.editor, password="wrong")
    assert not Event.objects.filter(kind="notice-confirmed").exists()
