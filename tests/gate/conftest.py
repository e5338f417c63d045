"""An unsigned article beside a published one, a superuser, and what a browser would post."""

from types import SimpleNamespace

import pytest
from django.test import Client
from wagtail.models import Locale

from articles.authoring.models import ArticleIndexPage
from tests.factories import make_article, make_user
from tests.gate.marked import make_marked, relate
from tests.gate.reader import leaks


@pytest.fixture
def root(db):
    return make_user("root", is_superuser=True)


@pytest.fixture
def admin(root):
    """A client with the superuser's session; a failure is an answer of 500, as in production."""
    client = Client(raise_request_exception=False)
    client.force_login(root)
    return client


@pytest.fixture
def index(db):
    return ArticleIndexPage.objects.get(slug="articles")


@pytest.fixture
def unsigned(people):
    return make_marked(by=people.author)


@pytest.fixture
def neighbour(people, publish, unsigned):
    """A published article that links to the unsigned one and names it as related."""
    return publish(relate(make_article(by=people.author), unsigned, by=people.author))


@pytest.fixture
def spanish(index):
    """A second language, with its folder for articles."""
    locale = Locale.objects.get_or_create(language_code="es")[0]
    return SimpleNamespace(locale=locale, index=index.copy_for_translation(locale))


@pytest.fixture
def clean(unsigned):
    """clean() fails when a stranger is told something of the unsigned article anywhere."""

    def check(*pages, words=()):
        told = [address for page in (unsigned, *pages) for address in leaks(page, *words)]
        assert not told, f"Told to strangers: {told}"

    return check
