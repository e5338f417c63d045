"""The languages in the form of a person decide from whom a text is requested, and who can sign it."""

import pytest
from django.urls import reverse

from articles.errors import CannotSign
from articles.record.models import SignOff
from articles.record.vocabulary import Role
from articles.review.needs import taking
from articles.review.opening import load
from articles.review.policies import changes
from articles.review.submit import submit
from cms.models import User
from tests.admin.test_snippets import form_at
from tests.factories import could_sign, make_article, make_user, sign_as, teach
from tests.hands import fresh

REGISTERED = {"medical": "on", "registration_body": "Demo Register", "registration_number": "7"}


def give_languages(client, user, *languages: str) -> None:
    """A lead ticks them in the form, and a second lead confirms the person."""
    address = reverse("wagtailsnippets_articles_person:edit", args=[user.person.pk])
    form = form_at(client, address, **REGISTERED)
    form.setlist("languages", list(languages))
    client.post(address, dict(form.lists()))
    user.person.refresh_from_db()
    assert user.person.languages == list(languages) and user.person.confirmed_at is None
    changes.confirm(user.person, shown=changes.mark_of(user.person), by=make_user("second lead", "Medical leads"))


def test_the_languages_of_the_form_decide_who_is_asked_and_who_signs(login, lead, people, spanish):
    give_languages(login(lead), people.reviewer, "es")
    teach("es", people.editor)
    reviewer = User.objects.get(pk=people.reviewer.pk)
    english, other = make_article(by=people.author), make_article(by=people.author, locale=spanish.locale)
    for page in (english, other):
        submit(page=fresh(page), by=people.author)
        sign_as(page, User.objects.get(pk=people.editor.pk), Role.EDITOR)

    assert could_sign(load(fresh(english)), Role.MEDICAL) == []
    assert could_sign(load(fresh(other)), Role.MEDICAL) == [reviewer]
    with pytest.raises(taking.NotInPool, match="credentials and languages"):
        taking.take(kind="article", target=english.pk, role=Role.MEDICAL, by=reviewer)
    with pytest.raises(CannotSign, match="credentials and languages"):
        sign_as(english, reviewer, Role.MEDICAL, "medical")
    sign_as(other, reviewer, Role.MEDICAL, "medical")
    assert SignOff.objects.filter(user=reviewer.pk, subject__in=[english.article_id, other.article_id]).count() == 1


def test_a_forged_language_is_refused(login, lead, people):
    client = login(lead)
    address = reverse("wagtailsnippets_articles_person:edit", args=[people.reviewer.person.pk])
    form = form_at(client, address, **REGISTERED)
    form.setlist("languages", ["xx"])

    client.post(address, dict(form.lists()))

    people.reviewer.person.refresh_from_db()
    assert people.reviewer.person.languages == []
