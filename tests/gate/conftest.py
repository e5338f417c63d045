"""An unsigned article beside a published one, a superuser, and what a browser would post."""

import pytest

from tests.factories import make_article
from tests.gate.marked import relate
from tests.gate.reader import leaks


@pytest.fixture
def neighbour(people, publish, unsigned):
    """A published article that links to the unsigned one and names it as related."""
    return publish(relate(make_article(by=people.author), unsigned, by=people.author))


@pytest.fixture
def clean(unsigned):
    """clean() fails when a stranger is told something of the unsigned article anywhere."""

    def check(*pages, words=()):
        told = [address for page in (unsigned, *pages) for address in leaks(page, *words)]
        assert not told, f"Told to strangers: {told}"

    return check
