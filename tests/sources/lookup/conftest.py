"""The local server with the recorded works, and settings that ask it."""

import pytest
from django.core.cache import cache

from tests.sources.lookup.server import Index, lookup_settings, recorded, serve


@pytest.fixture(scope="session")
def index(shared) -> Index:
    return recorded(shared / "data/citations")


@pytest.fixture
def server(settings):
    """Of an empty index; `server.answers` and `server.index` may be filled."""
    server = serve(Index())
    settings.LOOKUP = lookup_settings(server)
    cache.clear()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def recorded_server(server, index):
    server.index = index
    return server
