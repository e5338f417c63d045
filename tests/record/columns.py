"""Every column of every table that only grows, and another value for each."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import models

from articles.record.models import Document, Edition, Event, SignOff

APPEND_ONLY = (Document, SignOff, Edition, Event)
COLUMNS = [(model, field.attname) for model in APPEND_ONLY for field in model._meta.concrete_fields]
NAMES = [f"{model._meta.db_table}.{name}" for model, name in COLUMNS]


def other_value(row: models.Model, name: str):
    """As little changed as the column's kind allows."""
    field, value = row._meta.get_field(name), getattr(row, name)
    if isinstance(field, models.DateTimeField):
        return value + timedelta(microseconds=1)
    if isinstance(field, models.DateField):
        return value + timedelta(days=1) if value else date(2030, 1, 1)
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.JSONField):
        return [*value, 1] if isinstance(value, list) else {**value, "tampered": True}
    if isinstance(field, models.BinaryField):
        return bytes(value) + b" "
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1_000
    return value[:-1] + ("x" if value[-1:] != "x" else "y")
