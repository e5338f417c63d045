"""The derived tables as they lie in the database: compared with what was projected, and written.

Columns are compared as the database keeps them, without the models' conversions: what is no value of its column's
kind (text where bytes belong, broken JSON, a date that is none) differs, and raises nothing.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import AutoField, BinaryField, Field, JSONField, Model, UniqueConstraint

from articles.record.models import (
    ComponentPublication,
    Facet,
    KeyCard,
    KeyRevocation,
    Link,
    OldAddress,
    Path,
    Publication,
    Rendition,
    SearchText,
    TopicEntry,
)

# Table -> the column that says whose row it is. Topics, pictures, old addresses and keys belong to all together.
OWNED: dict[type[Model], str] = {
    Publication: "article",
    ComponentPublication: "component",
    Path: "article",
    Facet: "article",
    SearchText: "article",
    Link: "article",
}
SHARED: tuple[type[Model], ...] = (TopicEntry, OldAddress, Rendition, KeyCard, KeyRevocation)
TABLES = (*OWNED, *SHARED)
ROW = {"sqlite": "rowid", "postgresql": "ctid"}  # identifies a row regardless of its columns
BATCH = 200
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Stored:
    """A row as it lies there: `row` names it to the database, `cells` are its columns."""

    row: Any
    cells: dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """`wanted` is None for a surplus row, `stored` for a missing one; `columns` are those that differ if both exist."""

    model: type[Model]
    wanted: Model | None
    stored: Stored | None
    columns: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """For people: `facet 0f8c… topic hair-and-scalp`."""
        found = key_of(self.wanted) if self.wanted else [self.stored.cells[name] for name in key_columns(self.model)]  # type: ignore[union-attr]
        return " ".join([str(self.model._meta.verbose_name), *(_shown(value) for value in found)])


def columns(model: type[Model]) -> list[Any]:
    """All columns except a running number."""
    return [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]


def key_columns(model: type[Model]) -> list[str]:
    """The columns by which a row is the same row: the primary key, or the table's unique columns."""
    pk = model._meta.pk
    if not isinstance(pk, AutoField):
        return [pk.attname]
    (unique,) = (rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint))
    return list(unique.fields)


def key_of(row: Model) -> Key:
    return tuple(prepared(row._meta.get_field(name), getattr(row, name)) for name in key_columns(type(row)))


def compare(model: type[Model], wanted: Iterable[Model], stored: Iterable[Stored]) -> Iterator[Difference]:
    """What is to be done to the stored rows so that they are the wanted ones."""
    missing, names = {key_of(row): row for row in wanted}, key_columns(model)
    for found in stored:
        row = missing.pop(tuple(found.cells[name] for name in names), None)
        if row is None:
            yield Difference(model, None, found)
        elif differing := tuple(_differing(row, found)):
            yield Difference(model, row, found, differing)
    yield from (Difference(model, row, None) for row in missing.values())


def read(model: type[Model], among: dict[str, Collection[Any]] | None = None) -> Iterator[Stored]:
    """The rows whose columns have one of these values; all without `among`."""
    fields = columns(model)
    where, values = [], []
    for name, wanted in (among or {}).items():
        found = [prepared(model._meta.get_field(name), value) for value in wanted]
        if not found:
            return
        where.append(f"{connection.ops.quote_name(name)} IN ({', '.join(['%s'] * len(found))})")
        values += found
    # The sign keeps SQLite's driver from reading a column by its declared type.
    sign = "+" if connection.vendor == "sqlite" else ""
    listed = ", ".join(sign + connection.ops.quote_name(field.column) for field in fields)
    sql = f"SELECT {ROW[connection.vendor]}, {listed} FROM {model._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE {' AND '.join(where)}" if where else sql, values)
        while batch := cursor.fetchmany(BATCH):
            for row, *cells in batch:
                yield Stored(row, {field.attname: _cell(cell) for field, cell in zip(fields, cells, strict=True)})


def strays(model: type[Model], owners: Collection[UUID]) -> list[Stored]:
    """Rows that belong to none of these owners."""
    owner: Any = model._meta.get_field(OWNED[model])
    known = {prepared(owner, key) for key in owners}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT {connection.ops.quote_name(owner.column)} FROM {model._meta.db_table}")
        if {_cell(value) for (value,) in cursor.fetchall()} <= known:
            return []
    return [row for row in read(model) if row.cells[owner.attname] not in known]


def write(differences: Iterable[Difference]) -> None:
    """Make the stored rows the wanted ones: at most two queries for each table."""
    by_model: dict[type[Model], list[Difference]] = {}
    for difference in differences:
        by_model.setdefault(difference.model, []).append(difference)
    for model, found in by_model.items():
        delete(model, [item.stored for item in found if item.stored and not item.wanted])
        wanted, keys = [item.wanted for item in found if item.wanted], key_columns(model)
        rest = [field.attname for field in columns(model) if field.attname not in keys]
        if rest:
            model._default_manager.bulk_create(wanted, update_conflicts=True, unique_fields=keys, update_fields=rest)
        else:
            model._default_manager.bulk_create(wanted, ignore_conflicts=True)


def delete(model: type[Model], rows: Collection[Stored]) -> None:
    if rows:
        cast = "::tid" if connection.vendor == "postgresql" else ""
        places = ", ".join([f"%s{cast}"] * len(rows))
        with connection.cursor() as cursor:
            sql = f"DELETE FROM {model._meta.db_table} WHERE {ROW[connection.vendor]} IN ({places})"
            cursor.execute(sql, [row.row for row in rows])


def prepared(field: Any, value: Any) -> Any:
    """A value as the database gives it back."""
    return value if isinstance(field, BinaryField) else field.get_db_prep_save(value, connection)


def _differing(row: Model, stored: Stored) -> Iterator[str]:
    for field in columns(type(row)):
        if not _is_same(field, getattr(row, field.attname), stored.cells[field.attname]):
            yield field.attname


def _is_same(field: Field, wanted: Any, cell: Any) -> bool:
    if isinstance(field, JSONField):
        return _json(cell) == json.dumps(wanted, sort_keys=True)
    value = prepared(field, wanted)
    return (isinstance(value, str), isinstance(value, bytes)) == (isinstance(cell, str), isinstance(cell, bytes)) and (
        value == cell
    )


def _json(cell: Any) -> str | None:
    """A normal form for comparing JSON values; None for invalid JSON. A column without a value holds null."""
    try:
        return json.dumps(None if cell is None else json.loads(cell), sort_keys=True)
    except (ValueError, TypeError, RecursionError):
        return None


def _cell(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _shown(value: Any) -> str:
    try:
        return str(UUID(value)) if isinstance(value, str) else str(value)
    except ValueError:
        return str(value)
