"""Nobody vouches for their own work: not under another login, not for words that came back, not for a copy of them."""

from datetime import date

import pytest
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction
from wagtail.actions.copy_page import CopyPageAction
from wagtail.log_actions import LogContext
from wagtail.models import Locale

from articles.authoring.components import Disclaimer
from articles.authoring.models import ArticleAuthor, ArticleIndexPage
from articles.authoring.people import Person
from articles.record.vocabulary import Role
from articles.review.four_eyes import contributors, note_article
from articles.review.models import Contribution
from articles.review.opening import load
from articles.review.policies import changes
from cms.models import User
from tests.factories import (
    block,
    complete_body,
    edit,
    give_login,
    make_article,
    make_byline,
    make_disclaimer,
    make_image,
    make_offer,
    make_source,
    make_user,
    sign_as,
)

VOUCHED = {
    "medical": True,
    "registration_body": "Demo Register",
    "registration_number": "7",
    "verified_by": "Lead",
    "verified_on": date(2026, 1, 2),
}


def again(target):
    return type(target).objects.get(pk=target.pk)


def hands(target, part="medical") -> set[str]:
    """Logins of those who may not sign it."""
    found = contributors(load(again(target)), part)
    return set(User.objects.filter(pk__in=found).values_list("username", flat=True))


@pytest.fixture
def other(db):
    return make_user("other", "Editors")


@pytest.fixture
def spanish(db):
    """A second language, with its folder for articles."""
    locale = Locale.objects.create(language_code="es")
    ArticleIndexPage.objects.get(slug="articles").copy_for_translation(locale)
    return locale


# One person, several logins


def test_a_person_is_known_by_each_login_they_ever_had(people, other):
    page, person = make_article(by=people.reviewer), people.reviewer.person
    give_login(person, person.user)
    for user in (None, other):
        give_login(person, user)

    assert hands(page) == {"reviewer", "other"}


def test_a_person_is_known_by_a_login_that_was_renamed(people, other):
    page, person, old = make_article(by=people.reviewer), people.reviewer.person, people.reviewer.pk
    give_login(person, people.reviewer)
    people.reviewer.username = "renamed"
    people.reviewer.save()
    give_login(again(person), other)

    assert contributors(load(again(page)), "medical") == {old, other.pk}


def test_an_author_on_the_byline_is_known_by_a_login_they_no_longer_have(people):
    person = people.reviewer.person
    page = edit(make_article(by=people.author), by=people.author, authors=[ArticleAuthor(person=person, sort_order=0)])
    give_login(person, None)

    assert hands(page, "presentation") == {"author", "reviewer"}


def test_two_people_stay_two(people, other):
    Person.objects.create(user=other, name="Another one")
    page = make_article(by=people.reviewer)

    assert hands(page) == {"reviewer"}


# Copies and words that come back


@pytest.mark.parametrize("copies_revisions", [False, True])
@pytest.mark.parametrize("title", ["", "Another title"])
def test_a_copy_is_of_those_who_wrote_the_original(people, other, copies_revisions, title):
    page = edit(make_article(by=people.editor), by=other, authors=make_byline())
    attributes = {"slug": "copied"} | ({"title": title, "draft_title": title} if title else {})
    action = CopyPageAction(
        again(page), update_attrs=attributes, user=people.author, copy_revisions=copies_revisions, keep_live=False
    )
    copy = action.execute(skip_permission_checks=True)
    edit(copy, by=people.author, summary="And then it was changed.", body=complete_body(make_source()))

    assert hands(copy) >= {"editor", "author"}
    assert hands(copy, "presentation") >= {"editor", "other"}


def test_a_translation_is_of_those_who_wrote_the_original_even_when_every_word_is_another(people, spanish):
    page = again(make_article(by=people.editor))
    twin = make_article(by=people.author, locale=spanish, translation_key=page.translation_key)
    body = [block("introduction", text="<p>Words of the reviewer's own, for once.</p>")]
    own = make_article(by=people.reviewer, body=body, summary="The reviewer's own summary.")
    action = CopyPageForTranslationAction(again(own), spanish)
    with LogContext(user=people.author):
        made = action.execute(skip_permission_checks=True)

    assert hands(twin) == {"editor", "author"}
    assert hands(made) == {"reviewer", "author"}


def test_articles_that_say_the_same_are_no_copies(people):
    make_article(by=people.editor, title="Seborrhoea", body=complete_body(make_source()))
    same = make_article(by=people.author, title="Seborrhoea", body=complete_body(make_source()))

    assert hands(same) == hands(same, "presentation") == {"author"}


def test_words_that_come_back_stay_their_writers_after_another_comma(people, other, published, publish):
    page = edit(published, by=other, summary="Other's words.")
    page = edit(page, by=people.editor, summary="Other's words, and the editor's.")
    own = page.get_latest_revision()
    page = edit(page, by=people.author, summary="Words for now.")
    Contribution.objects.filter(subject=str(page.article_id)).update(at="2020-01-01T00:00:00Z", revision=1)
    own.as_object().save_revision(user=people.author)
    page = edit(page, by=people.author, summary="Other's words, and the editor's,")

    assert hands(page) >= {"author", "editor", "other"}


def test_taking_ones_own_change_back_makes_nobody_else_a_contributor(people, other, publish):
    page = publish(make_article(by=people.author))
    said = page.summary
    page = edit(page, by=other, summary="A slip.")
    page = edit(page, by=other, summary=said)
    page = edit(page, by=other, summary="What other means.")

    assert hands(page) == {"other"}


def test_an_old_text_of_a_component_is_its_writers(people, other):
    disclaimer = make_disclaimer(by=people.editor, text="<p>General information, no advice.</p>")
    for text in ("<p>Other words.</p>", "<p>Words that are signed.</p>"):
        disclaimer.text = text
        disclaimer.save()
        disclaimer.save_revision(user=people.author)
    sign_as(disclaimer, people.reviewer, Role.MEDICAL)
    disclaimer.text = "<p>General information: no advice!</p>"
    disclaimer.save()
    disclaimer.save_revision(user=other)

    assert hands(disclaimer, "disclaimer") == {"editor", "other"}


def test_a_long_history_costs_no_more_to_add_to_than_a_short_one(people, django_assert_max_num_queries):
    page = make_article(by=people.author)
    costs = []
    for number in range(12):
        revision = again(page).get_latest_revision()
        revision.content = revision.content | {"summary": f"Summary number {number} of this article."}
        with django_assert_max_num_queries(20) as asked:
            note_article(revision, users=[people.editor.pk])
        costs.append(len(asked))

    assert costs[-1] <= costs[1] <= 12


# What is a contribution


def test_who_saves_in_anothers_name_and_whose_name_it_is_count_both(people, other):
    page = make_article(by=people.author)
    with LogContext(user=other):
        edit(page, by=people.editor, summary="Said anew.")

    assert hands(page) == {"author", "other", "editor"}


def test_saving_what_is_there_is_none_whoever_does_it(people, other):
    page, offer = make_article(by=people.author), make_offer(by=people.author)
    disclaimer, image = make_disclaimer(by=people.author), make_image()
    with LogContext(user=other):
        again(page).get_latest_revision_as_object().save_revision()
        for row in (again(offer), again(disclaimer)):
            row.save()
            row.save_revision()
        people.reviewer.person.save()
        again(image).save()

    assert hands(offer, "offer") == hands(disclaimer, "disclaimer") == {"author"}
    assert not Contribution.objects.filter(user_key=other.pk).exists()


def test_who_saves_a_component_without_a_revision_counts_and_the_system_does_not_hide_who_follows(people, other):
    disclaimer = Disclaimer.objects.create(name="General", text="<p>General information.</p>")
    disclaimer.save_revision(user=people.author)
    with LogContext(user=other):
        disclaimer.text = "<p>Other words.</p>"
        disclaimer.save()

    assert hands(disclaimer, "disclaimer") == {"author", "other"}


def test_where_a_pictures_middle_is_counts(people, other):
    image = make_image()
    page = make_article(by=people.author, hero=image)
    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 5, 5
    with LogContext(user=other):
        image.save()

    assert "other" in hands(page, "presentation")


@pytest.mark.parametrize("field", ["name", "credentials"])
def test_what_is_printed_of_an_author_counts_on_the_byline_alone(people, lead, field):
    person = Person.objects.create(name="A. Author")
    page = edit(make_article(by=people.author), by=people.author, authors=[ArticleAuthor(person=person, sort_order=0)])
    unnamed = make_article(by=people.author)
    setattr(person, field, "Professor")
    changes.change(person, by=lead)

    assert (hands(page, "presentation"), hands(page)) == ({"author", "lead"}, {"author"})
    assert hands(unnamed, "presentation") == {"author"}


def test_being_away_is_no_contribution(people, lead):
    person = Person.objects.create(name="A. Author")
    page = edit(make_article(by=people.author), by=people.author, authors=[ArticleAuthor(person=person, sort_order=0)])
    changes.set_away(person=person, until=date(2030, 1, 1), by=lead)

    assert hands(page, "presentation") == {"author"}


def test_the_note_to_readers_counts_where_readers_will_be_told_of_it(people, other, publish):
    page = publish(make_article(by=people.author))
    page = edit(page, by=people.author, summary="Said anew.")
    draft = page.get_latest_revision_as_object()
    draft.is_correction = True
    draft.save_revision(user=other)

    assert (hands(page), hands(page, "presentation")) == ({"author", "other"}, {"author"})


def test_a_note_from_before_the_first_edition_is_still_its_writers(people, other, publish):
    page = make_article(by=people.author)
    draft = page.get_latest_revision_as_object()
    draft.change_note = "Adds a trial."
    draft.save_revision(user=other)
    page = publish(again(page))
    draft = again(page).get_latest_revision_as_object()
    draft.summary = "Said anew."
    draft.save_revision(user=people.author)

    assert hands(page) == {"author", "other"}
