"""Delivery answers for ALLOWED_HOSTS only, and remembers which hosts those were."""

import pytest
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.test import RequestFactory

from api.protocol import middleware


@pytest.fixture
def asks(settings):
    """asks(host): the status of the answer behind the middleware."""
    settings.ALLOWED_HOSTS = [".vetted.example"]
    layer = middleware.HostMiddleware(lambda request: HttpResponse("here"))

    def _asks(host: str) -> int:
        return layer(RequestFactory().get("/", HTTP_HOST=host)).status_code

    return _asks


@pytest.mark.parametrize("bad", ["evil.example", "vetted.example.evil", "", "vetted.example:80:80"])
def test_another_host_is_refused_after_a_good_one_too(asks, bad):
    assert asks("vetted.example") == asks("vetted.example") == 200
    for _ in range(2):
        with pytest.raises(DisallowedHost):
            asks(bad)


def test_it_remembers_a_limited_number_of_hosts(asks, monkeypatch):
    monkeypatch.setattr(middleware, "MOST_HOSTS", 3)

    assert {asks(f"h{number}.vetted.example") for number in range(9)} == {200}
