"""A PostgreSQL that was restarted: the delivery process asks again on another connection, and no reader notices."""

import json

import psycopg
import pytest
from django.db import connection

from tests.bench.server import OPENER, running
from tests.faults.own_postgres import copied

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("published"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to lose"),
]
CLOSE_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"


def test_a_request_after_a_restart_is_answered():
    with copied() as own, running("cms.settings.delivery", environment={"DATABASE_URL": own.url()}) as (port, _):
        for size in (1, 2, 3):
            with OPENER.open(f"http://127.0.0.1:{port}/api/v1/articles/?page_size={size}", timeout=10) as answer:
                assert len(json.load(answer)["results"]) == 1
            with psycopg.connect(own.url(), autocommit=True) as owner:
                closed = owner.execute(CLOSE_ALL).fetchall()
                assert closed == [(True,)]
