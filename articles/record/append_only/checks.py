"""A system check that the database still refuses changes of the record. `manage.py check --database default`."""

from django.core import checks

from articles.record.append_only import triggers


def record_is_append_only(*, databases=None, **options) -> list[checks.CheckMessage]:
    """An error for each table that lacks a trigger, or has one disabled or altered."""
    found = [(name, table) for name in databases or [] for table in triggers.missing(using=name)]
    return [
        checks.Error(
            f"The table {table} of the database “{name}” can be changed: a trigger is missing, disabled or altered.",
            hint="Run `manage.py migrate`; it installs them again.",
            id="record.E001",
        )
        for name, table in found
    ]
