"""The record's triggers on SQLite.

`INSERT OR REPLACE` passes DELETE triggers (recursive_triggers is off), hence the BEFORE INSERT ones.
SQLite has no transaction ids, so an erasure is allowed while its event is the ledger's last line and the bytes still
exist. Only one writer at a time holds the database, so no line of another transaction can come between. Emptying the
bytes later, before the next line, only does what the ledger already records.
"""

from collections.abc import Iterator

MESSAGE = "the record is append-only"
REFUSE = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
ERASED = (
    "NEW.digest IS OLD.digest AND NEW.kind IS OLD.kind AND NEW.format IS OLD.format "
    "AND NEW.stored_at IS OLD.stored_at AND length(NEW.content) = 0 AND length(OLD.content) > 0 "
    "AND EXISTS (SELECT 1 FROM record_event WHERE number = (SELECT max(number) FROM record_event) "
    "AND kind = 'erased' AND json_extract(data, '$.digest') = OLD.digest)"
)
COUNTED = (
    "NEW.name IS OLD.name AND NEW.value IS OLD.value + 1 "
    "AND EXISTS (SELECT 1 FROM record_event WHERE number = NEW.value AND hash = NEW.hash)"
)
FOLLOWS = (
    "EXISTS (SELECT 1 FROM record_counter WHERE name = 'events' "
    "AND value + 1 = NEW.number AND hash = NEW.previous_hash)"
)
MAY_UPDATE = {"record_document": ERASED, "record_counter": COUNTED}
MAY_INSERT = {"record_event": FOLLOWS}


def statements(table: str, unique: list[str]) -> Iterator[str]:
    for name, definition in _wanted(table, unique).items():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield definition


def is_guarded(cursor, table: str, unique: list[str]) -> bool:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
    found = dict(cursor.fetchall())
    return _wanted(table, unique).items() <= found.items()


def _wanted(table: str, unique: list[str]) -> dict[str, str]:
    update = f" WHEN NOT ({MAY_UPDATE[table]})" if table in MAY_UPDATE else ""
    known = " OR ".join(_exists(table, columns.split(", ")) for columns in unique)
    insert = f"{known} OR NOT {MAY_INSERT[table]}" if table in MAY_INSERT else known
    definitions = {
        "no_update": f"BEFORE UPDATE ON {table}{update}",
        "no_delete": f"BEFORE DELETE ON {table}",
        "no_replace": f"BEFORE INSERT ON {table} WHEN {insert}",
    }
    return {f"{table}_{name}": f"CREATE TRIGGER {table}_{name} {what} {REFUSE}" for name, what in definitions.items()}


def _exists(table: str, columns: list[str]) -> str:
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} WHERE {same})"
