"""Fields of the tables of a Data Package, taken from the models: nothing of a column is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db import models

from registry.exchange.columns import Field
from registry.models.dates import PartialDateField

TYPES: tuple[tuple[type[models.Field], str], ...] = (
    (PartialDateField, "partial-date"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.BooleanField, "boolean"),
    (models.FloatField, "number"),
    (models.IntegerField, "integer"),
    (models.JSONField, "object"),
    (models.BinaryField, "binary"),
)
# What only staff know of a record; the public package says none of it. A mapping may name networks that are
# drafts.
STAFF_FIELDS = ("publication", "note", "mapping")
PERMANENT = "The permanent identifier. It never changes and is never given to another row."
KEY = "The number by which history, proposals and lists name the row in its own database."
# Where the ends of a many-to-many table bear the name of a model instead of the glossary's word.
WORDS = {
    "cityoffice": "office",
    "from_policyexperiment": "experiment",
    "jointpolicy": "policy",
    "listimport": "list",
    "listing": "list",
    "policyexperiment": "experiment",
    "policyparty": "party",
    "to_policyexperiment": "replication",
}


@dataclass(frozen=True)
class TableField(Field):
    """One column of a table of the package.

    `field` is the model's field that it holds, or the foreign key of which it holds the key of the row
    named, which `target` names by the model and the field of the key; where this leads on to a further row,
    `inner` is the column in which that one is named. `lookup` leads to the value from a
    row. `staff`: not in the public package. `recorded`: of a table of history, which holds what was.
    """

    field: Any = None
    target: tuple[Any, str] | None = None
    inner: TableField | None = None
    lookup: str = ""
    staff: bool = False
    recorded: bool = False

    @property
    def required(self) -> bool:
        """Whether no row is without it."""
        return not self.field.null and (self.type != "string" or not (self.field.blank or self.recorded))

    @property
    def longest(self) -> int | None:
        """The most characters it may have."""
        plain = self.type == "string" and not self.is_uuid and not self.recorded
        return getattr(self.end, "max_length", None) if plain else None

    @property
    def end(self) -> Any:
        """The model's field whose values it holds: its own, or the key that it names another row by."""
        if self.inner:
            return self.inner.end
        if self.target:
            return self.target[0]._meta.get_field(self.target[1])
        return self.field.target_field if self.field.remote_field else self.field

    @property
    def is_uuid(self) -> bool:
        """Whether its values are permanent identifiers or the like."""
        return isinstance(self.end, models.UUIDField)

    @property
    def choices(self) -> list[str]:
        """The values it may have; empty where these are not listed."""
        return [] if self.recorded else [value for value, _ in self.field.flatchoices if value]


def fields_of(model: Any, key: dict[Any, tuple[str, ...]]) -> Iterator[TableField]:
    """The fields of a table; `key` has the names of the fields that name a row of each model."""
    for one in model._meta.concrete_fields:
        if one.generated:
            continue
        if one.remote_field:
            yield from _end(one, key)
        elif one.primary_key and isinstance(one, models.AutoField):
            yield TableField("key", KEY, "", "integer", field=one, lookup="pk", staff=True)
        elif one.name == "pid":
            yield TableField("id", PERMANENT, field=one, lookup="pid")
        else:
            yield _plain(one)


def recorded_fields(event: Any) -> Iterator[TableField]:
    """The fields of a table of history, as they were recorded: records are named by their keys."""
    for one in event._meta.concrete_fields:
        end = one.target_field if one.remote_field else one
        about = f"{one.verbose_name}, as recorded"
        yield TableField(
            one.attname, about, type=type_of(end), field=one, lookup=one.attname, staff=True, recorded=True
        )


def type_of(field: Any) -> str:
    """The type of the Frictionless table schema, or `partial-date`."""
    if isinstance(field, models.JSONField) and field.default is list:
        return "array"
    return next((name for kind, name in TYPES if isinstance(field, kind)), "string")


def _plain(field: Any) -> TableField:
    about = str(field.help_text or f"{field.verbose_name[:1].upper()}{field.verbose_name[1:]}.")
    staff = field.name in STAFF_FIELDS
    return TableField(field.name, about, type=type_of(field), field=field, lookup=field.name, staff=staff)


def _end(field: Any, key: dict[Any, tuple[str, ...]]) -> Iterator[TableField]:
    """The key of another row: of an account its name, of a row without a key of its own the parts of it."""
    model = field.related_model
    name = WORDS.get(field.name, field.name)
    words = str(field.verbose_name)
    if issubclass(model, User):
        end = (User, "username")
        lookup = f"{field.name}__username"
        yield TableField(name, f"The account: {words}.", field=field, target=end, lookup=lookup, staff=True)
        return
    for part in key[model]:
        end_field = model._meta.get_field(part)
        if end_field.remote_field and not _is_natural(end_field, key):
            yield from _further(field, name, end_field, key)
            continue
        suffix = "id" if len(key[model]) == 1 else end_field.attname
        yield TableField(
            f"{name}_{suffix}",
            f"{words[:1].upper()}{words[1:]}: its {'code' if part != 'pid' else 'permanent identifier'}.",
            type=type_of(end_field),
            field=field,
            target=(model, part),
            lookup=f"{field.name}__{end_field.attname}",
        )


def _is_natural(field: Any, key: dict[Any, tuple[str, ...]]) -> bool:
    """Whether the row at its end is named by what the foreign key holds."""
    return key[field.related_model] == (field.target_field.name,)


def _further(field: Any, name: str, part: Any, key: dict[Any, tuple[str, ...]]) -> Iterator[TableField]:
    """The key of the row by which, among others, the row at the end of `field` is named."""
    for inner in _end(part, key):
        yield replace(
            inner,
            name=f"{name}_{inner.name}",
            field=field,
            target=(field.related_model, part.name),
            inner=inner,
            lookup=f"{field.name}__{inner.lookup}",
        )
