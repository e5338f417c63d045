"""Every column of every table of the record, and another value for each."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from django.apps import apps
from django.db import models

from articles.record.delivery.rows import columns
from articles.record.models import (
    ArticleState,
    Counter,
    Document,
    Edition,
    Event,
    FeedState,
    SignOff,
    TreeHead,
    TreeTile,
)

APPEND_ONLY = (Document, SignOff, Edition, Event)
COLUMNS = [(model, field.attname) for model in APPEND_ONLY for field in model._meta.concrete_fields]
NAMES = [f"{model._meta.db_table}.{name}" for model, name in COLUMNS]
LOG = (TreeTile, TreeHead)  # kept by its own hand, and tried in test_log.py
SIGNED = (ArticleState, FeedState)  # by the worker, and tried in tests/api/test_states.py
REST = (*APPEND_ONLY, *LOG, *SIGNED, Counter)
DERIVED = [model for model in apps.get_app_config("record").get_models() if model not in REST]
DERIVED_COLUMNS = [(model, field.attname) for model in DERIVED for field in columns(model)]
DERIVED_NAMES = [f"{model._meta.db_table}.{name}" for model, name in DERIVED_COLUMNS]


def other_value(row: models.Model, name: str):
    """As little changed as the column's kind allows."""
    field, value = row._meta.get_field(name), getattr(row, name)
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return value + timedelta(microseconds=1) if value else datetime(2030, 1, 1, tzinfo=UTC)
    if isinstance(field, models.DateField):
        return value + timedelta(days=1) if value else date(2030, 1, 1)
    if isinstance(field, models.UUIDField):
        return uuid4()
    if isinstance(field, models.JSONField):
        return [*value, 1] if isinstance(value, list) else {**(value or {}), "tampered": True}
    if isinstance(field, models.BinaryField):
        return bytes(value) + b" "
    if isinstance(field, models.IntegerField):
        return (value or 0) + 1_000
    return value[:-1] + ("x" if value[-1:] != "x" else "y")
