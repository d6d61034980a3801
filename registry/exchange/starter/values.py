"""Cells to field values, with errors that name file, row and column."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Field, Model

from registry.exchange.starter.files import Row

YES_NO = {"yes": True, "no": False}


def field_values(model: type[Model], row: Row, columns: tuple[str, ...]) -> dict[str, Any]:
    """The cells of these columns as values of the model's fields of the same name."""
    fields = {field.name: field for field in model._meta.fields}
    return {column: _value(fields[column], row, column) for column in columns}


def _value(field: Field, row: Row, column: str) -> Any:
    raw = row[column]
    if isinstance(field, BooleanField):
        if raw not in YES_NO:
            raise row.error(column, f"“{raw}” is neither yes nor no.")
        return YES_NO[raw]
    try:
        return field.clean(raw if raw else _empty(field), None)
    except ValidationError as error:
        raise row.error(column, " ".join(error.messages)) from None


def _empty(field: Field) -> Any:
    if field.null:
        return None
    return field.get_default() if field.has_default() else ""
