"""The record's triggers on PostgreSQL.

A row that this transaction wrote has an `xmin` that is in progress, savepoints included; such rows of other
transactions are not visible here. So an erasure is allowed only in the transaction that writes its event. The functions
search `public` first, so that a temporary table named record_event cannot deceive them.
"""

from collections.abc import Iterator

MESSAGE = "the record is append-only"
OURS = (
    "pg_xact_status(((((pg_current_xact_id()::text::bigint >> 32) << 32) | xmin::text::bigint)::text)::xid8) "
    "= 'in progress'"
)
ERASED = (
    "NEW.digest = OLD.digest AND NEW.kind = OLD.kind AND NEW.format = OLD.format AND NEW.stored_at = OLD.stored_at "
    "AND octet_length(NEW.content) = 0 AND octet_length(OLD.content) > 0 AND EXISTS (SELECT 1 FROM record_event "
    f"WHERE kind = 'erased' AND data ->> 'digest' = OLD.digest AND {OURS})"
)
COUNTED = (
    "NEW.name = OLD.name AND NEW.value = OLD.value + 1 "
    "AND EXISTS (SELECT 1 FROM record_event WHERE number = NEW.value AND hash = NEW.hash)"
)
FOLLOWS = (
    "EXISTS (SELECT 1 FROM record_counter WHERE name = 'events' "
    "AND value + 1 = NEW.number AND hash = NEW.previous_hash)"
)
ON_UPDATE = "IF TG_OP = 'UPDATE' THEN IF {} THEN RETURN NEW; END IF; END IF;"
PATH = "public, pg_temp"
REFUSE = f"RAISE EXCEPTION '{MESSAGE}';"
CONFIGURED = [f"search_path={PATH}"]
# Function -> its body, which allows some changes and refuses all others.
BODIES = {
    "record_refuse": f"BEGIN {REFUSE} END",
    "record_document_guard": f"BEGIN {ON_UPDATE.format(ERASED)} {REFUSE} END",
    "record_counter_guard": f"BEGIN {ON_UPDATE.format(COUNTED)} {REFUSE} END",
    "record_event_guard": f"BEGIN IF {FOLLOWS} THEN RETURN NEW; END IF; {REFUSE} END",
}
ON_CHANGE = {"record_document": "record_document_guard", "record_counter": "record_counter_guard"}
READ = (
    "SELECT t.tgname, t.tgenabled, t.tgtype, p.proname, p.prosrc, p.proconfig FROM pg_trigger t "
    "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = %s::regclass AND NOT t.tgisinternal AND t.tgqual IS NULL "
    "AND t.tgattr = ''::int2vector"
)
ROW_UPDATE_DELETE, ROW_INSERT, TRUNCATE = 1 | 2 | 8 | 16, 1 | 2 | 4, 2 | 32  # pg_trigger.tgtype: row, before, events


def statements(table: str, unique: list[str]) -> Iterator[str]:
    for name, (kind, function) in _wanted(table).items():
        yield (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql "
            f"SET search_path = {PATH} AS $${BODIES[function]}$$"
        )
        yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
        yield f"CREATE TRIGGER {name} {_event(kind)} ON {table} {_level(kind)} EXECUTE FUNCTION {function}()"


def is_guarded(cursor, table: str, unique: list[str]) -> bool:
    cursor.execute(READ, [table])
    found = {name: (kind, function, body, config) for name, on, kind, function, body, config in cursor if on in "OA"}
    wanted = {name: (kind, function, BODIES[function], CONFIGURED) for name, (kind, function) in _wanted(table).items()}
    return wanted.items() <= found.items()


def _wanted(table: str) -> dict[str, tuple[int, str]]:
    """{trigger: (tgtype, function)}."""
    wanted = {
        f"{table}_no_change": (ROW_UPDATE_DELETE, ON_CHANGE.get(table, "record_refuse")),
        f"{table}_no_truncate": (TRUNCATE, "record_refuse"),
    }
    return wanted | ({f"{table}_follows": (ROW_INSERT, "record_event_guard")} if table == "record_event" else {})


def _event(kind: int) -> str:
    return {ROW_UPDATE_DELETE: "BEFORE UPDATE OR DELETE", ROW_INSERT: "BEFORE INSERT", TRUNCATE: "BEFORE TRUNCATE"}[
        kind
    ]


def _level(kind: int) -> str:
    return "FOR EACH ROW" if kind & 1 else "FOR EACH STATEMENT"
