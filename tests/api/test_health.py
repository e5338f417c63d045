"""`/healthz` and `/readyz`."""

import json

import pytest
from django.db import OperationalError, connection

from api.health import APPLIED


def test_a_process_is_healthy_without_a_database(client):
    """No database mark: a query would fail."""
    answer = client.get("/healthz")

    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_a_process_is_ready_when_the_record_is_migrated(client, django_assert_num_queries):
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 1):
        answer = client.get("/readyz")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_process_without_a_migration_is_not_ready_and_names_it(client):
    with connection.cursor() as cursor:
        cursor.execute(APPLIED)
        last = max(name for (name,) in cursor.fetchall() if name.startswith("record."))
        cursor.execute("DELETE FROM django_migrations WHERE app = 'record' AND name = %s", [last.partition(".")[2]])

    answer = client.get("/readyz")

    problem = json.loads(answer.content)
    assert (answer.status_code, problem["type"]) == (503, "/problems/unavailable")
    assert last in problem["detail"]
    assert answer.headers["Retry-After"]


@pytest.mark.django_db
def test_a_process_without_its_database_is_not_ready(client):
    def broken(*arguments):
        raise OperationalError

    with connection.execute_wrapper(broken):
        answer = client.get("/readyz")

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
