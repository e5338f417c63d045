"""The database refuses to change what is append-only: UPDATE, DELETE, replacing INSERT, TRUNCATE.

The triggers are installed after each migrate, because SQLite drops them when Django rebuilds a table; the system check
compares them word for word. Their text is in sqlite.py and postgresql.py. Two changes are allowed: of the counter, by
one together with the next event; and of a document, whose bytes are emptied together with an `erased` event.
"""

from django.db import connections

from articles.record.append_only import postgresql, sqlite

# Table -> its unique columns, by which SQLite's REPLACE would find a row to remove.
TABLES = {
    "record_document": ["digest"],
    "record_signoff": ["id", "event"],
    "record_edition": ["id", "event", "subject, number"],
    "record_event": ["number"],
    "record_counter": ["name"],
}
ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def install(*, using: str = "default", **signal) -> None:
    """Create missing triggers and restore altered ones. Safe to run again."""
    connection = connections[using]
    engine, lacking = ENGINES[connection.vendor], missing(using=using)
    with connection.cursor() as cursor:
        for table in lacking:
            for statement in engine.statements(table, TABLES[table]):
                cursor.execute(statement)


def missing(*, using: str = "default") -> list[str]:
    """Names of the tables whose triggers are missing, disabled or altered."""
    connection = connections[using]
    engine, existing = ENGINES[connection.vendor], set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        here = [(table, unique) for table, unique in TABLES.items() if table in existing]
        return [table for table, unique in here if not engine.is_guarded(cursor, table, unique)]
