"""The epoch: which life of the database this is. The sync feed's cursors carry it, and a restore begins a new one.

After a restore, event numbers that clients have seen may be given to other events. A cursor of an earlier epoch is
therefore worth nothing, and its client starts again. The epoch is kept as a second row of the table Counter, in `hash`.
"""

import secrets

from django.db import connection, transaction

from articles.record.append_only import triggers
from articles.record.models import Counter

NAME = "epoch"
TABLE = Counter._meta.db_table


def current() -> str:
    """16 hex digits. The first call writes them, and of two at once both get the same."""
    return Counter.objects.get_or_create(name=NAME, defaults={"hash": _new()})[0].hash


def begin(**signal) -> None:
    """After each migrate: the delivery process reads the epoch, and may write nothing."""
    if TABLE in connection.introspection.table_names():
        current()


def renew() -> str:
    """Begin a new epoch. Only the owner of the tables can, because the counter's triggers refuse it to all others."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in renewal(connection.vendor):
            cursor.execute(statement)
    return current()


def renewal(vendor: str) -> list[str]:
    """The statements of `renew`, to be run in one transaction: the counter's triggers are away until its end only."""
    guards = list(triggers.ENGINES[vendor].statements(TABLE, triggers.TABLES[TABLE]))
    return [
        *(statement for statement in guards if statement.startswith("DROP TRIGGER")),
        f"DELETE FROM {TABLE} WHERE name = '{NAME}'",
        f"INSERT INTO {TABLE} (name, value, hash) VALUES ('{NAME}', 0, '{_new()}')",
        *guards,
    ]


def _new() -> str:
    return secrets.token_hex(8)
