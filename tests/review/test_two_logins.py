"""Two roles of one policy are two people: who has two logins, at once or one after the other, is one."""

import pytest

from articles.authoring.models import ArticleAuthor
from articles.authoring.people import Person
from articles.errors import CannotSign
from articles.record.models import Publication
from articles.record.vocabulary import Role
from articles.review.opening import load
from articles.review.policies import changes
from articles.review.responses.declines import decline
from articles.review.signing import signatures
from articles.review.submit import submit
from tests.factories import could_sign, edit, give_login, make_article, make_user, sign_as
from tests.hands import fresh


@pytest.fixture
def page(people):
    made = make_article(by=people.author)
    submit(page=fresh(made), by=people.author)
    return fresh(made)


@pytest.fixture
def other(db):
    return make_user("other login", "Medical reviewers")


def give_person(user, then) -> Person:
    """A clinician's person, of this login first and of the other one then."""
    person = Person(user=user, name="Dr Two Logins", credentials="MD", medical=True)
    changes.change(person, by=None)
    give_login(person, then)
    return person


def missing(page) -> set[str]:
    return {item.role for item in signatures.missing(load(fresh(page)))}


def test_who_signed_as_editor_does_not_sign_as_clinician_with_another_login(people, page, other):
    sign_as(page, people.editor, Role.EDITOR)
    give_person(people.editor, other)

    with pytest.raises(CannotSign, match="already signed this version of the medical part, with this or another login"):
        sign_as(page, type(other).objects.get(pk=other.pk), Role.MEDICAL, "medical")

    assert not Publication.objects.exists()


def test_a_declared_conflict_of_interest_is_not_forgotten_with_another_login(people, page, other):
    sign_as(page, people.editor, Role.EDITOR)
    decline(target=fresh(page), by=people.reviewer, role=Role.MEDICAL, reason="conflict-of-interest")
    person = people.reviewer.person
    give_login(person, other)

    with pytest.raises(CannotSign, match="declared a conflict of interest"):
        sign_as(page, type(other).objects.get(pk=other.pk), Role.MEDICAL, "medical")

    assert not Publication.objects.exists() and could_sign(load(fresh(page)), Role.MEDICAL) == []


def test_they_are_not_asked_either(people, page, other):
    sign_as(page, people.editor, Role.EDITOR)
    give_person(people.editor, other)

    assert [user.username for user in could_sign(load(fresh(page)), Role.MEDICAL)] == ["reviewer"]


def test_two_logins_that_turn_out_to_be_one_person_count_once(people, page):
    """The lead says so before the last signature is there."""
    sign_as(page, people.editor, Role.EDITOR, "medical")
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")
    assert missing(page) == {"editor"}
    person = people.reviewer.person
    give_login(person, people.editor)

    sign_as(page, make_user("second editor", "Editors"), Role.EDITOR, "presentation")

    assert {str(item) for item in signatures.missing(load(fresh(page)))} == {"editor on the medical part"}
    assert not Publication.objects.exists()


def test_who_had_the_login_of_an_author_vouches_for_nothing(people, page, other):
    sign_as(page, people.editor, Role.EDITOR, "medical")
    person = give_person(people.editor, other)
    assert [row.user for row in load(fresh(page)).counting("medical")] == [people.editor.pk]

    edit(page, by=people.author, authors=[ArticleAuthor(person=person, sort_order=0)])

    assert load(fresh(page)).counting("medical") == []


def test_two_people_are_still_two(people, page):
    sign_as(page, people.editor, Role.EDITOR)
    sign_as(page, people.reviewer, Role.MEDICAL, "medical")

    signed = load(fresh(page)).counting("medical")
    assert [row.user for row in signed] == [people.editor.pk, people.reviewer.pk]
    assert Publication.objects.get().state == "published"
