"""The delivery process under the database role of docs/operators.md: it answers everything, and may do nothing else."""

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import ExitStack

import psycopg
import pytest
from django.db import connection
from psycopg import errors, sql

from tests.api.addresses import addresses
from tests.bench.server import OPENER, running
from tests.conftest import ROOT
from tests.faults.own_postgres import copied

SQL = re.search(r"```sql\n(.+?)```", (ROOT / "docs/operators.md").read_text(), re.DOTALL)[1]
READ = re.compile(r"record_\w+|api_apikey|django_migrations")
BEYOND = ("/readyz", "/healthz", "/api/v1/openapi.yaml", "/api/v1/docs/", "/api/v1/articles/?q=scalp&facets=kind")
NOTHING = ("/api/v1/articles/nobody/", f"/editions/{'0' * 64}/320.webp")  # found out by asking the database
DRAFTS = {"wagtailcore_revision", "wagtailcore_page", "articles_articlepage", "articles_policy", "cms_user"}
FIND = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "find_passages", "arguments": {"query": "scalp"}},
}
WRITES = (
    "CREATE TABLE public.mine (name text)",
    "CREATE TEMPORARY TABLE mine (name text)",
    "SELECT nextval('wagtailcore_page_id_seq')",
    "DELETE FROM record_publication",
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("published"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles"),
]


@pytest.fixture(scope="module")
def own(django_db_setup):
    """With the role that the documentation makes, and the log up to the last event."""
    with copied() as own:
        given = os.environ | {"DATABASE_URL": own.url(), "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
        subprocess.run([sys.executable, "manage.py", "ledger", "head"], cwd=ROOT, env=given, check=True)
        own.psql(SQL.replace("…", "secret"))
        yield own


@pytest.fixture
def tables(own):
    with psycopg.connect(own.url()) as owner:
        return {row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


@pytest.fixture
def role(own):
    with psycopg.connect(own.url("vetted_delivery"), autocommit=True) as delivery:
        yield delivery


def ask(port: int, path: str, body: dict | None = None) -> tuple[int, str, bytes]:
    headers = {"Content-Type": "application/json", "Host": "127.0.0.1:8000", "X-Request-Id": "the-same"}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, headers=headers)
    try:
        with OPENER.open(request, timeout=20) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers["Content-Type"], answer.read()


def test_every_address_answers_as_it_does_for_the_owner(own, published, tmp_path):
    with ExitStack() as stack:
        ports = []
        for user in ("postgres", "vetted_delivery"):
            given = {"DATABASE_URL": own.url(user), "VAR_DIR": str(tmp_path), "SECRET_KEY": "tests-only"}
            given |= {"FIXTURES": "true", "PUBLIC_URL": "http://127.0.0.1:8000"}
            ports.append(stack.enter_context(running("cms.settings.delivery", environment=given))[0])
        below = addresses(lambda path: json.loads(ask(ports[0], f"/api/v1/{path}")[2]), published.slug)
        nothing = {*NOTHING, f"/api/v1/{below['resolve']}"}
        paths = {*(f"/api/v1/{path}" for path in below.values()), *BEYOND, *nothing}

        told = {path: [ask(port, path) for port in ports] for path in paths}
        told["mcp"] = [ask(port, "/api/v1/mcp/", FIND) for port in ports]

    assert {path: answers for path, answers in told.items() if answers[0] != answers[1]} == {}
    assert {path: answers[1][0] for path, answers in told.items()} == dict.fromkeys(told, 200) | dict.fromkeys(
        nothing, 404
    )


def test_the_role_reads_the_record_and_the_keys_and_nothing_else(role, tables):
    def may_read(table: str) -> bool:
        try:
            role.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table)))
        except errors.InsufficientPrivilege:
            return False
        return True

    assert tables >= DRAFTS
    assert {table for table in tables if may_read(table)} == {table for table in tables if READ.fullmatch(table)}


@pytest.mark.parametrize("statement", WRITES)
def test_the_role_writes_nothing(role, statement):
    with pytest.raises((errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege)):
        role.execute(statement)


def test_it_changes_no_table_if_somebody_lets_it_write(role, tables):
    role.execute("SET default_transaction_read_only = off")

    for verb in ("DELETE FROM {}", "TRUNCATE {}", "INSERT INTO {} DEFAULT VALUES", "DROP TABLE {}"):
        for table in tables:
            with pytest.raises(errors.InsufficientPrivilege):
                role.execute(sql.SQL(verb).format(sql.Identifier(table)))


def test_a_process_whose_role_lacks_a_table_is_not_ready_and_names_it(own, tmp_path):
    own.psql("CREATE ROLE narrow LOGIN; GRANT SELECT ON django_migrations TO narrow")
    given = {"DATABASE_URL": own.url("narrow"), "VAR_DIR": str(tmp_path), "SECRET_KEY": "tests-only"}

    with running("cms.settings.delivery", environment=given) as (port, _):
        status, _, problem = ask(port, "/readyz")

    assert status == 503 and "record_facet" in json.loads(problem)["detail"]
