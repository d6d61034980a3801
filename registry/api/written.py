"""What can be written: the fields and rows of the forms of the staff site, under the names of files.

Nothing is listed here: a record that has a form and goes through review can be written, as can a source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models

from registry.api.resources import RESOURCES
from registry.choices import Publication
from registry.exchange.package.fields import TableField, fields_of
from registry.exchange.package.tables import keys, tables
from registry.models import Dataset, Source
from registry.models.base import UNPUBLISHED, PublicRecord

STATES = tuple(str(one) for one in UNPUBLISHED)


@dataclass(frozen=True)
class Entry:
    """One member of a body. `form` is the field of the form that takes it.

    `target` has the model and the field by which other records are named, `many` says that there may be
    several. `lookup` leads from a record to the value; empty where it is only written.
    """

    name: str
    form: str
    type: str = "string"
    about: str = ""
    many: bool = False
    target: tuple[Any, str] | None = None
    lookup: str = ""
    choices: tuple[str, ...] = ()
    longest: int | None = None
    required: bool = False


@dataclass(frozen=True)
class RowsOf:
    """A table of rows on the form, by the name of the relation.

    Those that are the record's `own` have no address: they are read and written with it, all at once. Others
    are records themselves, which may be given with a new record.
    """

    name: str
    model: Any
    entries: tuple[Entry, ...]
    own: bool


@dataclass(frozen=True)
class Written:
    """Records of one kind that can be written."""

    name: str
    model: Any

    @property
    def admin(self) -> Any:
        """What the staff site does with them."""
        return admin.site.get_model_admin(self.model)

    @property
    def is_reviewed(self) -> bool:
        """Whether they are drafts first."""
        return issubclass(self.model, PublicRecord)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The members of a body that are fields of the record."""
        fieldsets = self.admin.fieldsets or [(None, {"fields": self.admin.fields})]
        names = flatten_fieldsets(fieldsets)
        return tuple(_entries(self.model, names, self.admin.form))

    @cached_property
    def rows(self) -> tuple[RowsOf, ...]:
        """The members that are lists of rows."""
        found = (_rows(self.model, inline) for inline in self.admin.inlines)
        return tuple(one for one in found if one.entries)

    @property
    def own_rows(self) -> tuple[RowsOf, ...]:
        """Those that are read with the record."""
        return tuple(one for one in self.rows if one.own)

    @property
    def narrowing(self) -> dict[str, Entry]:
        """By which other records the drafts can be narrowed."""
        return {one.name: one for one in self.entries if one.target and not one.many}


@cache
def written() -> dict[str, Written]:
    """All that can be written, by the names of the listings and the tables of the Data Package.

    A research table comes with its file and its mapping, in the admin or by `import_dataset`.
    """
    found = (Written(one.name, one.model) for one in tables(everything=False) if one.model is not Dataset)
    return {one.name: one for one in found if one.is_reviewed or one.model is Source}


def _rows(parent: Any, inline: Any) -> RowsOf:
    relation = next(
        one
        for one in parent._meta.related_objects
        if one.related_model is inline.model and inline.fk_name in (None, one.field.name)
    )
    names = [name for name in inline.fields if name not in inline.readonly_fields]
    entries = tuple(_entries(inline.model, names, inline.form))
    own = not issubclass(inline.model, PublicRecord)
    return RowsOf(relation.get_accessor_name(), inline.model, entries, own)


def _entries(model: Any, names: list[str], form: Any) -> Iterator[Entry]:
    columns = {one.field.name: one for one in fields_of(model, keys())}
    links = {one.name: one for one in model._meta.many_to_many}
    listing = next((one.name for one in tables(everything=False) if one.model is model), "")
    listed = RESOURCES[listing].fields.values() if listing in RESOURCES else ()
    words = {one.path: one.name for one in listed if one.many}
    for name in names:
        if name in columns:
            yield _column(columns[name], name, form)
        elif name in links:
            yield _links(links[name], words.get(f"{name}.pid", f"{name}_ids"))
        else:
            yield _other(name, form.declared_fields[name])


def _column(column: TableField, name: str, form: Any) -> Entry:
    field = column.field
    # A source is chosen or typed: the form asks for one of the two.
    typed = name == "source" and "reference" in form.declared_fields
    optional = field.blank or field.null or field.has_default() or typed
    return Entry(
        column.name,
        name,
        column.type,
        column.about,
        target=column.target,
        lookup=column.lookup,
        choices=STATES if name == "publication" else tuple(column.choices),
        longest=column.longest,
        required=not optional and column.type != "boolean",
    )


def _links(field: Any, word: str) -> Entry:
    about = f"{str(field.verbose_name).capitalize()}: their permanent identifiers."
    target = (field.related_model, "pid")
    return Entry(word, field.name, "string", about, True, target, field.name, required=not field.blank)


def _other(name: str, field: forms.Field) -> Entry:
    kind = "boolean" if isinstance(field, forms.BooleanField) else "string"
    if name == "reference":
        about = "A source that supports it: an address or a reference in words. One known already is used."
    else:
        about = f"{field.label}. {field.help_text}"
    return Entry(name, name, kind, about, longest=getattr(field, "max_length", None))


def state_of(record: models.Model) -> str:
    """How far a record is; empty where its kind is not reviewed."""
    return str(getattr(record, "publication", ""))


def is_published(record: models.Model) -> bool:
    """Whether it is on the public site."""
    return state_of(record) == Publication.PUBLISHED
