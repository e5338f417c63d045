"""The database refuses to change what is append-only: UPDATE, DELETE, replacing INSERT, TRUNCATE.

Installed after each migrate, because SQLite drops triggers when Django rebuilds a table.
SQLite's `INSERT OR REPLACE` passes DELETE triggers (recursive_triggers is off), hence a BEFORE INSERT one.
"""

from django.db import connections

APPEND_ONLY = {
    "record_document": "digest",
    "record_signoff": "id",
    "record_edition": "id",
    "record_event": "number",
}
MESSAGE = "the record is append-only"


def install(*, using: str = "default", **signal) -> None:
    """Create what is missing; safe to run again."""
    connection = connections[using]
    statements = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, key in APPEND_ONLY.items():
            if table in existing:
                for statement in statements(table, key):
                    cursor.execute(statement)


def missing(*, using: str = "default") -> list[str]:
    """Names of the tables that lack a trigger."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        found = [row[0] for row in cursor.fetchall()]
    wanted = 3 if connection.vendor == "sqlite" else 2
    return [table for table in APPEND_ONLY if table in existing and found.count(table) < wanted]


def _sqlite(table: str, key: str):
    refuse = f"SELECT RAISE(ABORT, '{MESSAGE}');"
    yield (f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse} END")
    yield (f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse} END")
    yield (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) BEGIN {refuse} END"
    )


def _postgresql(table: str, key: str):
    yield (
        "CREATE OR REPLACE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION record_refuse()"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION record_refuse()"
    )
