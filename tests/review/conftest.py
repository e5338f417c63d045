"""The people and shared texts of whole-way tests, and a lead."""

import pytest

from tests.factories import make_user


@pytest.fixture
def lead(db):
    return make_user("lead", "Medical leads")
