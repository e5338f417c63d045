"""What holds for every view of delivery."""

import weakref

import pytest
from django.test import RequestFactory

from api.urls import urlpatterns


@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: str(route.pattern))
def test_a_view_and_its_answer_are_freed_without_the_garbage_collector(route):
    view = route.callback.cls()
    view.setup(RequestFactory().get("/"))
    left = weakref.ref(view)

    del view

    assert left() is None
