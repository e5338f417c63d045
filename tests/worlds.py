"""What many tests begin with, made once for each test process and kept in databases of its own.

A world is a database: `empty` is migrated and holds nothing else; each further one adds to the one before it. A test
runs in the smallest world that has the fixtures it asks for, inside a transaction that is rolled back.
"""

from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.db import connections, transaction

from articles.authoring.components import Disclaimer, Offer
from articles.record.vocabulary import Role
from cms.models import User
from tests import databases
from tests.factories import (
    make_article,
    make_clinician,
    make_disclaimer,
    make_offer,
    make_user,
    sign_and_publish,
    sign_as,
)

NEEDS = {
    "people": "people",
    "publish": "people",
    "offer": "components",
    "disclaimer": "components",
    "published": "published",
}  # {fixture of tests/conftest.py: the world that has what it gives}


def people() -> SimpleNamespace:
    """The author, the editor and the clinician of every world but the empty one."""
    names = ("author", "editor", "reviewer")
    return SimpleNamespace(**{user.username: user for user in User.objects.filter(username__in=names)})


def _make_people() -> None:
    make_user("author", "Authors")
    make_user("editor", "Editors")
    make_clinician()


def _make_components() -> None:
    """A signed and published offer and disclaimer."""
    at_work = people()
    disclaimer = make_disclaimer(by=at_work.author)
    sign_as(disclaimer, at_work.reviewer, Role.MEDICAL)
    offer = make_offer(by=at_work.author)
    sign_as(offer, at_work.editor, Role.EDITOR)
    sign_as(offer, at_work.reviewer, Role.MEDICAL)


def _make_published() -> None:
    """An article that shows both, through the whole workflow."""
    at_work = people()
    page = make_article(by=at_work.author, offer=Offer.objects.get(), disclaimers=[Disclaimer.objects.get()])
    sign_and_publish(page, by=at_work.author, editor=at_work.editor, reviewer=at_work.reviewer)


BUILDERS = {"people": _make_people, "components": _make_components, "published": _make_published}
WORLDS = ("empty", *BUILDERS)


class Worlds:
    """The databases of one test process; `use` connects to one."""

    def __init__(self) -> None:
        self.wanted = "empty"
        self.names: dict[str, str] = {}

    def make(self, label: str) -> None:
        """All of them, each from the one before it."""
        self.names["empty"] = self._name(label, "empty")
        self._copy_of_template(self.names["empty"])
        for before, world in pairwise(WORLDS):
            self.names[world] = self._name(label, world)
            self._clone(self.names[before], self.names[world])
            self._connect(world)
            with transaction.atomic():
                BUILDERS[world]()
                connections["default"].run_on_commit = []  # as in a test, whose transaction never commits
            connections["default"].close()
        self._connect(self.wanted)

    def use(self, world: str) -> None:
        """Connect to it, at once or as soon as it is made; a file with one transaction around its tests stays in it."""
        if world == self.wanted or connections["default"].in_atomic_block:
            return
        self.wanted = world
        if self.names:
            self._connect(world)

    def drop(self) -> None:
        connections["default"].close()
        if connections["default"].vendor == "postgresql":
            for name in self.names.values():
                databases.postgresql_drop(name)

    def _connect(self, world: str) -> None:
        connections["default"].close()
        connections["default"].settings_dict["NAME"] = self.names[world]
        connections.settings["default"]["NAME"] = self.names[world]

    def _name(self, label: str, world: str) -> str:
        if connections["default"].vendor == "postgresql":
            return f"vetted_test_{label}_{world}"
        return str(Path(settings.VAR_DIR) / f"{label}-{world}.sqlite3")

    def _copy_of_template(self, name: str) -> None:
        if connections["default"].vendor == "postgresql":
            databases.postgresql_copy(name)
        else:
            databases.sqlite_copy(Path(name))

    def _clone(self, source: str, name: str) -> None:
        if connections["default"].vendor == "postgresql":
            databases.postgresql_clone(source, name)
        else:
            databases.sqlite_clone(Path(source), Path(name))


def world_of(item) -> str:
    """The smallest world that has every shared fixture the test asks for; folders may have fixtures of those names."""
    found = item._fixtureinfo.name2fixturedefs
    shared = [name for name in NEEDS if name in found and found[name][-1].func.__module__ == "tests.conftest"]
    return max((NEEDS[name] for name in shared), key=WORLDS.index, default="empty")
