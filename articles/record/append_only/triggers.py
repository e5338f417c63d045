"""The database refuses to change what is append-only: UPDATE, DELETE, replacing INSERT, TRUNCATE.

Installed after each migrate, because SQLite drops triggers when Django rebuilds a table; the system check reads
them back word for word. What they say stands in triggers_sqlite.py and triggers_postgresql.py. Two things may
change: the counter, by one with the event that follows; a document, whose bytes an `erased` event empties.
"""

from django.db import connections

from articles.record.append_only import postgresql, sqlite

# Table -> what is unique in it: on SQLite a row that REPLACE would push out has one of these in common.
TABLES = {
    "record_document": ["digest"],
    "record_signoff": ["id", "event"],
    "record_edition": ["id", "event", "subject, number"],
    "record_event": ["number"],
    "record_counter": ["name"],
}
ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def install(*, using: str = "default", **signal) -> None:
    """Create what is missing and put right what says something else; safe to run again."""
    connection = connections[using]
    engine, lacking = ENGINES[connection.vendor], missing(using=using)
    with connection.cursor() as cursor:
        for table in lacking:
            for statement in engine.statements(table, TABLES[table]):
                cursor.execute(statement)


def missing(*, using: str = "default") -> list[str]:
    """Names of the tables whose triggers are not there, are disabled, or say something else."""
    connection = connections[using]
    engine, existing = ENGINES[connection.vendor], set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        here = [(table, unique) for table, unique in TABLES.items() if table in existing]
        return [table for table, unique in here if not engine.is_guarded(cursor, table, unique)]
