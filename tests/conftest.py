"""What every test may use. Services and ../shared that are absent make tests skip with a reason."""

import os
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from wagtail.models import Locale
from xdist.scheduler import LoadFileScheduling

from api.protocol import patience
from articles.authoring.components import Disclaimer, Offer
from articles.authoring.models import ArticleIndexPage, ArticlePage
from articles.publishing.scheduling.schedule import schedule_publication
from articles.record.vocabulary import Role
from articles.review.submit import submit
from cms.models import User
from tests import worlds
from tests.committed import World
from tests.factories import make_article, make_user, sign_and_publish, sign_as
from tests.gate.marked import make_marked
from tests.schedules import ZONE, soon

ROOT = Path(__file__).resolve().parent.parent
WORLDS = worlds.Worlds()
# How fast examples are made says something about the machine, not about the code.
hypothesis.settings.register_profile("vetted", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("vetted")
patience.WAIT_S = 30.0  # a database is slow where many tests run; one that hangs has tests of its own


class ByFile(LoadFileScheduling):
    """A file's tests run in one process, and all that a browser looks at in one: its demo takes a minute to set up.

    Not marks of xdist's `loadgroup`: xdist 3.8 writes them into a node's name, which pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "tests/browser" if file.startswith("tests/browser/") else file


def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_modifyitems(items) -> None:
    """What a browser looks at takes longest, in one process, so it begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared; skips where it is absent (fails with REQUIRE_SHARED=1)."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        absent("../shared is not here", "REQUIRE_SHARED")
    return folder


def absent(reason: str, variable: str = "REQUIRE_SERVICES") -> None:
    """Skip with the reason, or fail where CI requires it."""
    if os.environ.get(variable) == "1":
        pytest.fail(f"{reason}, and {variable}=1 requires it", pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    WORLDS.use(worlds.world_of(item))


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """This process's databases; see tests/worlds.py."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with django_db_blocker.unblock():
        WORLDS.make(f"{worker}_{os.getpid()}")
    yield
    with django_db_blocker.unblock():
        WORLDS.drop()


@pytest.fixture
def people(db) -> SimpleNamespace:
    """An author, an editor and a reviewer (a clinician)."""
    return worlds.people()


@pytest.fixture
def lead(db) -> User:
    return make_user("lead", "Medical leads")


@pytest.fixture
def disclaimer(people) -> Disclaimer:
    """A signed and published one."""
    return Disclaimer.objects.earliest("pk")


@pytest.fixture
def offer(people) -> Offer:
    """A signed and published one."""
    return Offer.objects.earliest("pk")


@pytest.fixture
def publish(people):
    """publish(page) takes a draft through the whole workflow."""

    def through(page: ArticlePage) -> ArticlePage:
        sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
        return page

    return through


@pytest.fixture
def published(people) -> ArticlePage:
    """A published article that shows the offer and the disclaimer."""
    return ArticlePage.objects.earliest("pk")


@pytest.fixture
def submitted(people) -> ArticlePage:
    """An article that waits for the editor's signature."""
    page = make_article(by=people.author)
    submit(page=page, by=people.author)
    return page


@pytest.fixture
def login(client):
    """login(user) gives the client with that session."""

    def as_user(user: User):
        client.force_login(user)
        return client

    return as_user


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
def spanish(index):
    """A second language, with its folder for articles."""
    locale = Locale.objects.get_or_create(language_code="es")[0]
    return SimpleNamespace(locale=locale, index=index.copy_for_translation(locale))


@pytest.fixture
def later(people):
    """later(page) schedules the page as it is now, in an hour."""
    return lambda page, at=None: schedule_publication(page=page, at=at or soon(), zone=ZONE, by=people.editor)


@pytest.fixture
def signed_later(people, later):
    """signed_later() makes an article that was scheduled, submitted and signed by all: (page, schedule)."""

    def make(**fields):
        page = make_article(by=people.author, **fields)
        schedule = later(page)
        submit(page=ArticlePage.objects.get(pk=page.pk), by=people.author)
        sign_as(page, people.editor, Role.EDITOR)
        sign_as(page, people.reviewer, Role.MEDICAL, "medical")
        return ArticlePage.objects.get(pk=page.pk), schedule

    return make


@pytest.fixture
def world(django_db_setup, django_db_blocker, tmp_path):
    with django_db_blocker.unblock():
        before = connections["default"].settings_dict["NAME"]
        world = World(tmp_path)
        world.begin()
        files, settings.EDITION_FILES_ROOT = settings.EDITION_FILES_ROOT, tmp_path / "editions"
        yield world
        settings.EDITION_FILES_ROOT = files
        world.end()
        connections["default"].settings_dict["NAME"] = before
