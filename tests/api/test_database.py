"""The driver that delivery asks answers as Django's own cursor does."""

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from api.protocol import database

pytestmark = pytest.mark.django_db
TABLES = ("record_publication", "record_path", "record_edition", "record_document", "record_event", "record_searchtext")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("is_planned_once", [True, False])
def test_the_driver_and_djangos_cursor_find_the_same_values(rich, table, is_planned_once):
    sql = f"SELECT * FROM {table} WHERE %s = %s AND '100%%' LIKE '1%%'"

    found = database.fetch(sql, ["ä", "ä"], is_planned_once=is_planned_once)
    with CaptureQueriesContext(connection) as seen:
        by_django = database.fetch(sql, ["ä", "ä"], is_planned_once=is_planned_once)

    assert len(seen) == 1 and found
    assert [_plain(row) for row in found] == [_plain(row) for row in by_django]


def _plain(row: database.Row) -> list:
    """PostgreSQL gives bytes as a view of its answer, or as bytes."""
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def test_its_errors_are_djangos():
    with pytest.raises((ProgrammingError, OperationalError)):
        database.fetch("SELECT nothing FROM record_nowhere", [])
