"""The people and the logged-in clients of the other folders."""

from tests.admin.conftest import login  # noqa: F401 - fixture
from tests.pipeline.conftest import disclaimer, offer, people, publish, published  # noqa: F401 - fixtures
