"""Assistants prepare and comment, and never sign, whatever role their person has and whatever group they are in."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from articles.authoring.models import ArticlePage
from articles.errors import CannotSign, NotSignedOff
from articles.publishing import notices
from articles.publishing.publish import publish_article
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review import roles
from articles.review.models import OpenNeed
from articles.review.needs import taking
from articles.review.needs.table import who_could_sign
from articles.review.opening import load
from articles.review.submit import submit
from cms.models import User
from tests.factories import (
    PASSWORD,
    could_sign,
    edit,
    make_article,
    make_clinician,
    make_user,
    publish_at_once,
    sign_as,
    take,
    today,
)
from tests.hands import fresh, press


@pytest.fixture
def assistant(db) -> User:
    return make_user("assistant", "Assistants")


def make_assistant(user: User) -> User:
    user.groups.add(Group.objects.get(name="Assistants"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def everything(db) -> User:
    """An assistant whose person has every role, and who is in every group."""
    user = make_clinician("everything", name="Dr Everything", legal=True, commercial=True)
    user.groups.set(Group.objects.all())
    return User.objects.get(pk=user.pk)


def test_an_assistant_saves_comments_and_submits(client, assistant):
    client.force_login(assistant)
    page, complete = make_article(by=assistant), make_article(by=assistant)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    assert "w-field__comment-button--add" in client.get(address).content.decode()
    press(client, address, title="Prepared by an assistant")
    submit(page=fresh(complete), by=assistant)

    assert fresh(page).draft_title == "Prepared by an assistant"
    assert fresh(complete).workflow_in_progress


def test_an_assistant_sees_what_an_author_sees_and_no_more(client, assistant, people):
    page = make_article(by=people.author)
    other_author = make_user("other", "Authors")
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])

    answers = []
    for user in (assistant, other_author):
        client.force_login(user)
        answers.append((client.get(address).status_code, client.get("/admin/reports/ledger/").status_code))

    assert answers[0] == answers[1]
    assert assistant.get_all_permissions() == other_author.get_all_permissions()


@pytest.mark.parametrize("role", Role.values)
def test_an_assistant_has_no_role_whatever_they_are_given(everything, role):
    assert roles.roles_of(everything, on=today()) == set()
    assert everything not in roles.holders(role, on=today())


def test_an_assistant_with_every_role_and_group_signs_nothing(everything, people, submitted):
    before = SignOff.objects.count()
    with pytest.raises(CannotSign, match="Assistants prepare and comment, and never sign"):
        sign_as(submitted, everything, Role.EDITOR)
    sign_as(submitted, people.editor, Role.EDITOR)
    with pytest.raises(CannotSign, match="Assistants prepare and comment, and never sign"):
        sign_as(submitted, everything, Role.MEDICAL, "medical")
    with pytest.raises(CannotSign):
        publish_at_once(make_article(by=people.author), everything)

    assert SignOff.objects.filter(user=everything.pk).count() == 0 and SignOff.objects.count() > before


def test_an_assistant_gives_no_safety_notice(everything, published):
    with pytest.raises(CannotSign, match="never sign"):
        notices.give(articles=[published.article_id], texts={"en": "Stop."}, user=everything, password=PASSWORD)


def test_an_assistant_is_asked_and_assigned_nothing(everything, people, submitted, lead):
    assert everything not in could_sign(load(submitted), Role.EDITOR)
    assert everything not in who_could_sign(list(OpenNeed.objects.all()))[submitted.article_id, "editor"]
    with pytest.raises(taking.NotInPool, match="never sign"):
        take(submitted, Role.EDITOR, everything)
    with pytest.raises(taking.NotInPool, match="never sign"):
        taking.assign(kind="article", target=submitted.pk, role=Role.EDITOR, to=everything, by=lead)


def test_whoever_becomes_an_assistant_gives_their_signature_and_their_review_back(
    people, submitted, django_capture_on_commit_callbacks
):
    """As for somebody who lost the role: what is not published yet counts no more, what is published stays."""
    second = make_user("second", "Editors")
    sign_as(submitted, people.editor, Role.EDITOR)
    sign_as(submitted, people.reviewer, Role.MEDICAL, "medical")
    other = make_article(by=people.author)
    submit(page=fresh(other), by=people.author)
    sign_as(other, second, Role.EDITOR)
    take(other, Role.MEDICAL, people.reviewer)

    with django_capture_on_commit_callbacks(execute=True):
        make_assistant(second)
        make_assistant(people.reviewer)

    assert ArticlePage.objects.get(pk=submitted.pk).live
    assert not OpenNeed.objects.exclude(taker=None).filter(closed_at=None).exists()
    with pytest.raises(NotSignedOff):
        publish_article(page=fresh(other), by=people.editor)


def test_the_changes_of_an_assistant_are_theirs(assistant, people):
    """Four eyes counts them like anybody else: whoever leaves the group may still not sign what they prepared."""
    page = edit(make_article(by=people.author), by=assistant, summary="Prepared by an assistant.")
    assistant.groups.set(Group.objects.filter(name="Editors"))
    submit(page=fresh(page), by=people.author)

    with pytest.raises(CannotSign, match="You contributed to the medical part"):
        sign_as(page, User.objects.get(pk=assistant.pk), Role.EDITOR)
