"""The database itself refuses to change the record, on both engines, column by column."""

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from articles.record.append_only import triggers
from articles.record.models import Counter, Document, Edition, Event, SignOff
from tests.record.columns import APPEND_ONLY, COLUMNS, NAMES, other_value
from tests.record.tamper import drop_triggers, sql

pytestmark = pytest.mark.django_db
TABLES = list(triggers.TABLES)
IS_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
IS_POSTGRESQL = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="that is PostgreSQL's alone")


@pytest.fixture
def refused():
    """refused(statement, …): the database refuses it, saying that the record is append-only."""

    def run(statement: str, *values) -> None:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            sql(statement, *values)

    return run


@pytest.mark.parametrize(("model", "name"), COLUMNS, ids=NAMES)
def test_the_database_refuses_to_change_a_column(history, model, name):
    row = model.objects.last()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{name: other_value(row, name)})


@pytest.mark.parametrize("table", TABLES)
def test_the_database_refuses_to_delete_rows(history, refused, table):
    refused(f"DELETE FROM {table}")


@IS_SQLITE
@pytest.mark.parametrize("table", TABLES)
def test_sqlite_refuses_to_replace_a_row(history, refused, table):
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


@IS_SQLITE
@pytest.mark.parametrize("model", [SignOff, Edition])
def test_sqlite_refuses_a_new_row_that_would_push_out_the_one_of_the_same_event(history, refused, model):
    table = model._meta.db_table
    columns = ", ".join(field.column for field in model._meta.concrete_fields if field.column != "id")

    refused(f"INSERT OR REPLACE INTO {table} (id, {columns}) SELECT id + 1000000, {columns} FROM {table}")


@IS_SQLITE
def test_sqlite_refuses_an_update_that_replaces_another_row(history, refused):
    refused("UPDATE OR REPLACE record_edition SET number = 1")


@IS_POSTGRESQL
@pytest.mark.parametrize("table", TABLES)
def test_postgresql_refuses_to_truncate(history, refused, table):
    refused(f"TRUNCATE {table}")


@IS_POSTGRESQL
def test_postgresql_refuses_to_change_a_row_by_way_of_an_insert(history, refused):
    refused(
        "INSERT INTO record_document SELECT digest, kind, format, content, stored_at FROM record_document "
        "ON CONFLICT (digest) DO UPDATE SET format = 9"
    )


@pytest.mark.parametrize(
    "change", ["number = number + 5", "previous_hash = hash"], ids=["out of turn", "off the chain"]
)
def test_the_database_refuses_a_line_that_does_not_follow_the_last(history, change):
    last = Event.objects.order_by("-number").first()
    last.number += 6 if "number" in change.split()[0] else 1
    last.previous_hash = "f" * 64 if change.startswith("previous") else last.hash

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        last.save(force_insert=True)


@pytest.mark.parametrize("change", ["value = value - 1", "value = value + 1", "hash = 'f'", "name = 'x'"])
def test_the_database_refuses_a_counter_that_does_not_follow_the_ledger(history, refused, change):
    assert Counter.objects.exists()

    refused(f"UPDATE record_counter SET {change}")


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_the_record_says_what_it_said_after_every_refusal(history, model):
    before = list(model.objects.order_by("pk").values())

    for statement in ("DELETE FROM {}", "UPDATE {} SET " + model._meta.pk.column + " = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement.format(model._meta.db_table))

    assert [{**row} for row in model.objects.order_by("pk").values()] == before


def errors() -> list[str]:
    return [message.msg for message in run_checks(databases=["default"]) if message.id == "record.E001"]


def test_the_check_is_silent_where_all_triggers_stand():
    assert errors() == []


def drop_one(table: str) -> None:
    sql(
        f"DROP TRIGGER {table}_no_update"
        if connection.vendor == "sqlite"
        else f"DROP TRIGGER {table}_no_change ON {table}"
    )


@pytest.mark.parametrize("table", TABLES)
def test_the_check_names_a_table_that_lost_a_trigger(table):
    drop_one(table)

    assert [table in message for message in errors()] == [True]


@IS_POSTGRESQL
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("how", ["DISABLE", "ENABLE REPLICA"])
def test_the_check_names_a_table_whose_trigger_is_disabled(table, how):
    sql(f"ALTER TABLE {table} {how} TRIGGER {table}_no_truncate")

    assert [table in message for message in errors()] == [True]


@IS_POSTGRESQL
def test_the_check_names_every_table_whose_function_refuses_no_more():
    sql("CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")

    assert len(errors()) == len(TABLES)


@IS_SQLITE
def test_the_check_names_a_trigger_that_refuses_no_more():
    sql("DROP TRIGGER record_event_no_update")
    sql("CREATE TRIGGER record_event_no_update BEFORE UPDATE ON record_event BEGIN SELECT 1; END")

    assert ["record_event" in message for message in errors()] == [True]


def test_installing_again_mends_what_was_dropped_and_what_was_altered(history):
    drop_triggers()
    if connection.vendor == "sqlite":
        sql("CREATE TRIGGER record_event_no_update BEFORE UPDATE ON record_event BEGIN SELECT 1; END")
    assert len(errors()) == len(TABLES)

    triggers.install()

    assert errors() == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Document.objects.update(kind="offer")
