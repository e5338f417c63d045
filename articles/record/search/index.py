"""The index of the words of SearchText, as each engine has one: FTS5 on SQLite, a GIN index on PostgreSQL.

Installed after each migrate, because SQLite drops triggers when Django rebuilds a table. The database keeps it, whoever
writes SearchText.
"""

from collections.abc import Iterator

from django.db import connections

TABLE = "record_searchtext"
NAME = "record_search"
# Each word is one token: ASCII letters and digits (articles.record.search.stems). Positions are not kept.
FTS5 = (
    f"CREATE VIRTUAL TABLE {NAME} USING fts5(words, content='{TABLE}', content_rowid='number', "
    "detail=none, columnsize=0, tokenize='ascii')"
)
# Rows whose number is none can be written by SQL only; `ledger verify` names them, and no search finds them.
FORGET = (
    f"INSERT INTO {NAME} ({NAME}, rowid, words) "
    "SELECT 'delete', OLD.number, OLD.words WHERE typeof(OLD.number) = 'integer'"
)
LEARN = f"INSERT INTO {NAME} (rowid, words) SELECT NEW.number, NEW.words WHERE typeof(NEW.number) = 'integer'"
TRIGGERS = {
    f"{TABLE}_insert": f"AFTER INSERT ON {TABLE} BEGIN {LEARN}; END",
    f"{TABLE}_delete": f"AFTER DELETE ON {TABLE} BEGIN {FORGET}; END",
    f"{TABLE}_update": f"AFTER UPDATE OF number, words ON {TABLE} BEGIN {FORGET}; {LEARN}; END",
}
VECTOR = "array_to_tsvector(string_to_array(words, ' '))"
# The function plans without reading the whole table: to test a row that is not in the index costs a hundred times what
# the planner thinks, because its words are stored apart from it. So are all texts, that matching rows are read quickly.
POSTGRESQL = (
    f"ALTER TABLE {TABLE} SET (toast_tuple_target = 128)",
    f"CREATE INDEX IF NOT EXISTS {TABLE}_words ON {TABLE} USING gin (({VECTOR})) WITH (fastupdate = off)",
    # In one statement: what a function returns cannot be replaced.
    f"DROP FUNCTION IF EXISTS {NAME}(tsquery); "
    f"CREATE FUNCTION {NAME}(asked tsquery) RETURNS TABLE (rowid bigint, article uuid) LANGUAGE sql STABLE ROWS 1000 "
    "SET search_path = public, pg_temp SET enable_seqscan = off "
    f"AS $$SELECT number, article FROM {TABLE} WHERE {VECTOR} @@ asked$$",
)


def matching(turn: str = "DESC") -> str:
    """What stands after FROM to ask the index: it takes the query, and gives the number of each article that matches as
    `m.rowid`, and its publication as `p`. `turn`, DESC or ASC, is the order of the numbers, in which PostgreSQL then
    joins no more articles than the limit."""
    if connections["default"].vendor == "postgresql":
        sought = f"(SELECT rowid, article FROM {NAME}(%s) ORDER BY rowid {turn}) m"
        return f"{sought} JOIN record_publication p ON p.article = m.article"
    return (
        f"{NAME}(%s) m CROSS JOIN {TABLE} t ON t.number = m.rowid "
        "CROSS JOIN record_publication p ON p.article = t.article"
    )


def install(*, using: str = "default", **signal) -> None:
    """Safe to run again."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if TABLE in tables:
        with connection.cursor() as cursor:
            for statement in POSTGRESQL if connection.vendor == "postgresql" else _sqlite(is_there=NAME in tables):
                cursor.execute(statement)


def _sqlite(*, is_there: bool) -> Iterator[str]:
    if not is_there:
        yield FTS5
    for name, definition in TRIGGERS.items():
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} {definition}"
    if not is_there:
        yield f"INSERT INTO {NAME} ({NAME}) VALUES ('rebuild')"
