"""Which rows of a table a package has, and what it says of each: questions to the database."""

from __future__ import annotations

from typing import Any

from django.db import connection, models
from django.db.models import Case, Exists, Expression, F, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Collate, NullIf
from psycopg import ClientCursor

from registry.exchange.package.fields import TableField
from registry.exchange.package.tables import OF_DATASETS, Table
from registry.models import Citation, Dataset, Source
from registry.models.base import PublicRecord, leads_to_public

# Text that no setting of a connection changes.
AS_TEXT = ("boolean", "date", "object", "array")


class Base64(Func):
    """Bytes in the letters of RFC 4648, in one line."""

    template = "replace(encode(%(expressions)s, 'base64'), chr(10), '')"
    output_field = models.TextField()


class Moment(Func):
    """A moment in UTC, in the form of ISO 8601, to the microsecond that the database keeps."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    output_field = models.TextField()


def rows_of(table: Table, everything: bool) -> QuerySet:
    """The rows of a table in the order of their keys, each as the values of its columns."""
    rows = table.model._base_manager.all() if everything else public_rows(table.model)
    values = [_value(one, everything) for one in table.fields(everything)]
    return rows.order_by(*map(_order, table.key_fields())).values_list(*values)


def public_rows(model: Any, *, some: bool = False) -> QuerySet:
    """What the public may see of a table: rows that are published, and all of whose ends are.

    `some`: for a question of few of the rows. To plan the joins of a citation with all that it may support
    takes a second, which is well spent for all rows alone.
    """
    if issubclass(model, PublicRecord):
        return model.objects.public()
    if model is Source:
        cited = public_rows(Citation).order_by().values("source")
        of_tables = Dataset.objects.public().order_by().values("source")
        return Source.objects.filter(pk__in=cited.union(of_tables))
    if model in OF_DATASETS:
        return model.objects.public()
    is_public = _end_is_found if some else _end_is_public
    return model._base_manager.filter(*(is_public(end) for end in ends_of(model) if not is_aside(end)))


def is_aside(end: Any) -> bool:
    """Whether a row stays what it is without the record at the end: the model lets go of it."""
    return end.remote_field.on_delete is models.SET_NULL


def sql_of(rows: QuerySet) -> str:
    """The question in SQL, its parameters in it, as COPY needs it."""
    sql, params = rows.query.get_compiler(connection=connection).as_sql()
    return ClientCursor(connection.connection).mogrify(sql, params)


def ends_of(model: Any) -> list[Any]:
    """The foreign keys of a model that lead to records which may be drafts."""
    ends = [one for one in model._meta.concrete_fields if one.remote_field]
    return [one for one in ends if issubclass(one.related_model, PublicRecord)]


def _end_is_public(end: Any) -> Q:
    public = leads_to_public(end.name, end.related_model)
    return Q(**{f"{end.name}__isnull": True}) | public if end.null else public


def _end_is_found(end: Any) -> Q:
    found = Q(Exists(end.related_model.objects.public().filter(pk=OuterRef(end.name))))
    return Q(**{f"{end.name}__isnull": True}) | found if end.null else found


def _value(one: TableField, everything: bool) -> Expression | F:
    value: Any = F(one.lookup)
    if not everything and one.field in ends_of(one.field.model) and is_aside(one.field):
        value = Case(When(leads_to_public(one.field.name, one.field.related_model), then=value))
    if one.type == "datetime":
        return Moment(value)
    if one.type == "binary":
        return Base64(value)
    if one.type in AS_TEXT:
        return Cast(value, models.TextField())
    # Blank is blank: a file cannot tell an empty text from none.
    return (
        NullIf(value, Value(""), output_field=models.TextField())
        if one.type == "string" and not one.is_uuid
        else value
    )


def _order(one: TableField) -> Any:
    if one.type in ("string", "partial-date") and not one.is_uuid:
        # The same order whatever the language of the server.
        return Collate(F(one.lookup), "C")
    return F(one.lookup)
