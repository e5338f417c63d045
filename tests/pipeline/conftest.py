"""The people and shared texts that whole-way tests need."""

from types import SimpleNamespace

import pytest

from articles.record.vocabulary import Role
from tests.factories import (
    make_article,
    make_clinician,
    make_disclaimer,
    make_offer,
    make_user,
    sign_and_publish,
    sign_as,
)


@pytest.fixture
def people(db):
    return SimpleNamespace(
        author=make_user("author", "Authors"),
        editor=make_user("editor", "Editors"),
        reviewer=make_clinician(),
    )


@pytest.fixture
def disclaimer(people):
    """A signed and published one."""
    made = make_disclaimer(by=people.author)
    sign_as(made, people.reviewer, Role.MEDICAL)
    return made


@pytest.fixture
def offer(people):
    made = make_offer(by=people.author)
    sign_as(made, people.editor, Role.EDITOR)
    sign_as(made, people.reviewer, Role.MEDICAL)
    return made


@pytest.fixture
def publish(people):
    """publish(page) takes a draft through the whole workflow."""

    def through(page):
        sign_and_publish(page, by=people.author, editor=people.editor, reviewer=people.reviewer)
        return page

    return through


@pytest.fixture
def published(people, publish, offer, disclaimer):
    return publish(make_article(by=people.author, offer=offer, disclaimers=[disclaimer]))
