"""An address is there once: no folder and no topic has a second one that differs only by case or Unicode form."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles.authoring.models import ArticlePage
from articles.authoring.topics import Topic
from tests.factories import make_article, make_user

FORMS = [str.upper, str.title, lambda slug: unicodedata.normalize("NFD", slug)]


@pytest.fixture
def author(db):
    return make_user("author", "Authors")


@pytest.mark.parametrize("form", FORMS)
def test_a_page_cannot_take_another_form_of_a_slug_that_is_there(author, form):
    make_article(by=author, slug="peau-sèche")

    with pytest.raises(ValidationError, match="already in use"):
        make_article(by=author, slug=form("peau-sèche"))


@pytest.mark.parametrize("form", FORMS)
def test_a_page_and_its_draft_hold_the_one_form(author, form):
    page = make_article(by=author, slug=form("peau-sèche"))

    assert ArticlePage.objects.get(pk=page.pk).slug == "peau-sèche"
    assert page.get_latest_revision_as_object().slug == "peau-sèche"


def test_a_page_without_a_slug_gets_a_free_one(author):
    make_article(by=author, title="Fussballen", slug="")

    page = make_article(by=author, title="Fußballen", slug="")

    assert page.slug == "fussballen-2"


@pytest.mark.parametrize("form", [str.upper, str.title])
def test_a_topic_cannot_take_another_form_of_a_slug_that_is_there(db, form):
    Topic.objects.create(name="Dry skin", slug="dry-skin")
    other = Topic(name="Another topic", slug=form("dry-skin"))

    with pytest.raises(ValidationError, match="already exists"):
        other.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        other.save()
