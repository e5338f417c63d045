"""The database itself refuses to change the record, on both engines."""

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from articles.record import triggers
from articles.record.models import Document

pytestmark = pytest.mark.django_db
DIGEST = "sha-256:" + "0" * 64


@pytest.fixture
def document():
    return Document.objects.create(digest=DIGEST, kind="medical", format=1, content=b"{}", stored_at=timezone.now())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_document SET kind = 'offer'",
        "DELETE FROM record_document",
    ],
)
def test_the_database_refuses_sql_that_changes_a_document(document, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_sqlite_refuses_to_replace_a_row(document):
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    statement = (
        "INSERT OR REPLACE INTO record_document SELECT digest, 'offer', format, content, stored_at FROM record_document"
    )

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_postgresql_refuses_to_truncate(document):
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE record_document")


def test_the_check_is_silent_where_all_triggers_stand():
    assert triggers.missing() == []
    assert not [found for found in run_checks(databases=["default"]) if found.id == "record.E001"]


def test_the_check_names_a_table_that_lost_a_trigger():
    table = "record_event"
    name = f"{table}_no_update" if connection.vendor == "sqlite" else f"{table}_no_change"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))

    found = [message for message in run_checks(databases=["default"]) if message.id == "record.E001"]

    assert "record_event" in found[0].msg


def test_installing_again_mends_it():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER record_event_no_update")
        else:
            cursor.execute("DROP TRIGGER record_event_no_change ON record_event")

    triggers.install()

    assert triggers.missing() == []
