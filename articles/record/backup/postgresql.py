"""The database of a backup on PostgreSQL: a dump of the schema `public`, restored by one transaction of psql.

The transaction drops what is there, brings the dump, compares the ledger's head with the manifest and begins a new
epoch. If anything of that fails, nothing was changed.
"""

from pathlib import Path

from django.db import connection

from articles.record import epoch
from articles.record.backup.errors import BackupFailed, RestoreRefused
from articles.record.backup.manifest import Manifest
from articles.record.backup.state import State, read
from articles.record.backup.tools import ToolFailed, run

# Sequences last: those of a table's columns go with the table.
CLEAR = """
SET client_min_messages = warning;
SET lock_timeout = '20s';
DO $$
DECLARE item record;
BEGIN
  FOR item IN
    SELECT CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE'
      WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, quote_ident(relname) AS name, relkind = 'S' AS comes_last
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e')
    UNION ALL
    SELECT 'ROUTINE', format('%I(%s)', proname, pg_get_function_identity_arguments(oid)), true
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_proc'::regclass AND deptype = 'e')
    ORDER BY comes_last
  LOOP
    EXECUTE format('DROP %s IF EXISTS public.%s CASCADE', item.kind, item.name);
  END LOOP;
END $$;
"""
REQUIRE_HEAD = """
SET search_path = public;
DO $$
BEGIN
  IF (SELECT coalesce(max(number), 0) FROM record_event) <> {number}
    OR {number} > 0 AND NOT EXISTS (SELECT 1 FROM record_event WHERE number = {number} AND hash = '{hash}')
  THEN
    RAISE EXCEPTION 'The database in the backup is not the one that its manifest describes.';
  END IF;
END $$;
"""
OPTIONS = ("--no-password",)


def copy(to: Path) -> State:
    """A dump of what is committed now; the state is read in the dump's own snapshot."""
    own = connection.copy()
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = f"--snapshot={cursor.fetchone()[0]}"
            run("pg_dump", "--format=custom", "--schema=public", snapshot, f"--file={to}", *OPTIONS, on=connection)

            def ask(statement: str) -> list[tuple]:
                cursor.execute(statement)
                return cursor.fetchall()

            return read(ask)
    except ToolFailed as error:
        raise BackupFailed(error.detail) from error
    finally:
        own.close()


def restore(dump: Path, manifest: Manifest) -> None:
    """Put the dump, in a new epoch, in the place of the database's schema `public`. Writes files beside `dump`."""
    clear, bring, finish = (dump.with_name(f"{step}.sql") for step in ("1-clear", "2-bring", "3-finish"))
    clear.write_text(CLEAR)
    finish.write_text(
        REQUIRE_HEAD.format(**manifest.head) + "".join(f"{each};\n" for each in epoch.renewal("postgresql"))
    )
    once = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--single-transaction", "--set=ON_ERROR_STOP=1")
    connection.close()
    try:
        run("pg_restore", "--schema=public", "--no-owner", f"--file={bring}", str(dump))
        run("psql", *once, *(f"--file={file}" for file in (clear, bring, finish)), *OPTIONS, on=connection)
    except ToolFailed as error:
        raise RestoreRefused(f"{error.detail} Nothing was changed.") from error
