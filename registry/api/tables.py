"""Tables of the Data Package as rows of the API: what has no listing of its own, in the words of the package.

A table that is added to the package is read here too, by its ends and its choices, and is embedded in the
records that its rows lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from registry.exchange.columns import Column, Field, Listing
from registry.exchange.package.fields import TableField
from registry.exchange.package.rows import ends_of, is_aside, public_rows
from registry.exchange.package.tables import Table, tables
from registry.filters.base import Columns, Parameter, RegistryFilterSet, subtree
from registry.filters.fields import (
    ChoicesField,
    CitiesField,
    CountriesField,
    DatasetsField,
    IssuesField,
    NetworksField,
    OfficesField,
    OrganisationsField,
    PoliciesField,
)
from registry.models import (
    City,
    CityOffice,
    Country,
    Dataset,
    DatasetFile,
    Issue,
    JointPolicy,
    Network,
    Organisation,
    Source,
)
from registry.models.base import leads_to_public
from registry.views.listings import RegistryListView

# By what kind of record rows can be asked for.
ENDS: dict[Any, tuple[Any, Any]] = {
    City: (CitiesField, _("City")),
    CityOffice: (OfficesField, _("Office")),
    Country: (CountriesField, _("Country")),
    Dataset: (DatasetsField, _("Research table")),
    Issue: (IssuesField, _("Issue")),
    JointPolicy: (PoliciesField, _("Joint policy")),
    Network: (NetworksField, _("Network")),
    Organisation: (OrganisationsField, _("Organisation")),
}
# Links of two records have the others in a field of their rows; a source is told with what it supports, and
# a file is bytes, to be had from the page of its table.
ELSEWHERE = (Source, DatasetFile)


class OnIssue(Parameter):
    """Rows on one of the issues or of those below them."""

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(**{f"{self.column}__in": subtree(value)}) if value else qs


class TableFilterSet(RegistryFilterSet):
    """The parameters of a table: the records at the ends of its rows, and its choices."""

    q = None  # type: ignore[assignment]
    dated_news = False


class TableRows(RegistryListView):
    """The public rows of a table, in the order in which they were recorded."""

    table: Table
    filterset_class: Any

    def read(self, keys: list[Any], filterset: Any, columns: list[Column]) -> list[Any]:
        """The rows of these keys; an end that is not public is left out, where a row can do without."""
        aside = [end for end in ends_of(self.table.model) if is_aside(end)]
        told = {f"{end.name}_is_public": _is_public(end) for end in aside}
        related = {one.path.rpartition(".")[0].replace(".", "__") for one in _fields(self.table)} - {""}
        rows = self.queryset.filter(pk__in=keys).annotate(**told).select_related(*related).in_bulk()
        for row in rows.values():
            for end in aside:
                if not getattr(row, f"{end.name}_is_public"):
                    setattr(row, end.name, None)
        return [rows[key] for key in keys if key in rows]


def _is_public(end: Any) -> Case:
    is_public = leads_to_public(end.name, end.related_model)
    return Case(When(is_public, then=Value(True)), default=Value(False), output_field=BooleanField())


def read_as_tables(listed: set[str]) -> list[Table]:
    """The public tables that are no listings and no links that a listing has in a field."""
    found = (one for one in tables(everything=False) if one.name not in listed)
    return [one for one in found if one.model not in ELSEWHERE and not one.model._meta.auto_created]


def rows_of(table: Table) -> type[TableRows]:
    """The view that gives the rows of a table."""
    about = {
        "table": table,
        "queryset": public_rows(table.model, some=True).order_by("pk"),
        "filterset_class": type("Filters", (TableFilterSet,), dict(_parameters(table))),
    }
    return type("Rows", (TableRows,), about)


def _parameters(table: Table) -> Iterator[tuple[str, Any]]:
    yield "columns", Columns(_listing(table))
    for one in table.fields(everything=False):
        column = one.lookup.rpartition("__")[0]
        if column and one.end.model in ENDS:
            kind, label = ENDS[one.end.model]
            yield (
                column.rpartition("__")[2],
                (OnIssue if one.end.model is Issue else Parameter)(kind, column, label=label),
            )
        elif one.field.choices and not one.target:
            label = str(one.field.verbose_name).capitalize()
            yield one.name, Parameter(ChoicesField, one.lookup, label=label, choices=one.field.flatchoices)


def _listing(table: Table) -> Listing:
    columns = (Column(one.name, one.name, "text", (one,)) for one in _fields(table))
    return Listing(table.name, table.title, table.about, "", tuple(columns))


def _fields(table: Table) -> Iterator[Field]:
    """Its columns; with the identifier of another record its name, with that of a source all of it."""
    for one in table.fields(everything=False):
        path = one.lookup.replace("__", ".")
        yield Field(one.name, one.about, path, one.type)
        to_end = path.rpartition(".")[0]
        if not to_end:
            continue
        if one.end.model is Source:
            yield from (_of_end(field, one.field.name) for field in _source_fields())
        elif one.name.endswith("_id") and _has_name(one):
            name = f"{one.name.removesuffix('_id')}_name"
            yield Field(name, one.about.partition(":")[0] + ": its name.", f"{to_end}.name")


def _of_end(field: TableField, end: str) -> Field:
    return Field(f"{end}_{field.name}", field.about, f"{end}.{field.lookup}", field.type)


def _source_fields() -> list[TableField]:
    (table,) = (one for one in tables(everything=False) if one.model is Source)
    return [one for one in table.fields(everything=False) if one.name != "id"]


def _has_name(one: TableField) -> bool:
    """Whether the field names a record that has a name, by a key of its own."""
    names = {field.name for field in one.end.model._meta.concrete_fields}
    return "name" in names and one.lookup.endswith(f"__{one.end.name}")
